import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { importHar } from '../../src/import/index.ts'
import { FeedtapeError } from '../../src/model/errors.ts'
import { type Random, randomInteger } from '../../src/model/random.ts'
import { checkTape } from '../../src/tape/index.ts'
import type { FeedCorpus } from './fuzz-corpus.ts'
import { hostileJson, pick, woundedText } from './fuzz-hostile.ts'

/** A synthetic HAR with wounds, through the import; what becomes a tape has to be a whole one. */
export async function fuzzHar(
  random: Random,
  corpus: FeedCorpus,
  folder: string,
): Promise<string | undefined> {
  const text = hostileHar(random, corpus)
  const path = join(folder, 'fuzz.har')
  const output = join(folder, 'fuzz.tape.jsonl')
  await writeFile(path, text)
  try {
    const all = random.next() < 0.5
    const report = await importHar({ path, output, all, overwrite: true, random, version: '0.0.0' })
    const check = await checkTape(output)
    if (!check.isWhole) return `the imported tape is not whole: ${check.problems[0]?.what}`
    const { frames, exchanges } = report
    return frames.in + frames.out + exchanges <= check.entries
      ? undefined
      : 'the report counts more than the tape holds'
  } catch (thrown) {
    if (thrown instanceof FeedtapeError && thrown.code === 'bad-capture') return undefined
    throw thrown
  } finally {
    await rm(output, { force: true })
  }
}

const STARTS = [
  ...Array.from({ length: 40 }, () => '"2026-01-05T14:30:00.000Z"'),
  ...['"9999-12-31T23:59:59.999999Z"', '"0001-01-01T00:00:00Z"', '"1970-01-01T00:00:00+23:59"'],
]

function hostileHar(random: Random, { connections, feed, texts }: FeedCorpus): string {
  const v = (usual: string): string => (random.next() < 0.04 ? hostileJson(random, 3) : usual)
  const messages = Array.from({ length: randomInteger(random, 0, 4) }, (_, n) => {
    const opcode = pick(random, ['1', '1', '1', '2', '9', '8'])
    const data = opcode === '1' ? pick(random, texts) : pick(random, ['3q2+7w==', '', 'not base64'])
    const time = v(pick(random, [`1767623400.${n}`, `176762340${n}000`, '-1', '5']))
    return `{"type":${v(pick(random, ['"send"', '"receive"']))},"time":${time},"opcode":${v(opcode)},"data":${v(JSON.stringify(data))}}`
  })
  const entry = (url: string, more: string, content = '{"a":1}'): string =>
    `{"startedDateTime":${v(pick(random, STARTS))},"time":${v('250.5')},"request":{"method":${v('"GET"')},"url":${v(url)},"headers":${v('[{"name":"cookie","value":"sessionid=abcdefgh12345678"}]')},"bodySize":${v('0')}},"response":{"status":${v(pick(random, ['101', '200', '0', '403']))},"headers":${v('[]')},"content":${v(`{"size":4,"text":${JSON.stringify(content)}}`)}}${more}}`
  const entries = [
    entry(
      JSON.stringify(feed.transport === 'websocket' ? feed.url || 'wss://127.0.0.1/' : 'wss://example.com/'),
      `,"_webSocketMessages":${v(`[${messages.join(',')}]`)}`,
    ),
    entry('"https://www.tradingview.com/"', ''),
    ...exchangesIn(pick(random, connections)).map(({ url, body }) => entry(JSON.stringify(url), '', body)),
    entry('"https://example.com/?token=abcdefgh12345678"', ''),
  ]
  const har = `{"log":{"version":"1.2","creator":${v('{"name":"WebInspector","version":"537.36"}')},"entries":${v(`[${entries.join(',')}]`)}}}`
  return random.next() < 0.15 ? woundedText(random, har, har) : har
}

/** Each request's address with the body that answers it. */
function exchangesIn(
  messages: FeedCorpus['connections'][number],
): readonly { readonly url: string; readonly body: string }[] {
  return messages.flatMap(message => {
    if (message.kind !== 'request') return []
    const answer = messages.find(one => one.kind === 'response' && one.exchange === message.exchange)
    return [{ url: message.url, body: answer !== undefined && 'text' in answer ? answer.text : '' }]
  })
}

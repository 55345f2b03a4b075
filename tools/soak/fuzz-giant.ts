import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32, createGzip } from 'node:zlib'
import { SOCKET_FEEDS } from '../../src/feeds/index.ts'
import { importHar } from '../../src/import/index.ts'
import { FeedtapeError } from '../../src/model/errors.ts'
import { seededRandom } from '../../src/model/random.ts'
import { Normalizer } from '../../src/normalize/index.ts'
import { checkTape, type Entry, streamSource, TapeReader, toLine } from '../../src/tape/index.ts'
import { sessionOptions } from './fuzz-actors.ts'
import { FEED_GIANTS } from './fuzz-feed-giants.ts'
import { nested } from './fuzz-hostile.ts'

const MIB = 1024 * 1024
const HEADER = toLine({
  kind: 'header',
  format: 'feedtape/1',
  id: '0'.repeat(32),
  start: '2026-03-02T15:00:00.000000Z',
  feeds: ['tradingview-socket'],
  generator: { name: 'feedtape fuzz', version: '1' },
  platform: 'any',
  clock: 'none',
  redaction: 'none',
  synthetic: true,
})
const OPEN = toLine({ kind: 'open', seq: 1, at: 0, conn: 1, feed: 'tradingview-socket', url: 'wss://x/' })

/** Input that is large, or becomes large. Each runs alone in a process, whose peak is measured. */
export const GIANTS: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  'a payload of 16 MiB': () => decodeAll(qsd(`"${'x'.repeat(16 * MIB)}"`)),
  'a payload of 16 MiB of brackets': () => decodeAll(nested(8 * MIB, '[')),
  'a price of 16 MiB of digits': () => decodeAll(qsd(`{"lp":${'9'.repeat(16 * MIB)}}`)),
  'fields 1,000,000 deep': () => decodeAll(qsd(`{"lp":1e999,"x":${nested(1_000_000, '{"a":')}}`)),
  'an error 1,000,000 deep': () => decodeAll(`{"m":"protocol_error","p":[${nested(1_000_000, '[')}]}`),
  'a message of 1,000,000 packets': () => decodeText('~m~4~m~~h~1'.repeat(1_000_000)),
  'a message of 5,000,000 marks': () => decodeText('~m~'.repeat(5_000_000)),
  'a line of 96 MiB, all escapes': () => readTape(HEADER + OPEN, frameLine('\\u0001', 16 * MIB), 1),
  'a line of 32 MiB of beginnings': () => readTape(HEADER, '{"kind":"'.repeat(1_024), (32 * MIB) / 9 / 1_024),
  'a line without an end': () => readTape(HEADER, 'x'.repeat(MIB), 600),
  '16 MiB of newlines': () => readTape(HEADER, '\n'.repeat(MIB), 16),
  'a header without an end': () => readTape('{"kind":"header",', 'x'.repeat(MIB), 600),
  'a gzip bomb of 2 GiB in one line': () => readTape(HEADER, 'x'.repeat(MIB), 2_048, true),
  'a gzip bomb of 512 MiB of lines': () =>
    readTape(HEADER, `${'y'.repeat(1_023)}\n`.repeat(1_024), 512, true),
  'a HAR 1,000,000 deep': folder => importText(folder, `{"log":{"entries":[${nested(1_000_000, '[')}]}}`),
  'a HAR with 16 MiB in one message': folder =>
    importText(folder, har(JSON.stringify('~m~'.repeat(5 * MIB)))),
  ...FEED_GIANTS,
}

function qsd(v: string): string {
  return `{"m":"qsd","p":["qs_a",{"n":"X:Y","s":"ok","v":${v}}]}`
}

function decodeAll(payload: string): Promise<void> {
  return decodeText(`~m~${payload.length}~m~${payload}`)
}

async function decodeText(text: string): Promise<void> {
  for (const feed of SOCKET_FEEDS) {
    const { name, secrets, session } = feed
    const normalizer = new Normalizer()
    const frame: Entry = { kind: 'frame', seq: 2, at: 0, conn: 1, dir: 'in', op: 'text', text }
    normalizer.apply({ kind: 'open', seq: 1, at: 0, conn: 1, feed: name, url: 'wss://x/' })
    normalizer.apply(frame)
    if (!normalizer.tally.addsUp()) throw new Error('the tally does not add up')
    secrets.find(frame)
    session.start(sessionOptions(seededRandom(1), feed)).received(text)
  }
}

function frameLine(unit: string, count: number): string {
  const body = `{"kind":"frame","seq":2,"at":0,"conn":1,"dir":"in","op":"text","text":"${unit.repeat(count)}"`
  return `${body},"crc":"${crc32(body).toString(16).padStart(8, '0')}"}\n`
}

/** A tape that comes as it is asked for: nothing of it is kept here. */
async function readTape(head: string, piece: string, count: number, isPacked = false): Promise<void> {
  const bytes = Buffer.from(piece)
  async function* plain(): AsyncGenerator<Buffer> {
    yield Buffer.from(head)
    for (let n = 0; n < count; n++) yield bytes
  }
  for (const read of [readThrough, checkThrough]) {
    const source = streamSource(isPacked ? packed(plain()) : plain())
    try {
      await read(source)
    } catch (thrown) {
      if (!(thrown instanceof FeedtapeError && thrown.code === 'not-a-tape')) throw thrown
    }
  }
}

async function readThrough(source: ReturnType<typeof streamSource>): Promise<void> {
  const normalizer = new Normalizer()
  for await (const entry of await TapeReader.from(source)) normalizer.apply(entry)
}

async function checkThrough(source: ReturnType<typeof streamSource>): Promise<void> {
  const { isWhole } = await checkTape(source)
  if (isWhole) throw new Error('called whole')
}

async function* packed(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gzip = createGzip({ level: 1, chunkSize: MIB })
  const feeding = (async () => {
    for await (const piece of pieces) {
      if (gzip.destroyed) return
      if (!gzip.write(piece)) await new Promise(resolve => gzip.once('drain', resolve).once('close', resolve))
    }
    gzip.end()
  })()
  yield* gzip
  await feeding
}

function har(data: string): string {
  const request = '{"method":"GET","url":"wss://data.tradingview.com/socket.io/websocket","headers":[]}'
  const message = `{"type":"receive","time":1767623400.5,"opcode":1,"data":${data}}`
  return `{"log":{"entries":[{"startedDateTime":"2026-01-05T14:30:00Z","request":${request},"response":{"status":101,"headers":[]},"_webSocketMessages":[${message}]}]}}`
}

async function importText(folder: string, text: string): Promise<void> {
  const path = join(folder, 'giant.har')
  const output = join(folder, 'giant.tape.jsonl')
  await writeFile(path, text)
  try {
    await importHar({ path, output, overwrite: true, random: seededRandom(1), version: '0.0.0' })
  } catch (thrown) {
    if (!(thrown instanceof FeedtapeError && thrown.code === 'bad-capture')) throw thrown
  } finally {
    await rm(path)
    await rm(output, { force: true })
  }
}

if (import.meta.main) {
  const [name = '', folder = '.'] = process.argv.slice(2)
  await GIANTS[name]?.(folder)
  console.log(JSON.stringify({ peakMb: Math.round(process.resourceUsage().maxRSS / 1024) }))
}

import { crc32, gzipSync } from 'node:zlib'
import { FeedtapeError } from '../../src/model/errors.ts'
import { type Random, randomInteger } from '../../src/model/random.ts'
import { Normalizer, observationLine } from '../../src/normalize/index.ts'
import { checkTape, type Entry, type ReaderOptions, streamSource, TapeReader } from '../../src/tape/index.ts'
import { type Settings, wrongWithPnl } from './fuzz-behind.ts'
import type { FeedCorpus } from './fuzz-corpus.ts'
import { hostileJson, pick, woundedBytes } from './fuzz-hostile.ts'

/** A golden tape with wounds, plain or packed, through reader, check, decoder and P&L. */
export async function fuzzTape(
  random: Random,
  { feed, settings, tapes }: FeedCorpus,
): Promise<string | undefined> {
  const whole = pick(random, tapes)
  const damaged =
    random.next() < 0.5 ? relined(random, whole) : woundedBytes(random, whole, pick(random, tapes))
  const draw = random.next()
  const packed = draw < 0.8 ? damaged : gzipSync(damaged, { level: 1 })
  const bytes = draw < 0.9 ? packed : woundedBytes(random, packed, packed)
  const options = { chunkBytes: randomInteger(random, 64, 4_096) }
  const taught: Settings = new Map(
    settings === undefined || random.next() < 0.5 ? [] : [[feed.name, settings]],
  )
  const read = await readTape(bytes, options, taught)
  const wrong = wrongWithOrder(read.entries)
  if (wrong !== undefined) return wrong
  if (draw < 0.9) {
    const before = await readTape(untouched(whole, damaged), options, taught)
    if (!isBeginning(before.entries.map(jsonOf), read.entries.map(jsonOf)))
      return 'entries before the damage are not read'
    if (!isBeginning(before.observations, read.observations))
      return 'observations before the damage are not the same'
  }
  if (!read.addsUp) return 'the tally does not add up'
  if (random.next() < 0.1) await checked(bytes)
  return random.next() < 0.2 ? wrongWithPnl(read.entries, taught) : undefined
}

/** One line that says something else, with a CRC that fits: what a hostile writer, not an accident, would write. */
function relined(random: Random, whole: Buffer): Buffer {
  const lines = whole.toString('utf8').split('\n').slice(0, -1)
  const at = randomInteger(random, 0, lines.length - 1)
  const body = (lines[at] ?? '').replace(/,"crc":"[0-9a-f]{8}"\}$/, '')
  const keys = [...body.matchAll(/"[a-z]+":/g)]
  const { index = 0, 0: key = '' } = pick(random, keys)
  const value = hostileJson(random, 2)
  const draw = random.next()
  const changed =
    draw < 0.5
      ? `${body.slice(0, index)}${key}${value}${/^[^,{]*,/.test(body.slice(index)) ? `,${body.slice(index).replace(/^[^,]*,/, '')}` : ''}`
      : draw < 0.75
        ? `${body},"__proto__":${value}`
        : body.replace(
            /"(seq|at|conn|count)":\d+/,
            (_, name) =>
              `"${name}":${pick(random, ['0', '1', '9007199254740991', '9007199254740993', '1e999', '-1', '1.5'])}`,
          )
  lines[at] = `${changed},"crc":"${crc32(changed).toString(16).padStart(8, '0')}"}`
  if (random.next() < 0.2) lines.splice(at, 0, lines[randomInteger(random, 0, lines.length - 1)] ?? '')
  return Buffer.from(`${lines.join('\n')}\n`)
}

async function readTape(bytes: Buffer, options: ReaderOptions, settings: Settings) {
  const entries: Entry[] = []
  const observations: string[] = []
  const normalizer = new Normalizer(
    {
      observation: (observation, entry, packet) =>
        observations.push(JSON.stringify(observationLine(observation, entry, packet, entry.at))),
    },
    { settings },
  )
  try {
    for await (const entry of await TapeReader.from(bytesSource(bytes), options)) {
      entries.push(entry)
      normalizer.apply(entry)
    }
  } catch (thrown) {
    refuseOthers(thrown)
  }
  return { entries, observations, addsUp: normalizer.tally.addsUp() }
}

async function checked(bytes: Buffer): Promise<void> {
  await checkTape(bytesSource(bytes), { chunkBytes: 4_096 }).catch(refuseOthers)
}

/** The API says: not-a-tape. Anything else is ours. */
function refuseOthers(thrown: unknown): void {
  if (!(thrown instanceof FeedtapeError && thrown.code === 'not-a-tape')) throw thrown
}

function bytesSource(bytes: Buffer) {
  return streamSource(
    (async function* () {
      if (bytes.length > 0) yield bytes
    })(),
  )
}

function wrongWithOrder(entries: readonly Entry[]): string | undefined {
  for (const [index, { seq, at }] of entries.entries()) {
    const before = entries[index - 1]
    if (before !== undefined && (seq <= before.seq || at < before.at)) return `entry ${seq} is out of order`
  }
  return undefined
}

/** The whole lines before the first byte that differs. */
function untouched(whole: Buffer, damaged: Buffer): Buffer {
  let at = 0
  while (at < whole.length && whole[at] === damaged[at]) at += 1
  return whole.subarray(0, whole.subarray(0, at).lastIndexOf(0x0a) + 1)
}

function isBeginning(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one, index) => one === all[index])
}

function jsonOf(entry: Entry): string {
  return JSON.stringify(entry)
}

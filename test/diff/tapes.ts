import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type DiffOptions, type DiffReport, diffTapes, readSideChoice } from '../../src/diff/index.ts'
import { exchangeDrafts, feedNamed } from '../../src/feeds/index.ts'
import { type Decimal, decimalFromText } from '../../src/model/decimal.ts'
import type { InstrumentFacts, QuoteUpdate } from '../../src/model/observation.ts'
import { QUOTE_FIELDS, type QuoteField, type QuoteFields } from '../../src/model/quote.ts'
import { randomInteger, seededRandom } from '../../src/model/random.ts'
import { isoFromEpochMicros } from '../../src/model/time.ts'
import { type EntryDraft, FORMAT, TapeReader, TapeWriter } from '../../src/tape/index.ts'

export const START = 1_772_463_600_000_000
const SECOND = 1_000_000

/** What a wire says at some second; decimals as text, times in seconds since the start. */
export interface Said {
  readonly at: number
  readonly name?: string
  readonly session?: string
  readonly conn?: number
  readonly fields: Readonly<Partial<Record<QuoteField, string | number | null>>>
}

export interface TapeOptions {
  readonly feed?: string
  /** In seconds behind START. */
  readonly begins?: number
  readonly ends?: number
  readonly facts?: Omit<InstrumentFacts, 'kind' | 'session' | 'name'>
  readonly id?: string
  /** Other entries, by second. */
  readonly events?: readonly EntryDraft[]
}

export const NAME = 'CME_MINI:NQ1!'

/** A synthetic tape of what is said, as this feed would write it; a test's end removes it. */
export async function tapeOf(said: readonly Said[], options: TapeOptions = {}): Promise<string> {
  const { begins = 0, feed = 'tradingview-socket', id = feed } = options
  const events = [...(options.events ?? [])]
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-diff-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, `${feed}.tape.jsonl`)
  const writer = await TapeWriter.create(path, {
    kind: 'header',
    format: FORMAT,
    id: createHash('sha256').update(id).digest('hex').slice(0, 32),
    start: isoFromEpochMicros(START + begins * SECOND),
    feeds: [feed],
    generator: { name: 'feedtape-test', version: '0' },
    platform: 'test',
    clock: 'none',
    redaction: 'none',
    synthetic: true,
  })
  const isSocket = feedNamed(feed)?.transport === 'websocket'
  for (const conn of isSocket ? new Set(said.map(one => one.conn ?? 1)) : []) {
    writer.append({
      kind: 'open',
      at: 0,
      conn,
      feed,
      url: feedNamed(feed)?.url || 'wss://venue.example/socket',
    })
  }
  let exchange = 0
  const first = new Set<string>()
  for (const one of said) {
    const isFirst = !first.has(one.name ?? NAME)
    first.add(one.name ?? NAME)
    exchange += 1
    for (const draft of draftsOf(one, feed, begins, exchange, isFirst ? options.facts : undefined)) {
      while (events.length > 0 && (events[0]?.at ?? 0) < draft.at) writer.append(events.shift() ?? draft)
      writer.append(draft)
    }
    if (exchange % 1_000 === 0) await writer.flush()
  }
  for (const event of events) writer.append(event)
  const last = said.at(-1)?.at ?? begins
  await writer.seal(micros(options.ends ?? last, begins))
  return path
}

function draftsOf(
  said: Said,
  feed: string,
  begins: number,
  exchange: number,
  facts: TapeOptions['facts'],
): readonly EntryDraft[] {
  const { conn = 1, name = NAME } = said
  const session = said.session ?? (feed === 'tradingview-socket' ? 'qs_1' : '')
  const at = micros(said.at, begins)
  const quote: QuoteUpdate = { kind: 'quote', session, name, fields: fieldsOf(said) }
  const about: InstrumentFacts[] =
    facts === undefined ? [] : [{ kind: 'instrument', session, name, ...facts }]
  const made = feedNamed(feed)
  if (made?.transport === 'http') {
    const message = made.encode.message([...about, quote])
    if (message === undefined) throw new Error(`${feed} cannot say ${JSON.stringify(said)}`)
    return exchangeDrafts(message, { feed, conn, exchange, at })
  }
  const text = made?.encode.message([...about, quote])
  if (text === undefined) throw new Error(`${feed} cannot say ${JSON.stringify(said)}`)
  return [{ kind: 'frame', at, conn, dir: 'in', op: 'text', text }]
}

function fieldsOf({ fields }: Said): QuoteFields {
  const entries = Object.entries(fields).map(([field, value]) => {
    const type = QUOTE_FIELDS[field as QuoteField].type
    if (type === 'decimal') return [field, typeof value === 'string' ? decimal(value) : value]
    return [field, type === 'time' && typeof value === 'number' ? START + value * SECOND : value]
  })
  return Object.fromEntries(entries)
}

export function decimal(text: string): Decimal {
  const value = decimalFromText(text)
  if (value === undefined) throw new Error(`no decimal: ${text}`)
  return value
}

function micros(seconds: number, begins: number): number {
  return Math.round((seconds - begins) * SECOND)
}

/** A quarter-tick price that wanders, one change a step; the same for the same seed. */
export function walk(
  steps: number,
  {
    every = 2,
    from = 0,
    seed = 1,
    price = 100_000,
  }: { every?: number; from?: number; seed?: number; price?: number } = {},
): readonly { readonly at: number; readonly ticks: number }[] {
  const random = seededRandom(seed)
  let ticks = price
  return Array.from({ length: steps }, (_, step) => {
    const move = randomInteger(random, 1, 5) * (random.next() < 0.5 ? -1 : 1)
    ticks += move
    return { at: from + step * every, ticks }
  })
}

/** 100000 ticks of a quarter are 25000. */
export const quarter = (ticks: number): string => String(ticks / 4)

export const last = (at: number, ticks: number, more: Said['fields'] = {}): Said => ({
  at,
  fields: { last: quarter(ticks), ...more },
})

export const QUARTER_TICK = { priceScale: decimal('100'), minMove: decimal('25') }

export async function report(
  a: string,
  b: string,
  options: Partial<Omit<DiffOptions, 'a' | 'b'>> = {},
): Promise<DiffReport> {
  const choice = (text: string) => readSideChoice(text, path => path === text.split('#')[0])
  const result = await diffTapes({
    open: path => TapeReader.open(path),
    config: new Map(),
    map: new Map(),
    tolerances: new Map(),
    ...options,
    a: choice(a),
    b: choice(b),
  })
  return result.report
}

/** Of the only pair. */
export async function pairOf(...args: Parameters<typeof report>) {
  const found = await report(...args)
  const [pair, second] = found.pairs
  if (pair === undefined || second !== undefined) throw new Error(`${found.pairs.length} pairs`)
  const field = (name: string) => {
    const one = pair.fields.find(({ field: own }) => own === name)
    if (one === undefined) throw new Error(`no ${name} among ${pair.fields.map(({ field: own }) => own)}`)
    return one
  }
  return { ...pair, verdict: found.verdict, field, kinds: pair.explanations.map(({ kind }) => kind) }
}

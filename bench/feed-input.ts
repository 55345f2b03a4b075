import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exchangeDrafts, type Feed } from '../src/feeds/index.ts'
import { decimalText } from '../src/model/decimal.ts'
import { type Observation, observationToJson } from '../src/model/observation.ts'
import { seededRandom } from '../src/model/random.ts'
import { createSyntheticMarket } from '../src/synth/index.ts'
import { type EntryDraft, FORMAT, TapeWriter } from '../src/tape/index.ts'
import { createSpeaker } from './feed-market.ts'
import { START_MICROS } from './tape.ts'

/** One feed's messages on a tape, with what they say, and as the floor wants them. */
export interface FeedInput {
  readonly feed: Feed
  readonly path: string
  /** Frames, requests and answers. */
  readonly messages: number
  readonly bytes: number
  /** The messages' lines. */
  readonly lines: readonly string[]
  /** [start, end, …] of the JSON in each message's text. */
  readonly cuts: readonly (readonly number[])[]
  /** What was encoded, as `observationToJson` shows it, in order. */
  readonly said: readonly string[]
  /** Last, bid and ask of each instrument behind all of it, by a plain map. */
  readonly quotes: readonly string[]
}

const SPACING = 1_000

export async function writeFeedInput(
  folder: string,
  feed: Feed,
  seed: number,
  messages: number,
): Promise<FeedInput> {
  const market = createSyntheticMarket({ seed, start: START_MICROS })
  const speaker = createSpeaker(feed, market, seededRandom(seed))
  const path = join(folder, `${feed.name}.tape.jsonl`)
  const writer = await TapeWriter.create(path, headerFor(feed))
  const said: string[] = []
  const quotes = new Map<string, Map<string, string>>()
  let count = 0
  let exchange = 0
  let silent = 0
  if (feed.transport === 'websocket')
    writer.append({ kind: 'open', at: 0, conn: 1, feed: feed.name, url: 'wss://127.0.0.1/' })
  while (count < messages) {
    const spoken = speaker.speak()
    if (spoken === undefined) {
      silent += 1
      if (silent > 1_000) throw new Error(`${feed.name} has hardly any words for this market`)
      continue
    }
    silent = 0
    exchange += 1
    for (const draft of draftsOf(feed, spoken.said, exchange, (count + 1) * SPACING)) {
      writer.append(draft)
      count += 1
    }
    for (const observation of spoken.observations) {
      said.push(shownObservation(observation))
      keep(quotes, observation)
    }
    if (exchange % 1_000 === 0) await writer.flush()
  }
  await writer.seal((count + 1) * SPACING)
  const text = await readFile(path, 'utf8')
  const lines = text.split('\n').filter(line => /^\{"kind":"(?:frame|request|response)"/.test(line))
  return {
    ...{ feed, path, said, lines },
    messages: lines.length,
    bytes: Buffer.byteLength(text),
    cuts: lines.map(cutsIn),
    quotes: [...quotes].map(([name, prices]) => quoteLine(name, group => prices.get(group))).sort(),
  }
}

function headerFor({ name }: Feed) {
  return {
    kind: 'header',
    format: FORMAT,
    id: '0'.repeat(32),
    start: '2026-09-21T14:00:00.000000Z',
    feeds: [name],
    generator: { name: 'feedtape-bench', version: '0' },
    platform: 'bench',
    clock: 'none',
    redaction: 'none',
    synthetic: true,
  } as const
}

function draftsOf(
  { name }: Feed,
  said: Parameters<typeof exchangeDrafts>[0] | string,
  exchange: number,
  at: number,
): readonly EntryDraft[] {
  if (typeof said === 'string') return [{ kind: 'frame', at, conn: 1, dir: 'in', op: 'text', text: said }]
  return exchangeDrafts(said, { feed: name, conn: 1, exchange, at })
}

export function shownObservation(observation: Observation): string {
  return JSON.stringify(sorted(observationToJson(observation)))
}

/** Keys in the alphabet's order, on every level. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(pairs.map(([key, one]) => [key, sorted(one)]))
}

const PRICES = ['last', 'bid', 'ask'] as const

function keep(quotes: Map<string, Map<string, string>>, observation: Observation): void {
  if (observation.kind !== 'quote') return
  const prices = quotes.get(observation.name) ?? new Map<string, string>()
  quotes.set(observation.name, prices)
  for (const price of PRICES) {
    const value = observation.fields[price]
    if (value) prices.set(price, decimalText(value))
  }
}

export function quoteLine(
  name: string,
  priceOf: (price: (typeof PRICES)[number]) => string | undefined,
): string {
  return [name, ...PRICES.map(price => priceOf(price) ?? 'none')].join(' ')
}

/** Where the JSON stands in a message's text: all of it, or the objects between a wire's framing. */
function cutsIn(line: string): readonly number[] {
  const { text = '' }: { readonly text?: string } = JSON.parse(line)
  if (text === '') return []
  if (isJson(text)) return [0, text.length]
  const cuts: number[] = []
  let depth = 0
  let isString = false
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charAt(at)
    if (isString && unit === '\\') at += 1
    else if (unit === '"') isString = depth > 0 && !isString
    else if (isString) continue
    else if (unit === '{' && depth++ === 0) cuts.push(at)
    else if (unit === '}' && --depth === 0) cuts.push(at + 1)
  }
  for (let cut = 0; cut < cuts.length; cut += 2) JSON.parse(text.slice(cuts[cut], cuts[cut + 1]))
  return cuts
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

import type { InstrumentFacts } from '../../model/observation.ts'
import type { QuoteField, QuoteFields } from '../../model/quote.ts'
import { type Random, randomAlphanumeric, randomInteger } from '../../model/random.ts'
import type { EpochMicros } from '../../model/time.ts'
import { objectJson, qsdPayload, type WireMember, writeFacts, writeQuote } from './write-quote.ts'

/** Payloads that our venue sends. All of it is synthetic; the shapes are those of the captures. */

/** As of December 2025 (tradingview.md 1.4); the values cannot be taken for a real server's. */
export function helloPayload(random: Random, now: EpochMicros): string {
  const millis = Math.floor(now / 1000)
  const node = `0.${randomInteger(random, 1, 30_000)}.${randomInteger(random, 1, 3_000)}`
  return JSON.stringify({
    session_id: `${node}_synthetic1-charts-free-1-tvbs-${randomAlphanumeric(random, 5).toLowerCase()}-1`,
    timestamp: Math.floor(millis / 1000),
    timestampMs: millis,
    release: 'release_208-91',
    studies_metadata_hash: '0'.repeat(40),
    auth_scheme_vsn: 2,
    protocol: 'json',
    via: '127.0.0.1:0',
    javastudies: ['3.66'],
  })
}

export function packet(m: string, p: readonly unknown[]): string {
  return JSON.stringify({ m, p })
}

/** Chart answers carry the server's time, quotes never do (tradingview.md 1.6). */
export function resolvedPayload(
  session: string,
  as: unknown,
  facts: InstrumentFacts | undefined,
  now: EpochMicros,
): string {
  const millis = Math.floor(now / 1000)
  const stamps = `"t":${Math.floor(millis / 1000)},"t_ms":${millis}`
  const ids = `${JSON.stringify(session)},${JSON.stringify(as ?? '')}`
  if (facts === undefined) return `{"m":"symbol_error","p":[${ids},"invalid symbol"],${stamps}}`
  const info = objectJson([...writeFacts(facts).members, ['full_name', JSON.stringify(facts.name)]])
  return `{"m":"symbol_resolved","p":[${ids},${info}],${stamps}}`
}

/** Which keys a session asked for; `undefined` is all of them (S01: a session without quote_set_fields). */
export type KeyFilter = ReadonlySet<string> | undefined

/** `metrics_loaded`, the book, the full quote with its facts: three packets, as in S01 message 28. */
export function snapshotPayloads(
  session: string,
  name: string,
  quote: QuoteFields,
  facts: InstrumentFacts | undefined,
  filter: KeyFilter,
): string[] {
  const { bid, bidSize, ask, askSize, ...rest } = quote
  const full = [...saidOf(rest), ...(facts === undefined ? [] : writeFacts(facts).members)]
  return [[METRICS], bookMembers(quote), full].flatMap(members => {
    return filteredPayload(session, name, members, filter)
  })
}

const METRICS: WireMember = ['metrics_loaded', 'false']
const BOOK: ReadonlySet<string> = new Set<QuoteField>(['bid', 'bidSize', 'ask', 'askSize'])

/** What a move brings: the whole book where any of it changed, and apart from it just what else changed. */
export function movePayloads(
  session: string,
  name: string,
  moved: QuoteFields,
  quote: QuoteFields,
  filter: KeyFilter,
): string[] {
  const { bid, bidSize, ask, askSize, ...rest } = moved
  const hasBook = Object.keys(moved).some(field => BOOK.has(field))
  return [hasBook ? bookMembers(quote) : [], saidOf(rest)].flatMap(members => {
    return filteredPayload(session, name, members, filter)
  })
}

/** The facts again, without any price: the real venue does so about once a minute (S01 message 66, S07). */
export function rebroadcastPayloads(
  session: string,
  name: string,
  facts: InstrumentFacts,
  filter: KeyFilter,
): string[] {
  return filteredPayload(session, name, writeFacts(facts).members, filter)
}

/** Always these five together, even where they are equal to before (tradingview.md 1.7). */
function bookMembers({ bid, bidSize, ask, askSize }: QuoteFields): WireMember[] {
  const book = { bid: bid ?? null, bidSize: bidSize ?? null, ask: ask ?? null, askSize: askSize ?? null }
  return [['trade_loaded', 'true'], ...saidOf(book)]
}

/** What this wire can say of a truth: times to the second, and no field that it has no key for. */
function saidOf(fields: QuoteFields): readonly WireMember[] {
  const { lastTime, openTime, extendedTime } = fields
  return writeQuote({
    ...fields,
    ...(lastTime === undefined ? {} : { lastTime: wholeSecond(lastTime) }),
    ...(openTime === undefined ? {} : { openTime: wholeSecond(openTime) }),
    ...(extendedTime === undefined ? {} : { extendedTime: wholeSecond(extendedTime) }),
  }).members
}

function wholeSecond(at: EpochMicros | null): EpochMicros | null {
  return at === null ? null : at - (at % 1_000_000)
}

function filteredPayload(
  session: string,
  name: string,
  members: readonly WireMember[],
  filter: KeyFilter,
): string[] {
  const wanted = filter === undefined ? members : members.filter(([key]) => filter.has(key))
  return wanted.length === 0 ? [] : [qsdPayload(session, name, wanted)]
}

import { type Equation, Identities, sourceTextOf } from '../instruments/index.ts'
import { decimalText } from '../model/decimal.ts'
import type { JsonObject, Observation } from '../model/observation.ts'
import { observationToJson } from '../model/observation.ts'
import { durationText, type EpochMicros, isoFromEpochMicros } from '../model/time.ts'
import type { InstrumentQuote, PriceGroup, WireRow } from '../normalize/index.ts'
import { contradictionLines, identityLines, rollLines } from './identities.ts'
import { plain, tableLines } from './table.ts'

/**
 * The merged quotes as a table; ages are those at `end`. Behind it, which other words were met for an instrument and
 * why, and where sources disagreed or changed their mind about that.
 */
export function quoteTable(
  quotes: readonly InstrumentQuote[],
  end: EpochMicros,
  identities = new Identities(),
): string[] {
  const remarks = [
    ...quotes.flatMap(({ name }) => identityLines(identities.identity(name))),
    ...rollLines(identities.rolls()),
    ...contradictionLines(identities.contradictions()),
  ]
  return [...table(quotes, end), ...(remarks.length === 0 ? [] : ['', ...remarks])]
}

function table(quotes: readonly InstrumentQuote[], end: EpochMicros): string[] {
  const rows = quotes.map(quote => [
    quote.name,
    priceText(quote, 'last'),
    ageText(quote, 'last', end),
    priceText(quote, 'bid'),
    ageText(quote, 'bid', end),
    priceText(quote, 'ask'),
    ageText(quote, 'ask', end),
    decimalOrDash(quote.fields.volume),
    modeText(quote),
    String(quote.updates),
    quote.late === 0 ? '' : String(quote.late),
  ])
  const head = ['instrument', 'last', 'age', 'bid', 'age', 'ask', 'age', 'volume', 'mode', 'updates', 'late']
  const right = 'right' as const
  const align = [
    'left' as const,
    right,
    right,
    right,
    right,
    right,
    right,
    right,
    'left' as const,
    right,
    right,
  ]
  return tableLines(rows, { head, align })
}

/** One merged quote for programs: its fields, and receipt and place of each price. */
export function quoteJson(quote: InstrumentQuote, identities = new Identities()): JsonObject {
  const { words } = identities.identity(quote.name)
  const { fields } = observationToJson({ kind: 'quote', session: '', name: '', fields: quote.fields })
  return {
    kind: 'quote',
    instrument: quote.name,
    ...(words.length === 0 ? {} : { words: words.map(wordJson) }),
    updates: quote.updates,
    late: quote.late,
    fields: fields ?? {},
    received: receivedJson(quote),
  }
}

function wordJson({ word, is, source }: Equation): JsonObject {
  return { word, is, ...sourceTextOf(source) }
}

/** The wire's own fields of one key, numbers as they were written. */
export function wireLine({ conn, session, name, fields }: WireRow): string {
  // The raw numbers are JSON.rawJSON objects, which only JSON.stringify knows how to write.
  return JSON.stringify({ conn, session, name, v: Object.fromEntries(fields) })
}

/** `04:10:48.719487  28.6  NSE:JUNIPER  bid 252.96  ask 253.47`: an update as a person reads it. */
export function updateLine(observation: Observation, seq: number, packet: number, at: EpochMicros): string {
  const time = isoFromEpochMicros(at).slice(11, 26)
  const json = observationToJson(observation)
  const { kind, name, session: _, fields, ...rest } = json
  const said = kind === 'quote' ? fields : rest
  const words = Object.entries(said ?? {}).map(([key, value]) => `${key} ${value === null ? 'none' : value}`)
  return `${time}  ${seq}.${packet}  ${kind === 'quote' ? '' : `${kind} `}${plain(`${name}  ${words.join('  ')}`, Number.POSITIVE_INFINITY)}`
}

function receivedJson(quote: InstrumentQuote): JsonObject {
  const received: Record<string, JsonObject> = {}
  for (const group of ['last', 'bid', 'ask'] as const) {
    const point = quote.group(group)
    if (point === undefined) continue
    received[group] = { at: isoFromEpochMicros(point.at), seq: point.seq, packet: point.packet }
  }
  return received
}

function priceText(quote: InstrumentQuote, group: PriceGroup): string {
  return decimalOrDash(quote.group(group)?.price)
}

function decimalOrDash(value: Parameters<typeof decimalText>[0] | null | undefined): string {
  return value === null || value === undefined ? '–' : decimalText(value)
}

function ageText(quote: InstrumentQuote, group: PriceGroup, end: EpochMicros): string {
  const point = quote.group(group)
  return point === undefined ? '' : durationText(Math.max(0, end - point.at))
}

function modeText({ fields }: InstrumentQuote): string {
  if (fields.delay !== undefined && fields.delay !== null && fields.delay > 0) {
    return `delayed ${fields.delay} s`
  }
  return fields.mode ?? ''
}

import type { InstrumentFacts } from '../../model/observation.ts'
import type { JsonRecord } from '../tradingview/json.ts'

export interface ReadRow {
  readonly facts?: InstrumentFacts
  /** Values of the wrong type: left out and named, while the rest is read. */
  readonly problems: readonly string[]
}

/** The wire's word, and ours. `contracts` of a futures row is not among them: nobody has shown one. */
export const TEXTS = [
  ['exchange', 'exchange'],
  ['type', 'type'],
  ['currency_code', 'currency'],
  ['description', 'description'],
] as const

export function readRow(row: JsonRecord, place: number): ReadRow {
  const symbol = textIn(row, 'symbol')
  if (typeof symbol !== 'string') return { problems: [`row ${place}: symbol is no name`] }
  const prefix = textIn(row, 'prefix')
  const exchange = textIn(row, 'exchange')
  const bare = withoutTags(symbol)
  const problems = prefix === null ? [`${bare}: prefix is no string`] : []
  const facts: Partial<Record<(typeof TEXTS)[number][1], string>> = {}
  for (const [wire, fact] of TEXTS) {
    const value = textIn(row, wire)
    if (value === null) problems.push(`${bare}: ${wire} is no string`)
    else if (value !== undefined) facts[fact] = wire === 'description' ? withoutTags(value) : value
  }
  const name = fullName(bare, prefix ?? undefined, exchange ?? undefined)
  return { facts: { kind: 'instrument', session: '', name, ...facts }, problems }
}

/** `null`: it is there, and no string. Empty says nothing. */
function textIn(row: JsonRecord, key: string): string | null | undefined {
  const value = Object.hasOwn(row, key) ? row[key] : undefined
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'string' ? value : null
}

/** `<em>AAPL</em>`: what hl=1 puts around the match. */
export function withoutTags(text: string): string {
  return text.replace(TAG, '')
}

export const TAG = /<\/?em>/g

/**
 * The prefix, or the first word of the exchange, in capitals (tradingview.md 3): CME's E-minis have the exchange "CME"
 * and the prefix "CME_MINI". Without either the symbol stands alone.
 */
function fullName(symbol: string, prefix: string | undefined, exchange: string | undefined): string {
  const first = (prefix ?? firstWord(exchange ?? '')).toUpperCase()
  return first === '' ? symbol : `${first}:${symbol}`
}

export function firstWord(exchange: string): string {
  return /^\s*(\S*)/.exec(exchange)?.[1] ?? ''
}

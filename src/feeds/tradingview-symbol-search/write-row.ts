import type { InstrumentFacts } from '../../model/observation.ts'
import { firstWord, TAG, TEXTS } from './read-row.ts'

/** A row in the order of the wire's keys. */
export type WrittenRow = Readonly<Record<string, string>>

const SAID: ReadonlySet<string> = new Set(['kind', 'session', 'name', ...TEXTS.map(([, fact]) => fact)])

/** `undefined` where the wire cannot say all of it. */
export function writeFacts(facts: InstrumentFacts): WrittenRow | undefined {
  const isSayable = Object.entries(facts).every(([key, value]) => {
    return value === undefined || (SAID.has(key) && (value !== '' || key === 'session'))
  })
  if (!isSayable || facts.session !== '') return undefined
  // What looks like a tag would be taken for one.
  if ([facts.name, facts.description ?? ''].some(text => text.search(TAG) >= 0)) return undefined
  const row = sayRow(facts)
  return row !== undefined && nameOf(row) === facts.name ? row : undefined
}

/** As much of it as the wire can say; `undefined` where there is no name to say. */
export function sayRow(facts: InstrumentFacts): WrittenRow | undefined {
  const colon = facts.name.indexOf(':')
  const symbol = facts.name.slice(colon + 1)
  if (symbol === '') return undefined
  const row: Record<string, string> = { symbol }
  for (const [wire, fact] of [TEXTS[3], TEXTS[1], TEXTS[0], TEXTS[2]]) {
    const value = facts[fact]
    if (value !== undefined && value !== '') row[wire] = value
  }
  const prefix = facts.name.slice(0, Math.max(colon, 0))
  // As the wire has it: only where the exchange does not say it.
  const isSaid = firstWord(facts.exchange ?? '').toUpperCase() === prefix
  return isSaid ? row : { ...row, prefix }
}

function nameOf({ symbol, prefix, exchange }: WrittenRow): string {
  const first = (prefix || firstWord(exchange ?? '')).toUpperCase()
  return first === '' ? `${symbol}` : `${first}:${symbol}`
}

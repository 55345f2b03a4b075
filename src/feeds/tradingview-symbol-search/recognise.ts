import type { Recognition } from '../packet.ts'
import { isRecord, parseJson } from '../tradingview/json.ts'

/** By its looks alone: many venues list symbols, but none other says how many remain. */
export function recognise(text: string): Recognition | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined
  const parsed = parseJson(text)
  if (Array.isArray(parsed)) {
    if (!parsed.some(isRow)) return undefined
    return parsed.some(isHighlighted)
      ? { confidence: 'likely', why: 'rows of a search, the match between <em> and </em>' }
      : { confidence: 'possible', why: 'an array of rows with symbol, description, type and exchange' }
  }
  if (!isRecord(parsed)) return undefined
  const { symbols, symbols_remaining: remaining } = parsed
  if (typeof remaining !== 'number' || !Array.isArray(symbols)) return undefined
  return symbols.some(isRow)
    ? { confidence: 'certain', why: 'a search’s answer: symbols_remaining, and symbols with their exchange' }
    : { confidence: 'likely', why: 'symbols_remaining and symbols, but no row' }
}

function isRow(value: unknown): boolean {
  return (
    isRecord(value) &&
    ['symbol', 'description', 'type', 'exchange'].every(key => typeof value[key] === 'string')
  )
}

function isHighlighted(value: unknown): boolean {
  if (!isRecord(value)) return false
  return [value['symbol'], value['description']].some(text => typeof text === 'string' && /<em>/.test(text))
}

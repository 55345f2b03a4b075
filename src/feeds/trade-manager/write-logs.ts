import type { SignalObservation } from '../../model/account.ts'
import { absolute, type Decimal, decimalSign, decimalText } from '../../model/decimal.ts'
import { type Observation, observationToJson } from '../../model/observation.ts'
import { isWrongDecoding, misDecoded } from './mis-decoded.ts'
import { objectText, stringText } from './python-json.ts'
import { readLogs } from './read-logs.ts'
import { lessonsOf } from './settings.ts'

const UNTAUGHT = lessonsOf(undefined)

/**
 * The lines as they were said. A signal without text is put into the form that is known for it: OPEN and ADD whole,
 * of a CLOSE the fragment that is public.
 */
export function writeLogs(observations: readonly Observation[]): string | undefined {
  const lines: string[] = []
  for (const observation of observations) {
    if (observation.kind !== 'signal') return undefined
    const { repaired } = observation
    const text = observation.text === '' ? lineFor(observation) : observation.text
    if (text === undefined) return undefined
    if (repaired !== undefined && !isWrongDecoding(repaired)) return undefined
    const line = repaired === undefined ? text : misDecoded(text, repaired)
    if (!says(line, { ...observation, text })) return undefined
    lines.push(line)
  }
  return objectText([
    ['type', '"LOGS"'],
    ['data', stringText(lines.join('\n'))],
  ])
}

/** Whether a reader gets just this signal from the line. */
function says(line: string, signal: SignalObservation): boolean {
  const { observations } = readLogs(line, UNTAUGHT)
  const [read] = observations
  return observations.length === 1 && read !== undefined && sortedJson(read) === sortedJson(signal)
}

function sortedJson(signal: SignalObservation): string {
  return JSON.stringify(Object.entries(observationToJson(signal)).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function lineFor(signal: SignalObservation): string | undefined {
  const { action, name, strategy, timeframe, side, quantity, price, position } = signal
  const head = `Strategy: **${strategy}**, Ticker: **${name}**, Timeframe: **${timeframe}**`
  const isWhole = strategy !== undefined && timeframe !== undefined && name !== ''
  if (action === 'open' && isWhole && side !== undefined && quantity !== undefined && price !== undefined) {
    return `📊 [RECORDER] OPEN — ${head} — **${decimalText(quantity)} ${wordOf(side)}** at **${priceText(price)}**`
  }
  if (action === 'add' && isWhole && position !== undefined) {
    const side = decimalSign(position.quantity) < 0 ? 'sell' : 'buy'
    const size = decimalText(absolute(position.quantity))
    const average = priceText(position.averagePrice)
    return `📝 [RECORDER] ADD — ${head} — Position: **${size} ${wordOf(side)}** at **${average}**`
  }
  return action === 'close' && price !== undefined ? `Closed at **${priceText(price)}**` : undefined
}

function wordOf(side: 'buy' | 'sell'): string {
  return side === 'buy' ? 'BUY' : 'SELL'
}

/** `24959.0`: a float's text in Python. */
function priceText(price: Decimal): string {
  const text = decimalText(price)
  return text.includes('.') ? text : `${text}.0`
}

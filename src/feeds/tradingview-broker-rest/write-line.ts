import type { BarObservation, QuoteUpdate, TradeObservation } from '../../model/observation.ts'
import type { QuoteField, QuoteFields } from '../../model/quote.ts'
import type { EpochMicros } from '../../model/time.ts'
import { isDecimal, numberJson } from '../tradingview/number-json.ts'

/** A line's members as JSON text, so that no digit passes through a double; `undefined` where one cannot be said. */
type Members = readonly (readonly [key: string, json: string | undefined])[]

export function writeTrade({
  name,
  session,
  price,
  size,
  time,
  updateTime,
}: TradeObservation): string | undefined {
  if (session !== '' || name === '' || updateTime !== undefined) return undefined
  return line('t', name, [
    ['p', numberJson(price)],
    ...optional('s', size, numberJson),
    ...optional('t', time, secondsJson),
  ])
}

export function writeDailyBar(bar: BarObservation): string | undefined {
  if (bar.which !== 'current' || bar.interval !== '1d' || bar.name === '') return undefined
  const members = barMembers(bar)
  return members === undefined ? undefined : line('d', bar.name, members)
}

/** Of a bar of the day, and of a history's row; `undefined` where the bar has what neither can say. */
export function barMembers(bar: BarObservation): Members | undefined {
  if (bar.session !== '' || bar.updateTime !== undefined) return undefined
  return [
    ['t', secondsJson(bar.time)],
    ['o', numberJson(bar.open)],
    ['h', numberJson(bar.high)],
    ['l', numberJson(bar.low)],
    ['c', numberJson(bar.close)],
    ...optional('v', bar.volume, numberJson),
  ]
}

const SAID: ReadonlySet<string> = new Set(['bid', 'bidSize', 'bidTime', 'ask', 'askSize', 'askTime'])

/** Both sides share one time: `undefined` where theirs differ. */
export function writeQuote({ name, session, fields }: QuoteUpdate): string | undefined {
  const keys = Object.keys(fields).filter(key => fields[key as QuoteField] !== undefined)
  if (session !== '' || name === '' || keys.some(key => !SAID.has(key))) return undefined
  const sides = (['bid', 'ask'] as const).filter(side => isThere(fields, side))
  const [time, ...others] = new Set(sides.map(side => fields[`${side}Time`]))
  // A time without a price or size would be nobody's.
  const isLoose = keys.some(key => key.endsWith('Time') && !sides.some(side => key.startsWith(side)))
  if (others.length > 0 || isLoose) return undefined
  return line('q', name, [
    ...optional('t', time, secondsJson),
    ...optional('ap', fields.ask, valueJson),
    ...optional('as', fields.askSize, valueJson),
    ...optional('bp', fields.bid, valueJson),
    ...optional('bs', fields.bidSize, valueJson),
  ])
}

function isThere(fields: QuoteFields, side: 'bid' | 'ask'): boolean {
  return fields[side] !== undefined || fields[`${side}Size`] !== undefined
}

function optional<T>(key: string, value: T | undefined, write: (value: T) => string | undefined): Members {
  return value === undefined ? [] : [[key, write(value)]]
}

function valueJson(value: unknown): string | undefined {
  if (value === null) return 'null'
  return isDecimal(value) ? numberJson(value) : undefined
}

/** Whole seconds from 1; 0 is the wire's "none", and so is null. */
function secondsJson(time: EpochMicros | null): string | undefined {
  if (time === null) return 'null'
  return time > 0 && time % 1_000_000 === 0 ? String(time / 1_000_000) : undefined
}

function line(form: 't' | 'q' | 'd', name: string, members: Members): string | undefined {
  if (members.some(([, json]) => json === undefined)) return undefined
  const all = [['f', JSON.stringify(form)], ['id', JSON.stringify(name)], ...members]
  return `{${all.map(([key, json]) => `"${key}":${json}`).join(',')}}\n`
}

import { contractOf, decorationOf, readSymbol } from '../instruments/index.ts'
import type { EpochMicros } from '../model/time.ts'

/**
 * By what a moment belongs to an exchange's day, where no broker says it. `chicago`: CME Group's day begins at 17:00
 * in Chicago, and what is after Friday's belongs to Monday; holidays are not known. `utc`: the calendar's day.
 */
export type TradeDateRule = 'chicago' | 'utc'

/** `broker` where the fill brought its own date. */
export type TradeDateBy = 'broker' | TradeDateRule

const NAMES: Readonly<Record<TradeDateBy, string>> = {
  broker: 'broker',
  chicago: 'CME, from 17:00 America/Chicago',
  utc: 'UTC',
}

export function tradeDateText(by: TradeDateBy): string {
  return NAMES[by]
}

/** CME Group's markets, by TradingView's prefixes too. */
const CHICAGO = new Set([
  'CME',
  'CBOT',
  'NYMEX',
  'COMEX',
  'CME_MINI',
  'CBOT_MINI',
  'NYMEX_MINI',
  'COMEX_MINI',
])

/** By the instrument's name: a contract of these exchanges, or a bare one whose root the built-in table has. */
export function tradeDateRuleOf(instrument: string): TradeDateRule {
  const symbol = decorationOf(instrument)?.symbol ?? instrument
  const read = readSymbol(symbol)
  if (read.exchange === undefined) return contractOf(symbol) === undefined ? 'utc' : 'chicago'
  return read.kind !== 'ticker' && CHICAGO.has(read.exchange) ? 'chicago' : 'utc'
}

/** `2026-03-02`: the exchange's day that this moment belongs to. */
export function tradeDateOf(rule: TradeDateRule, at: EpochMicros): string {
  return new Date(dayOf(rule, at) * DAY_MS).toISOString().slice(0, 10)
}

/** When the next of its days begins. */
export function nextTradeDateAt(rule: TradeDateRule, at: EpochMicros): EpochMicros {
  const day = dayOf(rule, at)
  if (rule === 'utc') return (day + 1) * DAY_MS * 1_000
  // 22:00 UTC in summer, 23:00 in winter; the clocks are changed at night, and so never at this hour.
  const summer = day * DAY_MS + 22 * HOUR_MS
  return (hourInChicago(summer).hour === EVENING ? summer : summer + HOUR_MS) * 1_000
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const EVENING = 17

/** Days since 1970-01-01. */
function dayOf(rule: TradeDateRule, at: EpochMicros): number {
  const ms = Math.floor(at / 1_000)
  switch (rule) {
    case 'utc':
      return Math.floor(ms / DAY_MS)
    case 'chicago':
      return dayInChicago(ms)
    default:
      return rule satisfies never
  }
}

function dayInChicago(ms: number): number {
  const { day, hour } = hourInChicago(ms)
  const next = hour >= EVENING ? day + 1 : day
  // The first of January 1970 was a Thursday.
  const weekday = (((next + 4) % 7) + 7) % 7
  if (weekday === 6) return next + 2
  return weekday === 0 ? next + 1 : next
}

let clock: Intl.DateTimeFormat | undefined

/** Made when it is first asked: time zones cost 8 MB of memory, which most runs have no use for. */
function chicago(): Intl.DateTimeFormat {
  clock ??= new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/Chicago',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
  })
  return clock
}

function hourInChicago(ms: number): { readonly day: number; readonly hour: number } {
  const parts = new Map(
    chicago()
      .formatToParts(ms)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const [year = 0, month = 0, date = 0, hour = 0] = (['year', 'month', 'day', 'hour'] as const).map(part =>
    parts.get(part),
  )
  return { day: Date.UTC(year, month - 1, date) / DAY_MS, hour }
}

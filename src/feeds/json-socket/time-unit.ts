import type { Decimal } from '../../model/decimal.ts'
import { type EpochMicros, isoFromEpochMicros } from '../../model/time.ts'

export const TIME_UNITS = ['s', 'ms', 'us', 'ns', 'iso'] as const
export type TimeUnit = (typeof TIME_UNITS)[number]

/** Powers of ten from the unit to microseconds. */
const POWERS: Readonly<Record<Exclude<TimeUnit, 'iso'>, number>> = { s: 6, ms: 3, us: 0, ns: -3 }

/** A count since 1970, to the microsecond; `undefined` where it is no time. */
export function epochMicrosOfCount(count: Decimal, unit: Exclude<TimeUnit, 'iso'>): EpochMicros | undefined {
  const power = POWERS[unit] - count.scale
  const mantissa = BigInt(count.mantissa)
  const micros = Number(power >= 0 ? mantissa * 10n ** BigInt(power) : mantissa / 10n ** BigInt(-power))
  return Number.isSafeInteger(micros) && micros >= 0 ? micros : undefined
}

/** The JSON of a time; `undefined` where the unit cannot hold it. */
export function timeJson(at: EpochMicros, unit: TimeUnit): string | undefined {
  if (unit === 'iso') return JSON.stringify(isoFromEpochMicros(at))
  if (unit === 'ns') return `${at}000`
  const power = POWERS[unit]
  const digits = String(at).padStart(power + 1, '0')
  const whole = digits.slice(0, digits.length - power)
  const fraction = digits.slice(digits.length - power).replace(/0+$/, '')
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** Microseconds since a tape's header start, by a monotonic clock. A safe integer, never negative. */
export type Micros = number

/** Microseconds since 1970-01-01T00:00:00Z. A safe integer until the year 2255. */
export type EpochMicros = number

const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)$/

/**
 * Reads ISO 8601 with an offset, to the microsecond; further digits are cut off.
 * A time without an offset is not a time: `undefined`, like a month 13.
 */
export function epochMicrosFromIso(text: string): EpochMicros | undefined {
  const match = ISO.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second = '00', fraction = '', offset = 'Z'] = match
  const seconds = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  )
  const back = new Date(seconds)
  const isReal =
    // Date.UTC takes the years 0 to 99 for 1900 to 1999.
    back.getUTCFullYear() === Number(year) &&
    back.getUTCMonth() === Number(month) - 1 &&
    back.getUTCDate() === Number(day) &&
    back.getUTCHours() === Number(hour) &&
    back.getUTCMinutes() === Number(minute)
  const shift = offsetMinutes(offset)
  if (!isReal || shift === undefined) return undefined
  const micros = Number(fraction.padEnd(6, '0').slice(0, 6))
  return seconds * 1000 + micros - shift * 60_000_000
}

/** `undefined` past ±23:59. */
function offsetMinutes(offset: string): number | undefined {
  if (offset === 'Z') return 0
  const hours = Number(offset.slice(1, 3))
  const minutes = Number(offset.slice(-2))
  if (hours > 23 || minutes > 59) return undefined
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

/** `2025-12-18T04:10:47.302670Z`: always UTC, always six digits, so that text order is time order. */
export function isoFromEpochMicros(at: EpochMicros): string {
  const millis = Math.floor(at / 1000)
  const micros = at - millis * 1000
  return `${new Date(millis).toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['us', 1],
  ['ms', 1_000],
  ['s', 1_000_000],
  ['m', 60_000_000],
  ['h', 3_600_000_000],
  ['d', 86_400_000_000],
])

/** Reads `90s`, `10m`, `1h30m`, `250ms`, `1.5s`; a bare `0` is zero. Anything else is `undefined`. */
export function microsFromDuration(text: string): Micros | undefined {
  if (text === '0') return 0
  if (!/^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h|d))+$/.test(text)) return undefined
  let total = 0
  for (const [, amount, unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h|d)/g)) {
    total += Number(amount) * (UNITS.get(unit) ?? 0)
  }
  return Math.round(total)
}

/** `0 ms`, `250 ms`, `3.2 s`, `2 m 05 s`, `1 h 02 m`: for people, never for programs. */
export function durationText(micros: Micros): string {
  const millis = Math.round(micros / 1_000)
  if (millis < 1_000) return `${millis} ms`
  const tenths = Math.round(micros / 100_000)
  if (tenths < 600) return tenths % 10 === 0 ? `${tenths / 10} s` : `${(tenths / 10).toFixed(1)} s`
  const seconds = Math.round(micros / 1_000_000)
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} m ${twoDigits(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} m`
}

function twoDigits(value: number): string {
  return String(Math.floor(value)).padStart(2, '0')
}

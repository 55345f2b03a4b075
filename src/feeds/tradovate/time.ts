import { type EpochMicros, epochMicrosFromIso } from '../../model/time.ts'

/**
 * A timestamp of this wire. One real capture (2026-06-14) has three precisions: `2026-06-14T22:00:22.045Z`,
 * `2026-05-24T19:52:12Z` and `2036-06-13T00:00Z`; another client's tests have `…:00.5Z`.
 * `undefined` for what is no time, also for one without an offset.
 */
export function timeFromWire(value: unknown): EpochMicros | undefined {
  return typeof value === 'string' ? epochMicrosFromIso(value) : undefined
}

const FIRST_YEAR = -62_167_219_200_000
const END_OF_YEARS = 253_402_300_800_000

/** `2026-06-14T22:00:22.045Z`, with six digits where milliseconds do not hold it; `undefined` outside the years 0 to 9999. */
export function timeToWire(at: EpochMicros): string | undefined {
  const millis = Math.floor(at / 1000)
  if (!Number.isSafeInteger(at) || millis < FIRST_YEAR || millis >= END_OF_YEARS) return undefined
  const text = new Date(millis).toISOString()
  const micros = at - millis * 1000
  return micros === 0 ? text : `${text.slice(0, -1)}${String(micros).padStart(3, '0')}Z`
}

/** The exchange's day: `{"year":2022,"month":10,"day":21}` to `2022-10-21`. */
export function tradeDateFromWire(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { year, month, day }: { year?: unknown; month?: unknown; day?: unknown } = value
  if (!isWithin(year, 1, 9999) || !isWithin(month, 1, 12) || !isWithin(day, 1, 31)) return undefined
  return `${digits(year, 4)}-${digits(month, 2)}-${digits(day, 2)}`
}

/** `2022-10-21` to `{"year":2022,"month":10,"day":21}`; `undefined` for what is no day. */
export function tradeDateToWire(
  text: string,
): { readonly year: number; readonly month: number; readonly day: number } | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (match === null) return undefined
  const date = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) }
  return tradeDateFromWire(date) === text ? date : undefined
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, '0')
}

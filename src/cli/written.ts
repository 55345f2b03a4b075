import { type Micros, microsFromDuration } from '../model/time.ts'

/** Longer than nothing. */
export function durationOf(text: string): Micros | undefined {
  return microsFromDuration(text) || undefined
}

export const SIZE_UNITS: Readonly<Record<string, number>> = {
  kB: 1e3,
  // As every size that is printed here.
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
}
/** Below this a part would be mostly its own header. */
const SMALLEST_PART = 10_000

/** In bytes; nothing below the smallest part of a tape. */
export function sizeOf(text: string): number | undefined {
  const [, amount = '', unit = ''] = /^(\d+(?:\.\d+)?)([kKMG]i?B)$/.exec(text) ?? []
  const size = Math.round(Number(amount) * (SIZE_UNITS[unit] ?? 0))
  return size >= SMALLEST_PART && Number.isSafeInteger(size) ? size : undefined
}

import { type Decimal, decimalSign, decimalText, significantDigits } from '../../model/decimal.ts'
import type { EpochMicros } from '../../model/time.ts'
import { timeToWire, tradeDateToWire } from './time.ts'

/** A field of an entity as JSON text, so that no digit passes through a double; `undefined`: it cannot be said. */
export type Member = readonly [key: string, json: string | undefined]

/** `undefined` where a member cannot be said. */
export function entityJson(members: readonly Member[]): string | undefined {
  if (members.some(([, json]) => json === undefined)) return undefined
  return `{${members.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`
}

/** Nothing for what is not said. */
export function member<T>(
  key: string,
  value: T | undefined,
  write: (value: T) => string | undefined,
): readonly Member[] {
  return value === undefined ? [] : [[key, write(value)]]
}

/** An id is an integer on this wire, of any length. */
export function idJson(id: string): string | undefined {
  return /^(?:0|-?[1-9]\d{0,399})$/.test(id) && !isNone(id) ? id : undefined
}

/**
 * Readers take more than 15 digits of a non-integer for binary noise, 1e+100 for "none" and what underflows for
 * zero: such values would not come back, so they are not written.
 */
export function numberJson(value: Decimal): string | undefined {
  const text = decimalText(value)
  const isNoise = value.scale > 0 && significantDigits(value) > 15
  const isLost = Number(text) === 0 && decimalSign(value) !== 0
  return isNoise || isLost || isNone(text) || text.length > 400 ? undefined : text
}

function isNone(text: string): boolean {
  return Number(text) === 1e100
}

export function quantityJson(value: Decimal): string | undefined {
  return decimalSign(value) > 0 ? numberJson(value) : undefined
}

export function textJson(text: string): string {
  return JSON.stringify(text)
}

export function flagJson(flag: boolean): string {
  return String(flag)
}

export function sideJson(side: 'buy' | 'sell'): string {
  return side === 'buy' ? '"Buy"' : '"Sell"'
}

export function timeJson(at: EpochMicros): string | undefined {
  const text = timeToWire(at)
  return text === undefined ? undefined : JSON.stringify(text)
}

export function tradeDateJson(day: string): string | undefined {
  const date = tradeDateToWire(day)
  return date === undefined ? undefined : JSON.stringify(date)
}

import { type EpochMicros, epochMicrosFromIso } from '../model/time.ts'
import type { Leaf } from './structure-rows.ts'

export interface Sighting {
  readonly value: Leaf
  /** When it came, where the tape knows the day. */
  readonly at: EpochMicros | undefined
}

export type Unit = 's' | 'ms' | 'us' | 'ns' | 'iso'

/** What the values at one path are like. */
export interface ValueLook {
  readonly count: number
  /** Numbers, and strings that are nothing but a number. */
  readonly numbers: readonly number[]
  readonly texts: readonly string[]
  readonly distinct: number
  readonly decimals: number
  readonly isPrice: boolean
  readonly isSize: boolean
  readonly isSymbol: boolean
  readonly isSide: boolean
  readonly isId: boolean
  readonly time: { readonly unit: Unit; readonly isRising: boolean; readonly isNear: boolean } | undefined
  readonly hasMoved: boolean
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const SYMBOL = /^(?=.*[A-Z])[A-Z0-9][A-Z0-9:._!/-]{0,29}$/
const SIDE = /^(?:buy|sell|bid|ask|long|short|b|s)$/i

export function lookAt(sightings: readonly Sighting[]): ValueLook {
  const values = sightings.flatMap(({ value }) => (value === null ? [] : [value]))
  const numbers = values.flatMap(numberOf)
  const texts = values.filter(value => typeof value === 'string').filter(text => !NUMBER.test(text))
  const isNumeric = numbers.length > 0 && numbers.length === values.length
  const isText = texts.length > 0 && texts.length === values.length
  const decimals = Math.max(0, ...numbers.map(decimalsOf))
  const distinct = new Set(values).size
  const time = timeLook(sightings, isNumeric, isText)
  const isWhole = isNumeric && numbers.every(Number.isInteger)
  return {
    count: sightings.length,
    numbers,
    texts,
    distinct,
    decimals,
    isPrice: isNumeric && time === undefined && isMostlyPriced(numbers),
    isSize: isNumeric && time === undefined && numbers.every(value => value >= 0),
    isSymbol: isText && texts.every(text => SYMBOL.test(text)) && !texts.every(text => SIDE.test(text)),
    isSide: isText && texts.every(text => SIDE.test(text)),
    isId: isWhole && numbers.every(value => value >= 1_000) && time === undefined,
    time,
    hasMoved: isNumeric && distinct > 1,
  }
}

/** One that is far off is a fault of the wire, or a test of it. */
function isMostlyPriced(numbers: readonly number[]): boolean {
  const usual = numbers.filter(value => Math.abs(value) < 1e9)
  return usual.length >= numbers.length * 0.8 && usual.some(value => value !== 0)
}

function numberOf(value: Leaf): readonly number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'string' && NUMBER.test(value) ? [Number(value)] : []
}

function decimalsOf(value: number): number {
  const [, fraction = ''] = String(value).split('.')
  return /^\d+$/.test(fraction) ? fraction.length : 0
}

/** 2001 to 2100, in each unit. */
const SECONDS: readonly [number, number] = [1e9, 4.1e9]
const FACTORS: readonly (readonly [Unit, number])[] = [
  ['s', 1],
  ['ms', 1e3],
  ['us', 1e6],
  ['ns', 1e9],
]
const NEAR_MICROS = 86_400_000_000

function timeLook(sightings: readonly Sighting[], isNumeric: boolean, isText: boolean): ValueLook['time'] {
  const present = sightings.filter(({ value }) => value !== null)
  const unit = isText ? 'iso' : isNumeric ? unitOf(present) : undefined
  if (unit === undefined) return undefined
  const micros = present.map(({ value }) => microsOf(value, unit))
  if (micros.some(value => value === undefined)) return undefined
  const times = micros.flatMap(value => (value === undefined ? [] : [value]))
  const rising = times.filter((time, index) => index === 0 || time >= (times[index - 1] ?? time)).length
  const near = present.filter(
    ({ at }, index) => at !== undefined && Math.abs(at - (times[index] ?? 0)) < NEAR_MICROS,
  )
  return { unit, isRising: rising === times.length, isNear: near.length * 2 > present.length }
}

function unitOf(sightings: readonly Sighting[]): Unit | undefined {
  return FACTORS.find(([, factor]) =>
    sightings.every(({ value }) => {
      const seconds = Number(value) / factor
      return seconds >= SECONDS[0] && seconds <= SECONDS[1]
    }),
  )?.[0]
}

function microsOf(value: Leaf, unit: Unit): EpochMicros | undefined {
  if (unit === 'iso') return typeof value === 'string' ? epochMicrosFromIso(value) : undefined
  const factor = FACTORS.find(([name]) => name === unit)?.[1] ?? 1
  return (Number(value) / factor) * 1e6
}

import {
  absolute,
  compare,
  type Decimal,
  decimalText,
  multiplyDivide,
  ONE,
  subtract,
} from '../model/decimal.ts'

/** Equal decimals of up to 15 digits have equal doubles and others do not: a key for maps and for equality. */
export function keyOf({ mantissa, scale }: Decimal): number {
  return scale === 0 ? Number(mantissa) : Number(mantissa) / 10 ** scale
}

/** b − a, in ticks where there is a tick, else as it stands. For figures about figures: no money is made of it. */
export function distanceOf(a: Decimal, b: Decimal, tick: Decimal | undefined): number {
  const difference = subtract(b, a)
  return keyOf(tick === undefined ? difference : multiplyDivide(difference, ONE, tick, 6))
}

/** How a wire with fewer decimals came by them; a half goes away from zero, or to the even digit. */
export type Rounding = 'exact' | 'rounded' | 'rounded to even' | 'cut off'

export const ROUNDINGS: readonly Rounding[] = ['exact', 'rounded', 'rounded to even', 'cut off']

/** The key under which two wires' values are the same, where one of them keeps fewer decimals. */
export function roundedKey(key: number, rounding: Rounding, scale: number): number {
  if (rounding === 'exact') return key
  const power = 10 ** scale
  const magnitude = Math.abs(key) * power
  const whole = Math.floor(magnitude + HAIR)
  const rest = magnitude - whole
  const isHalf = Math.abs(rest - 0.5) < HAIR
  const isUp = isHalf ? rounding === 'rounded' || whole % 2 === 1 : rest > 0.5
  const kept = rounding !== 'cut off' && isUp ? whole + 1 : whole
  return (Math.sign(key) * kept) / power
}

/** What a double of 15 digits may be off by, behind the point. */
const HAIR = 1e-6

/** Whether `coarse` is what is left of `fine` where only so many decimals are kept. */
export function isRoundingOf(fine: Decimal, coarse: Decimal, scale: number): boolean {
  if (coarse.scale > scale || fine.scale <= scale) return false
  const gap = absolute(subtract(fine, coarse))
  const unit: Decimal = { mantissa: 1, scale }
  const isNear = compare(gap, { mantissa: 5, scale: scale + 1 }) <= 0
  const isCut = compare(gap, unit) < 0 && compare(absolute(coarse), absolute(fine)) <= 0
  return isNear || isCut
}

export function amountText(value: Decimal | null): string {
  return value === null ? 'none' : decimalText(value)
}

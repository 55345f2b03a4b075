/**
 * An exact decimal: mantissa × 10^−scale, in lowest terms (no trailing zero in the mantissa while scale > 0),
 * so that equal values have equal fields. The mantissa is a `number` while it is a safe integer and a `bigint`
 * beyond that; arithmetic takes the fast path whenever its result stays safe, and is exact either way.
 * Why not a library: those cost 600–800 ms per million P&L operations, this costs tens
 * (docs/decisions/0003-decimals.md). `decimal.js` is the oracle in the tests.
 */
export interface Decimal {
  readonly mantissa: number | bigint
  /** Digits after the point, 0 … 400. */
  readonly scale: number
}

function decimal(mantissa: number | bigint, scale: number): Decimal {
  return { mantissa, scale }
}
// V8 gives all decimals one shape, made for what it has seen in them. Seen first as small integers and later as other
// numbers, hot literals go on to make the shape that was given up, and each is migrated when it is read: 0.5 µs a frame.
decimal(0.5, 0)
decimal(1n, 0)

export const ZERO: Decimal = { mantissa: 0, scale: 0 }
export const ONE: Decimal = { mantissa: 1, scale: 0 }

/** Exact as doubles: 10^22 is the largest power of ten that is. */
const POWERS: readonly number[] = Array.from({ length: 23 }, (_, n) => Number(`1e${n}`))
const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/
const MAX_SCALE = 400
const FIFTEEN_DIGITS = 1e15

/** Reads `25650.25`, `-3`, `5e-7`. `undefined` for anything else, and past 400 digits after the point. */
export function decimalFromText(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text)
  if (match === null) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const digits = whole + fraction
  const scale = fraction.length - Number(exponent)
  if (scale > MAX_SCALE || digits.length > MAX_SCALE || scale < -MAX_SCALE) return undefined
  const magnitude = BigInt(digits) * (scale < 0 ? tenTo(-scale) : 1n)
  return lowest(sign === '-' ? -magnitude : magnitude, Math.max(scale, 0))
}

/**
 * The decimal of at most 15 significant digits that this double is nearest to, and a safe integer as itself.
 * `undefined` where there is none (an unsafe integer, more digits, an extreme exponent, NaN): the text has to
 * be read again. Two decimals of up to 15 digits never share a double, so nothing is guessed here.
 */
export function decimalFromNumber(value: number): Decimal | undefined {
  if (Number.isSafeInteger(value)) return { mantissa: value + 0, scale: 0 }
  for (let scale = 1; scale <= 22; scale += 1) {
    const power = POWERS[scale] ?? 1
    const mantissa = Math.round(value * power)
    // Also false for NaN and the infinities.
    if (!(Math.abs(mantissa) < FIFTEEN_DIGITS)) return undefined
    if (mantissa / power === value) return { mantissa, scale }
  }
  return undefined
}

export function decimalFromBigInt(mantissa: bigint, scale: number): Decimal {
  return lowest(mantissa, scale)
}

/** Plain digits, never an exponent: `0.0000005`. */
export function decimalText(value: Decimal): string {
  const { mantissa, scale } = value
  const text = String(mantissa)
  if (scale === 0) return text
  const isNegative = text.startsWith('-')
  const digits = (isNegative ? text.slice(1) : text).padStart(scale + 1, '0')
  return `${isNegative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

export function decimalEquals(a: Decimal, b: Decimal): boolean {
  return a.mantissa === b.mantissa && a.scale === b.scale
}

/** −1, 0 or 1. */
export function decimalSign(value: Decimal): -1 | 0 | 1 {
  if (value.mantissa > 0) return 1
  return value.mantissa < 0 ? -1 : 0
}

export function negate(value: Decimal): Decimal {
  // 0 − x, because −0 is a number of its own.
  const mantissa = typeof value.mantissa === 'number' ? 0 - value.mantissa : -value.mantissa
  return { mantissa, scale: value.scale }
}

export function absolute(value: Decimal): Decimal {
  return decimalSign(value) < 0 ? negate(value) : value
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale)
  if (typeof a.mantissa === 'number' && typeof b.mantissa === 'number') {
    const sum = raised(a.mantissa, scale - a.scale) + raised(b.mantissa, scale - b.scale)
    // Each term is safe or NaN, so a safe sum is exact.
    if (Number.isSafeInteger(sum)) return lowestSafe(sum, scale)
  }
  return lowest(
    BigInt(a.mantissa) * tenTo(scale - a.scale) + BigInt(b.mantissa) * tenTo(scale - b.scale),
    scale,
  )
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, negate(b))
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  const scale = a.scale + b.scale
  if (typeof a.mantissa === 'number' && typeof b.mantissa === 'number') {
    const product = a.mantissa * b.mantissa
    // A product beyond the safe range never rounds back into it.
    if (Number.isSafeInteger(product)) return lowestSafe(product + 0, scale)
  }
  return lowest(BigInt(a.mantissa) * BigInt(b.mantissa), scale)
}

/** −1, 0 or 1 as a is less than, equal to or greater than b. */
export function compare(a: Decimal, b: Decimal): -1 | 0 | 1 {
  if (a.scale === b.scale) {
    if (a.mantissa === b.mantissa) return 0
    return a.mantissa < b.mantissa ? -1 : 1
  }
  return decimalSign(subtract(a, b))
}

export function minimum(a: Decimal, b: Decimal): Decimal {
  return compare(b, a) < 0 ? b : a
}

export function maximum(a: Decimal, b: Decimal): Decimal {
  return compare(b, a) > 0 ? b : a
}

/** a × b ÷ c, rounded half to even at `scale` digits after the point. Throws a RangeError when c is zero. */
export function multiplyDivide(a: Decimal, b: Decimal, c: Decimal, scale: number): Decimal {
  let numerator = BigInt(a.mantissa) * BigInt(b.mantissa)
  let denominator = BigInt(c.mantissa)
  const shift = scale + c.scale - a.scale - b.scale
  if (shift >= 0) numerator *= tenTo(shift)
  else denominator *= tenTo(-shift)
  return lowest(divideHalfEven(numerator, denominator), scale)
}

/** Rounded half to even at `scale` digits after the point. */
export function roundHalfEven(value: Decimal, scale: number): Decimal {
  return value.scale <= scale ? value : multiplyDivide(value, ONE, ONE, scale)
}

/** Rounded half to even at so many significant digits: 15 is what a double can be trusted with. */
export function roundSignificant(value: Decimal, digits: number): Decimal {
  const length = String(value.mantissa).replace('-', '').length
  const surplus = length - digits
  if (surplus <= 0) return value
  if (surplus <= value.scale) return roundHalfEven(value, value.scale - surplus)
  const unit = tenTo(surplus - value.scale)
  const whole = lowest(BigInt(value.mantissa), value.scale)
  const tens = multiplyDivide(whole, ONE, lowest(unit, 0), 0)
  return multiply(tens, lowest(unit, 0))
}

/** How many significant digits the value has when written plainly: 8 for 25650.25, 1 for 0. */
export function significantDigits(value: Decimal): number {
  return String(value.mantissa).replace('-', '').length
}

function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  if (denominator === 0n) throw new RangeError('division by zero')
  const isNegative = numerator < 0n !== denominator < 0n
  const n = numerator < 0n ? -numerator : numerator
  const d = denominator < 0n ? -denominator : denominator
  let quotient = n / d
  const twice = (n % d) * 2n
  if (twice > d || (twice === d && quotient % 2n === 1n)) quotient += 1n
  return isNegative ? -quotient : quotient
}

function raised(mantissa: number, by: number): number {
  if (by === 0) return mantissa
  const product = mantissa * (POWERS[by] ?? Number.NaN)
  return Number.isSafeInteger(product) ? product : Number.NaN
}

function lowestSafe(mantissa: number, scale: number): Decimal {
  if (mantissa === 0) return ZERO
  while (scale > 0 && mantissa % 10 === 0) {
    mantissa /= 10
    scale -= 1
  }
  return { mantissa, scale }
}

function lowest(mantissa: bigint, scale: number): Decimal {
  const small = Number(mantissa)
  if (Number.isSafeInteger(small)) return lowestSafe(small, scale)
  while (scale > 0 && mantissa % 10n === 0n) {
    mantissa /= 10n
    scale -= 1
  }
  const reduced = Number(mantissa)
  return { mantissa: Number.isSafeInteger(reduced) ? reduced : mantissa, scale }
}

const BIG_POWERS: bigint[] = []

function tenTo(power: number): bigint {
  let value = BIG_POWERS[power]
  if (value === undefined) {
    value = 10n ** BigInt(power)
    BIG_POWERS[power] = value
  }
  return value
}

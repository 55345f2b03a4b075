import { Decimal as Oracle } from 'decimal.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimalEquals,
  decimalFromBigInt,
  decimalFromNumber,
  decimalFromText,
  decimalSign,
  decimalText,
  maximum,
  minimum,
  multiply,
  multiplyDivide,
  negate,
  roundHalfEven,
  roundSignificant,
  significantDigits,
  subtract,
  ZERO,
} from '../../src/model/decimal.ts'

Oracle.set({ precision: 400, rounding: Oracle.ROUND_HALF_EVEN })

function decimal(text: string): Decimal {
  const value = decimalFromText(text)
  if (value === undefined) throw new Error(`no decimal: ${text}`)
  return value
}

function written(mantissa: bigint, scale: number): string {
  const digits = String(mantissa < 0n ? -mantissa : mantissa).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const fraction = scale === 0 ? '' : `.${digits.slice(-scale)}`
  return `${mantissa < 0n ? '-' : ''}${whole}${fraction}`
}

const SAFE = 2n ** 53n
/** Prices as they are, both sides of the safe range, numbers of the same value, and the absurd. */
const mantissa = fc.oneof(
  fc.bigInt(-10_000n, 10_000n),
  fc.bigInt(-(10n ** 12n), 10n ** 12n),
  fc.bigInt(SAFE - 3n, SAFE + 3n),
  fc.bigInt(-SAFE - 3n, -SAFE + 3n),
  fc.bigInt(-(10n ** 40n), 10n ** 40n),
  fc
    .tuple(fc.bigInt(-999n, 999n), fc.nat({ max: 30 }))
    .map(([digits, zeros]) => digits * 10n ** BigInt(zeros)),
)
const text = fc.tuple(mantissa, fc.nat({ max: 30 })).map(([digits, scale]) => written(digits, scale))
const scale = fc.nat({ max: 25 })

/** In lowest terms, with a number where that is safe: what makes equal values equal fields. */
function expectLowest(value: Decimal): void {
  expect(value.scale).toBeGreaterThanOrEqual(0)
  expect(typeof value.mantissa).toBe(Number.isSafeInteger(Number(value.mantissa)) ? 'number' : 'bigint')
  expect(Object.is(value.mantissa, -0)).toBe(false)
  if (value.scale > 0) expect(BigInt(value.mantissa) % 10n).not.toBe(0n)
}

function expectValue(value: Decimal, oracle: Oracle): void {
  expectLowest(value)
  expect(decimalText(value)).toBe(oracle.toFixed())
}

describe('what is no decimal', () => {
  test.each([
    '',
    ' ',
    '1 ',
    '.5',
    '5.',
    '1,5',
    '0x10',
    '1_000',
    'NaN',
    'Infinity',
    '--1',
    '1e',
    '1e1.5',
    '١',
    '1e0001',
  ])('%j is not read', wrong => {
    expect(decimalFromText(wrong)).toBeUndefined()
  })

  test.each([
    ['1e-400', true],
    ['1e-401', false],
    ['1e400', true],
    ['1e401', false],
    ['9'.repeat(400), true],
    ['9'.repeat(401), false],
  ])('%s is read: %s', (wrong, isRead) => {
    expect(decimalFromText(wrong) !== undefined).toBe(isRead)
  })

  test.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    -(2 ** 53),
    1e22,
    1e100,
    0.1 + 0.2,
    2647.1000000000004,
    1000000000000000.5,
    5e-324,
    1e-23,
  ])('%d is not judged by its double', value => {
    expect(decimalFromNumber(value)).toBeUndefined()
  })

  test('nothing is divided by zero', () => {
    expect(() => multiplyDivide(decimal('1'), decimal('1'), ZERO, 2)).toThrow(RangeError)
  })
})

describe('text', () => {
  test.each([
    ['25650.25', { mantissa: 2565025, scale: 2 }],
    ['529.0', { mantissa: 529, scale: 0 }],
    ['-0', { mantissa: 0, scale: 0 }],
    ['-0.00', { mantissa: 0, scale: 0 }],
    ['+3', { mantissa: 3, scale: 0 }],
    ['007', { mantissa: 7, scale: 0 }],
    ['1e-7', { mantissa: 1, scale: 7 }],
    ['5E-7', { mantissa: 5, scale: 7 }],
    ['1.50e+2', { mantissa: 150, scale: 0 }],
    ['9007199254740991', { mantissa: 9007199254740991, scale: 0 }],
    ['9007199254740992', { mantissa: 9007199254740992n, scale: 0 }],
    ['-9007199254740993', { mantissa: -9007199254740993n, scale: 0 }],
    ['900719925474099.30', { mantissa: 9007199254740993n, scale: 1 }],
  ])('%s is exact and in lowest terms', (wrote, value) => {
    expect(decimalFromText(wrote)).toEqual(value)
  })

  test.each([
    ['1e-7', '0.0000001'],
    ['-5e-7', '-0.0000005'],
    ['1e21', '1000000000000000000000'],
    ['-0.10', '-0.1'],
  ])('%s is written %s, never with an exponent', (wrote, plain) => {
    expect(decimalText(decimal(wrote))).toBe(plain)
  })

  test('goes round for every decimal', () => {
    fc.assert(
      fc.property(text, wrote => {
        const value = decimal(wrote)
        expectValue(value, new Oracle(wrote))
        expect(decimalFromText(decimalText(value))).toEqual(value)
      }),
      { numRuns: 2_000 },
    )
  })

  test('with an exponent is the same value', () => {
    fc.assert(
      fc.property(
        fc.bigInt(-(10n ** 20n), 10n ** 20n),
        fc.integer({ min: -60, max: 60 }),
        (digits, exponent) => {
          const wrote = `${digits}e${exponent}`
          expectValue(decimal(wrote), new Oracle(wrote))
        },
      ),
    )
  })
})

describe('a number', () => {
  test.each([
    [-0, '0'],
    [0.1, '0.1'],
    [1e-7, '0.0000001'],
    [5e-7, '0.0000005'],
    [1e-22, '0.0000000000000000000001'],
    [2 ** 53 - 1, '9007199254740991'],
    [-(2 ** 53 - 1), '-9007199254740991'],
    [25650.25, '25650.25'],
    [99999999999999.9, '99999999999999.9'],
  ])('%d is %s', (value, wrote) => {
    const read = decimalFromNumber(value)
    expect(read).toEqual(decimal(wrote))
    expect(Object.is(read?.mantissa, -0)).toBe(false)
  })

  test('of up to 15 digits is the decimal that was written', () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 15n) + 1n, 10n ** 15n - 1n), fc.nat({ max: 22 }), (digits, places) => {
        const wrote = written(digits, places)
        expect(decimalFromNumber(Number(wrote))).toEqual(decimal(wrote))
      }),
      { numRuns: 5_000 },
    )
  })

  test('is either nothing or a decimal of up to 15 digits, or a safe integer, that it is nearest to', () => {
    fc.assert(
      fc.property(fc.double(), value => {
        const read = decimalFromNumber(value)
        if (read === undefined) return
        expectLowest(read)
        expect(Number(decimalText(read))).toBe(value + 0)
        if (!Number.isInteger(value)) expect(significantDigits(read)).toBeLessThanOrEqual(15)
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('arithmetic is that of decimal.js', () => {
  test('add, subtract, multiply, compare', () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        const [a, b, x, y] = [decimal(left), decimal(right), new Oracle(left), new Oracle(right)]
        expectValue(add(a, b), x.plus(y))
        expectValue(subtract(a, b), x.minus(y))
        expectValue(multiply(a, b), x.times(y))
        expect(compare(a, b)).toBe(x.comparedTo(y))
        expect(decimalEquals(a, b)).toBe(x.equals(y))
        expectValue(minimum(a, b), Oracle.min(x, y))
        expectValue(maximum(a, b), Oracle.max(x, y))
      }),
      { numRuns: 5_000 },
    )
  })

  test('of one value: sign, negation, absolute, and its difference with itself', () => {
    fc.assert(
      fc.property(text, wrote => {
        const [a, x] = [decimal(wrote), new Oracle(wrote)]
        expect(decimalSign(a)).toBe(x.isZero() ? 0 : x.isNegative() ? -1 : 1)
        expectValue(negate(a), x.negated())
        expectValue(absolute(a), x.abs())
        expect(subtract(a, a)).toEqual(ZERO)
        expect(compare(a, decimal(wrote))).toBe(0)
      }),
    )
  })

  test('multiplyDivide rounds once, half to even', () => {
    fc.assert(
      fc.property(text, text, text, scale, (left, right, by, places) => {
        fc.pre(!new Oracle(by).isZero())
        const exact = new Oracle(left).times(right).dividedBy(by)
        const value = multiplyDivide(decimal(left), decimal(right), decimal(by), places)
        expectValue(value, exact.toDecimalPlaces(places, Oracle.ROUND_HALF_EVEN))
      }),
      { numRuns: 5_000 },
    )
  })

  test('roundHalfEven and roundSignificant', () => {
    fc.assert(
      fc.property(text, scale, fc.integer({ min: 1, max: 40 }), (wrote, places, digits) => {
        const [a, x] = [decimal(wrote), new Oracle(wrote)]
        expectValue(roundHalfEven(a, places), x.toDecimalPlaces(places, Oracle.ROUND_HALF_EVEN))
        expectValue(roundSignificant(a, digits), x.toSignificantDigits(digits, Oracle.ROUND_HALF_EVEN))
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('both sides of a boundary', () => {
  test.each([
    ['0.5', 0, '0'],
    ['1.5', 0, '2'],
    ['2.5', 0, '2'],
    ['-0.5', 0, '0'],
    ['-2.5', 0, '-2'],
    ['2.5000000000000000001', 0, '3'],
    ['0.0000000000005', 12, '0'],
    ['0.0000000000015', 12, '0.000000000002'],
    ['9.99', 1, '10'],
  ])('%s at %i digits is %s', (wrote, places, rounded) => {
    expect(decimalText(roundHalfEven(decimal(wrote), places))).toBe(rounded)
  })

  test('2647.1000000000004 at 15 significant digits is the price that was meant', () => {
    expect(decimalText(roundSignificant(decimal('2647.1000000000004'), 15))).toBe('2647.1')
  })

  test.each([
    ['9007199254740991', '1', '9007199254740992'],
    ['9007199254740992', '-1', '9007199254740991'],
    ['-9007199254740991', '-2', '-9007199254740993'],
    ['0.9007199254740991', '0.0000000000000001', '0.9007199254740992'],
    ['90071992547409.91', '0.0000000000000000000001', '90071992547409.9100000000000000000001'],
  ])('%s + %s is %s', (left, right, sum) => {
    const value = add(decimal(left), decimal(right))
    expectLowest(value)
    expect(decimalText(value)).toBe(sum)
  })

  test('a bigint comes to lowest terms, and to a number where it is safe', () => {
    expect(decimalFromBigInt(90071992547409910n, 1)).toEqual({ mantissa: 9007199254740991, scale: 0 })
    expect(decimalFromBigInt(-1500n, 2)).toEqual({ mantissa: -15, scale: 0 })
    expect(decimalFromBigInt(90071992547409920n, 1)).toEqual({ mantissa: 9007199254740992n, scale: 0 })
  })
})

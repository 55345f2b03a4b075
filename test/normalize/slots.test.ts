import { describe, expect, it } from 'vitest'
import type { Decimal } from '../../src/model/decimal.ts'
import { randomInteger, seededRandom } from '../../src/model/random.ts'
import { Slab } from '../../src/normalize/slots.ts'

const PAST_SAFE: Decimal = { mantissa: 2n ** 70n + 1n, scale: 7 }
const DECIMALS: readonly (Decimal | null)[] = [
  null,
  { mantissa: 0, scale: 0 },
  { mantissa: -25_650_25, scale: 2 },
  { mantissa: Number.MAX_SAFE_INTEGER, scale: 400 },
  { mantissa: Number.MIN_SAFE_INTEGER, scale: 0 },
  PAST_SAFE,
  { mantissa: -(2n ** 53n), scale: 0 },
]
const NUMBERS: readonly (number | null)[] = [null, 0, -1, 0.5, 1_772_463_600_000_000]

describe('slots', () => {
  it('before anything was set there is nothing, which is neither null nor zero', () => {
    const row = new Slab(3).row()
    expect([row.number(0), row.decimal(1)]).toEqual([undefined, undefined])
  })

  it('give what was set last, null and zero and what is past the safe integers too', () => {
    const row = new Slab(3).row()
    for (const value of [...DECIMALS, ...DECIMALS.toReversed()]) {
      row.setDecimal(1, value)
      expect(row.decimal(1)).toEqual(value)
    }
    for (const value of NUMBERS) {
      row.setNumber(0, value)
      expect(row.number(0)).toBe(value)
    }
  })

  it('keep no decimal that they were given, and give none twice', () => {
    const row = new Slab(2).row()
    const given = { mantissa: 25_650_25, scale: 2 }
    row.setDecimal(0, given)
    given.mantissa = 1
    const before = row.decimal(0)
    expect(before).toEqual({ mantissa: 25_650_25, scale: 2 })
    row.setDecimal(0, { mantissa: 7, scale: 0 })
    expect(before).toEqual({ mantissa: 25_650_25, scale: 2 })
  })

  it.each([1, 2, 3])('of many rows, none sees what another was given (seed %i)', seed => {
    const random = seededRandom(seed)
    const slab = new Slab(3)
    // More than two blocks of 256.
    const rows = Array.from({ length: 700 }, () => slab.row())
    const said = rows.map((): [number | null | undefined, Decimal | null | undefined] => [
      undefined,
      undefined,
    ])
    for (let count = 0; count < 20_000; count += 1) {
      const index = randomInteger(random, 0, rows.length - 1)
      const number = NUMBERS[randomInteger(random, 0, NUMBERS.length - 1)] ?? null
      const decimal = DECIMALS[randomInteger(random, 0, DECIMALS.length - 1)] ?? null
      rows[index]?.setNumber(0, number)
      rows[index]?.setDecimal(1, decimal)
      said[index] = [number, decimal]
    }
    expect(rows.map(row => [row.number(0), row.decimal(1)])).toEqual(said)
  })
})

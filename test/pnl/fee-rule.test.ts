import { describe, expect, test } from 'vitest'
import { feeOf, feeRuleText, parseFeeRule } from '../../src/pnl/fee-rule.ts'
import { decimal, textOf } from './decimals.ts'

const FILL = { side: 'sell', quantity: decimal('3'), price: decimal('100'), fee: decimal('1.86') } as const

describe('the rule for fees', () => {
  test.each(['', 'fills', 'per-contract', 'per-contract=', 'per-contract=x', 'per-contract=-1', 'none=0'])(
    'refuses %j',
    text => {
      expect(() => parseFeeRule(text)).toThrow('the rule for fees cannot be read')
    },
  )

  test.each([
    ['fill', '1.86'],
    ['none', undefined],
    ['per-contract=0.62', '1.86'],
    ['per-contract=0', '0'],
    ['per-contract=0.035', '0.105'],
  ])('%s makes of three contracts with a fee of 1.86: %s', (text, fee) => {
    const rule = parseFeeRule(text)
    expect(feeRuleText(rule)).toBe(text)
    expect(textOf(feeOf(rule, FILL))).toBe(fee)
  })

  test('a fill that says nothing of a fee costs nothing that is known', () => {
    const { fee: _, ...silent } = FILL
    expect(feeOf(parseFeeRule('fill'), silent)).toBeUndefined()
  })
})

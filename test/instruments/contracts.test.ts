import { describe, expect, test } from 'vitest'
import { CONTRACTS, CONTRACTS_BY_ROOT } from '../../src/instruments/index.ts'
import { type Decimal, decimalFromText, decimalText, multiply } from '../../src/model/decimal.ts'

function decimal(text: string): Decimal {
  const value = decimalFromText(text)
  if (value === undefined) throw new Error(`no decimal: ${text}`)
  return value
}

describe('the built-in contract values', () => {
  test.each(CONTRACTS)('a tick of $root is worth tickSize × pointValue', contract => {
    const product = multiply(decimal(contract.tickSize), decimal(contract.pointValue))
    expect(decimalText(product)).toBe(contract.tickValue)
  })

  test('each root has one row, so that a bare name is decided', () => {
    expect(CONTRACTS_BY_ROOT.size).toBe(CONTRACTS.length)
    expect(CONTRACTS).toHaveLength(28)
  })

  test('a disputed tick says how its sources differ', () => {
    const disputed = CONTRACTS.filter(contract => contract.tickDisputed === true)
    expect(disputed.map(contract => contract.root)).toEqual(['ETH'])
    expect(disputed[0]?.note).toContain('0.25 ($12.50)')
  })
})

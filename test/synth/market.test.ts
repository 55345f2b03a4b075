import { describe, expect, test } from 'vitest'
import type { Decimal } from '../../src/model/decimal.ts'
import { decimalText, multiplyDivide, ONE, ZERO } from '../../src/model/decimal.ts'
import type { QuoteFields } from '../../src/model/quote.ts'
import { SYNTHETIC_INSTRUMENTS } from '../../src/synth/instruments.ts'
import { createSyntheticMarket, STEP } from '../../src/synth/market.ts'

const START = 1_767_623_400_000_000

describe('the seeded market', () => {
  test('knows nothing of an instrument that it does not have', () => {
    const market = createSyntheticMarket({ seed: 1, start: START })
    expect(market.quote('NASDAQ:NOPE')).toBeUndefined()
    expect(market.facts('NASDAQ:NOPE')).toBeUndefined()
  })

  test('says of every instrument that it is synthetic', () => {
    const market = createSyntheticMarket({ seed: 1, start: START })
    for (const name of market.names) expect(market.facts(name)?.description).toMatch(/^synthetic /)
  })

  test('is the same for the same seed, step for step, and another for another seed', () => {
    const movesOf = (seed: number) => {
      const market = createSyntheticMarket({ seed, start: START })
      return Array.from({ length: 50 }, () => market.step())
    }
    expect(movesOf(7)).toEqual(movesOf(7))
    expect(movesOf(7)).not.toEqual(movesOf(8))
  })

  test('has the same prices whenever it starts', () => {
    const pricesOf = (start: number) => {
      const market = createSyntheticMarket({ seed: 3, start })
      for (let step = 0; step < 40; step += 1) market.step()
      return market.names.map(name => market.quote(name)?.last)
    }
    expect(pricesOf(START)).toEqual(pricesOf(START + 86_400_000_000 * 30 + 123))
  })

  test('advances by whole steps that end at or before the given time', () => {
    const stepped = createSyntheticMarket({ seed: 5, start: START })
    const advanced = createSyntheticMarket({ seed: 5, start: START })
    const moves = [...stepped.step(), ...stepped.step()]
    expect(advanced.advance(START + 3 * STEP - 1)).toEqual(moves)
    expect(advanced.now()).toBe(START + 2 * STEP)
    expect(advanced.advance(START + 3 * STEP)).toEqual(stepped.step())
  })

  test('gives in each move just the fields that changed, and moves add up to the quote', () => {
    const market = createSyntheticMarket({ seed: 11, start: START })
    const merged = new Map<string, QuoteFields>(market.names.map(name => [name, market.quote(name) ?? {}]))
    for (let step = 0; step < 200; step += 1) {
      for (const { name, fields } of market.step()) {
        expect(Object.keys(fields).length).toBeGreaterThan(0)
        for (const [field, value] of Object.entries(fields)) {
          expect({ field, value }).not.toEqual({ field, value: merged.get(name)?.[field as 'last'] })
        }
        merged.set(name, { ...merged.get(name), ...fields })
      }
    }
    for (const name of market.names) expect(market.quote(name)).toEqual(merged.get(name))
  })

  test('sometimes moves the book alone, the volume alone, and the last price with its volume', () => {
    const market = createSyntheticMarket({ seed: 2, start: START })
    const shapes = new Set<string>()
    for (let step = 0; step < 300; step += 1) {
      for (const { fields } of market.step()) shapes.add(Object.keys(fields).sort().join())
    }
    const seen = [...shapes]
    expect(seen).toContain('volume')
    expect(seen.some(shape => /^(?:(?:ask|askSize|bid|bidSize),?)+$/.test(shape))).toBe(true)
    expect(seen.some(shape => /change,.*last,.*volume/.test(shape))).toBe(true)
  })

  test('keeps every price on its tick, the bid below the ask, and the last within the day’s range', () => {
    const market = createSyntheticMarket({ seed: 4, start: START })
    for (let step = 0; step < 200; step += 1) market.step()
    for (const { facts, tick } of SYNTHETIC_INSTRUMENTS) {
      const { last, bid, ask, high, low } = market.quote(facts.name) ?? {}
      const ticks = [low, last, high, bid, ask].map(price => inTicks(price ?? ZERO, tick))
      expect(ticks.every(count => /^\d+$/.test(count))).toBe(true)
      const [lowest = 0, at = 0, highest = 0, bidAt = 0, askAt = 0] = ticks.map(Number)
      expect(lowest).toBeLessThanOrEqual(at)
      expect(at).toBeLessThanOrEqual(highest)
      expect(bidAt).toBeLessThan(askAt)
    }
  })

  test('keeps the micro contract near the big one', () => {
    const market = createSyntheticMarket({ seed: 6, start: START })
    for (let step = 0; step < 100; step += 1) market.step()
    const [big, micro] = ['CME_MINI:NQ1!', 'CME_MINI:MNQ1!'].map(name =>
      Number(decimalText(market.quote(name)?.last ?? ZERO)),
    )
    expect(Math.abs((big ?? 0) - (micro ?? Number.NaN))).toBeLessThan(20)
  })
})

function inTicks(price: Decimal, tick: Decimal): string {
  return decimalText(multiplyDivide(price, ONE, tick, 6))
}

import { describe, expect, test } from 'vitest'
import {
  compare as compareDecimals,
  type Decimal,
  decimalEquals,
  multiplyDivide,
  ONE,
} from '../../src/model/decimal.ts'
import { nextContracts, shortSymbol } from '../../src/synth/contract-months.ts'
import { createTruth, PRODUCTS, quotesOver, type Truth } from '../../src/synth/index.ts'
import { START, truthOf } from './session.ts'

const SEEDS = [1, 2, 3, 4, 5]
/** Longest lag, longest poll, an answer’s way. */
const LONGEST = 2_000_000 + 1_000_000 + 100_000

describe('the seeded truth', () => {
  test('is the same for the same options, and another for another seed, length or start', () => {
    const options = { seed: 7, start: START, length: 60_000_000, instruments: 8 }
    expect(createTruth(options)).toEqual(createTruth(options))
    for (const other of [{ seed: 8 }, { length: 120_000_000 }, { start: START + 1 }, { instruments: 7 }]) {
      expect(createTruth({ ...options, ...other })).not.toEqual(createTruth(options))
    }
  })

  test('says of every instrument that it is synthetic', () => {
    for (const { facts } of truthOf(1, 1).markets) expect(facts.description).toMatch(/^synthetic /)
    for (const { description } of PRODUCTS) expect(description).toMatch(/^synthetic /)
  })

  test.each(SEEDS)('seed %i: every price is on its tick, and a bid is below its ask', seed => {
    const truth = truthOf(seed, 2)
    for (const { fields, market } of truth.moves) {
      const { minMove, priceScale } = productOf(truth, market)
      for (const price of [fields.last, fields.bid, fields.ask, fields.open, fields.high, fields.low]) {
        if (price == null) continue
        const ticks = multiplyDivide(price, decimal(priceScale), decimal(minMove), 6)
        expect(decimalEquals(ticks, multiplyDivide(ticks, ONE, ONE, 0))).toBe(true)
      }
      if (fields.bid != null && fields.ask != null) expect(compareDecimals(fields.bid, fields.ask)).toBe(-1)
    }
  })

  test.each(SEEDS)('seed %i: moves come in the order of time, and none changes nothing', seed => {
    const truth = truthOf(seed, 2)
    let last = truth.start
    for (const { at, fields } of truth.moves) {
      expect(at).toBeGreaterThanOrEqual(last)
      expect(Object.keys(fields).length).toBeGreaterThan(0)
      last = at
    }
  })

  test.each(SEEDS)(
    'seed %i: at a settled moment nothing has happened for longer than any wire needs',
    seed => {
      const { moves, orders, settled } = truthOf(seed, 3)
      const times = [
        ...moves.map(({ at }) => at),
        ...orders.flatMap(({ at, fills }) => [at, ...fills.map(fill => fill.at)]),
      ]
      expect(settled.length).toBeGreaterThan(20)
      for (const { at, from } of settled) {
        expect(at - from).toBeGreaterThan(LONGEST)
        expect(times.filter(time => time > from && time <= at)).toEqual([])
      }
    },
  )

  test('has bursts, gaps, halts of which some take the book away, and one roll', () => {
    const truths = SEEDS.map(seed => truthOf(seed, 3))
    for (const { happenings } of truths) {
      const kinds = new Set(happenings.map(({ kind }) => kind))
      expect([...kinds].toSorted()).toEqual(['burst', 'gap', 'halt', 'resume', 'roll'])
      expect(happenings.filter(({ kind }) => kind === 'roll')).toHaveLength(1)
    }
    expect(truths.some(({ moves }) => moves.some(({ fields }) => fields.bid === null))).toBe(true)
  })

  test('a halted instrument does not move until it is resumed', () => {
    const { happenings, moves } = truthOf(2, 5)
    const halts = happenings.filter(({ kind }) => kind === 'halt')
    expect(halts.length).toBeGreaterThan(2)
    for (const halt of halts) {
      const end = happenings.find(
        one => one.kind === 'resume' && one.market === halt.market && one.at > halt.at,
      )
      const until = end?.at ?? Number.POSITIVE_INFINITY
      const during = moves.filter(({ at, market }) => market === halt.market && at > halt.at && at < until)
      // A contract that is rolled to trades at that moment.
      const rolls = happenings.filter(({ kind }) => kind === 'roll').map(({ at }) => at)
      expect(during.filter(({ at }) => !rolls.includes(at))).toEqual([])
    }
  })

  test.each(SEEDS)(
    'seed %i: a continuous symbol has its contract’s quote, before the roll and behind it',
    seed => {
      const truth = truthOf(seed, 3)
      const word = truth.markets.find(({ means }) => means !== undefined)
      const rolledAt = truth.happenings.find(({ kind }) => kind === 'roll')?.at ?? 0
      const quotes = quotesOver(truth)
      for (const { at } of truth.settled) {
        const now = quotes(at)
        expect(now.get(word?.key ?? '')).toEqual(now.get(word?.means?.[at < rolledAt ? 0 : 1] ?? ''))
      }
    },
  )

  test.each(SEEDS)('seed %i: fills happen at the sides that stand, a tick worse at most', seed => {
    const truth = truthOf(seed, 3)
    expect(truth.orders.length).toBeGreaterThan(5)
    const quotes = quotesOver(truth)
    for (const { at, fills, market, quantity, side } of truth.orders) {
      const { ask, bid } = quotes(at).get(market) ?? {}
      const standing = side === 'buy' ? ask : bid
      expect(fills[0]?.price).toEqual(standing)
      const total = fills.reduce(
        (sum, fill) => sum + Number(fill.quantity.mantissa) / 10 ** fill.quantity.scale,
        0,
      )
      expect(total).toBeCloseTo(Number(quantity.mantissa) / 10 ** quantity.scale, 9)
    }
  })
})

describe('contract months', () => {
  test.each([
    ['2026-12-18T14:29:59Z', 'NQZ6', 'NQH7'],
    ['2026-12-18T14:30:00Z', 'NQH7', 'NQM7'],
    ['2026-01-02T00:00:00Z', 'NQH6', 'NQM6'],
  ])('at %s the next two are %s and %s: third Fridays', (at, front, next) => {
    const contracts = nextContracts(Date.parse(at) * 1_000)
    expect(contracts.map(month => shortSymbol('NQ', month))).toEqual([front, next])
  })
})

function productOf({ markets }: Truth, key: string) {
  const market = markets.find(one => one.key === key)
  if (market === undefined) throw new Error(key)
  return market.product
}

function decimal(mantissa: number): Decimal {
  return { mantissa, scale: 0 }
}

import { describe, expect, test } from 'vitest'
import { FeedtapeError } from '../../src/model/errors.ts'
import { QuoteBook } from '../../src/normalize/index.ts'
import { type GroupView, type MarkRule, markOf, parseMarkChain, type QuoteView } from '../../src/pnl/index.ts'
import { decimal, textOf } from './decimals.ts'

interface Sides {
  readonly last?: Partial<GroupView>
  readonly bid?: Partial<GroupView>
  readonly ask?: Partial<GroupView>
}

function quote(sides: Sides, delay?: number): QuoteView {
  return {
    group(name) {
      const side = sides[name]
      return side === undefined
        ? undefined
        : { price: undefined, at: 1_000, seq: 7, packet: 2, source: { delay }, ...side }
    },
  }
}

const at100 = { price: decimal('100') }

describe('a mark chain', () => {
  test.each(['', 'close', 'last,', 'last,last', 'LAST', 'exit_side'])('%j cannot be read', text => {
    expect(() => parseMarkChain(text)).toThrow(FeedtapeError)
  })

  test('that cannot be read is answered with the words there are', () => {
    try {
      parseMarkChain('exit-side,bid')
    } catch (error) {
      expect(error).toMatchObject({
        code: 'usage',
        where: '--mark',
        expected: 'last, exit-side, mid, each at most once, separated by commas',
        found: '"exit-side,bid"',
      })
    }
    expect.assertions(1)
  })

  test('is its rules in order', () => {
    expect(parseMarkChain('last')).toEqual(['last'])
    expect(parseMarkChain('exit-side, mid,last')).toEqual(['exit-side', 'mid', 'last'])
  })
})

describe('a position without a mark', () => {
  const cases: readonly [string, Sides, 'long' | 'short', readonly MarkRule[], object][] = [
    ['no quote group', {}, 'long', ['last'], { reason: 'no price yet', from: 'last' }],
    ['a group without a price', { last: {} }, 'long', ['last'], { reason: 'no price yet', from: 'last' }],
    [
      'a price that is gone',
      { bid: { price: null } },
      'long',
      ['exit-side'],
      { reason: 'no price now', from: 'bid' },
    ],
    ['the other side only', { bid: at100 }, 'short', ['exit-side'], { reason: 'no price yet', from: 'ask' }],
    ['half a mid', { bid: at100 }, 'long', ['mid'], { reason: 'no price yet', from: 'ask' }],
    ['a chain at its end', { ask: at100 }, 'long', ['mid', 'last'], { reason: 'no price yet', from: 'last' }],
  ]
  test.each(cases)('%s', (_, sides, side, chain, reason) => {
    expect(markOf(quote(sides), side, chain, 1_000, 50)).toEqual({ kind: 'unpriced', ...reason })
  })

  test('says since when it is stale', () => {
    expect(markOf(quote({ last: at100 }), 'long', ['last'], 1_051, 50)).toEqual({
      kind: 'unpriced',
      reason: 'stale',
      from: 'last',
      since: 1_051,
    })
  })
})

describe('a mark', () => {
  test('tells its price, rule, origin, receipt, wire time, place, end and delay', () => {
    const sides = {
      last: { price: decimal('25650.25'), at: 5, time: 1_766_031_015_000_000, seq: 9, packet: 3 },
    }
    expect(markOf(quote(sides, 600), 'long', ['last'], 6, 50)).toEqual({
      kind: 'marked',
      price: decimal('25650.25'),
      rule: 'last',
      from: 'last',
      at: 5,
      time: 1_766_031_015_000_000,
      seq: 9,
      packet: 3,
      staleAt: 56,
      delay: 600,
    })
  })

  test('a price of zero or below is a price', () => {
    for (const text of ['0', '-37.63']) {
      const mark = markOf(quote({ last: { price: decimal(text) } }), 'long', ['last'], 1_000, 0)
      expect(mark).toMatchObject({ kind: 'marked', price: decimal(text) })
    }
  })

  test.each([
    ['long', 'bid', '99'],
    ['short', 'ask', '101'],
  ] as const)('the exit side of a %s position is the %s', (side, from, price) => {
    const sides = { bid: { price: decimal('99') }, ask: { price: decimal('101') }, last: at100 }
    const mark = markOf(quote(sides), side, ['exit-side', 'last'], 1_000, 50)
    expect(mark).toMatchObject({ kind: 'marked', rule: 'exit-side', from, price: decimal(price) })
  })

  test('of the age of staleAfter still counts, and a microsecond later it does not', () => {
    const view = quote({ last: { price: decimal('1'), at: 1_000 } })
    expect(markOf(view, 'long', ['last'], 1_050, 50)).toMatchObject({ kind: 'marked', staleAt: 1_051 })
    expect(markOf(view, 'long', ['last'], 1_051, 50)).toMatchObject({ kind: 'unpriced' })
  })

  test('goes down the chain past what is missing, gone or stale', () => {
    const last = { price: decimal('100'), at: 2_000 }
    for (const bid of [undefined, { price: null }, { price: decimal('99'), at: 1_000 }]) {
      const sides = bid === undefined ? { last } : { bid, last }
      const mark = markOf(quote(sides), 'long', ['exit-side', 'last'], 2_000, 50)
      expect(mark).toMatchObject({ kind: 'marked', rule: 'last', from: 'last' })
    }
  })
})

describe('the mid', () => {
  test.each([
    ['100', '100.25', '100.125'],
    ['0.0000001', '0.0000002', '0.00000015'],
    ['-1', '1', '0'],
  ])('of %s and %s is exactly %s', (bid, ask, mid) => {
    const mark = markOf(
      quote({ bid: { price: decimal(bid) }, ask: { price: decimal(ask) } }),
      'long',
      ['mid'],
      1_000,
      0,
    )
    expect(mark.kind === 'marked' ? textOf(mark.price) : mark.reason).toBe(mid)
  })

  test.each([
    [10, 20, 10],
    [20, 10, 10],
    [10, 10, 10],
  ])('has the age of the older side (%i, %i)', (bidAt, askAt, at) => {
    const bid = { price: decimal('1'), at: bidAt, seq: bidAt }
    const ask = { price: decimal('2'), at: askAt, seq: askAt }
    const mark = markOf(quote({ bid, ask }), 'long', ['mid'], 20, 50)
    expect(mark).toMatchObject({ rule: 'mid', from: 'mid', at, seq: at, staleAt: at + 51 })
  })

  test('is none when one side is stale', () => {
    const bid = { price: decimal('1'), at: 0 }
    const ask = { price: decimal('2'), at: 60 }
    expect(markOf(quote({ bid, ask }), 'long', ['mid'], 51, 50)).toMatchObject({
      reason: 'stale',
      from: 'bid',
    })
    expect(markOf(quote({ bid, ask }), 'long', ['mid'], 50, 50)).toMatchObject({ kind: 'marked' })
  })
})

describe('a mark of a merged quote', () => {
  test.each(['last', 'exit-side', 'mid'] as const)('by %s stays as it was when the quote goes on', rule => {
    const book = new QuoteBook()
    const say = (price: string, at: number) => {
      const fields = { last: decimal(price), bid: decimal(price), ask: decimal(price) }
      return book.apply({ kind: 'quote', session: '', name: 'X:Y', fields }, { at, seq: at, packet: 0 }, 1)
    }
    const mark = markOf(say('100', 1), 'long', [rule], 1, 60)
    const before = structuredClone(mark)
    say('101', 2)
    expect(mark).toEqual(before)
    expect(before).toMatchObject({ kind: 'marked', price: decimal('100'), at: 1, seq: 1 })
  })
})

import { Decimal as Oracle } from 'decimal.js'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { InstrumentBook } from '../../src/instruments/index.ts'
import type { PositionObservation, TradedDay } from '../../src/model/account.ts'
import { decimalText } from '../../src/model/decimal.ts'
import { Ledger } from '../../src/pnl/index.ts'
import type { ObservedAt } from '../../src/pnl/sources/position-source.ts'
import { TapeBroker } from '../../src/pnl/sources/tape-broker.ts'
import { brokersRealized } from '../../src/pnl/sources/tape-broker-money.ts'
import { decimal, textOf } from './decimals.ts'

let ledger: Ledger
let source: TapeBroker
let seq = 0

beforeEach(() => {
  ledger = new Ledger({
    chain: ['last'],
    staleAfter: 60_000_000,
    instruments: new InstrumentBook(),
    quoteOf: () => undefined,
  })
  source = new TapeBroker({ ledger, canonical: name => name })
  seq = 0
})

const placeAt = (at: number): ObservedAt => {
  return { tape: 't', index: 0, conn: 1, seq: at, packet: 0, feed: 'tradovate-user-data', isLead: false }
}

/** The next message's. */
function place(): ObservedAt {
  seq += 1
  return placeAt(seq)
}

type More = Partial<PositionObservation>

function wordOf(quantity: string, averagePrice?: string, more: More = {}): PositionObservation {
  return {
    kind: 'position',
    session: '',
    name: 'MNQH6',
    change: 'updated',
    id: '700',
    account: '1',
    quantity: decimal(quantity),
    ...(averagePrice === undefined ? {} : { averagePrice: decimal(averagePrice) }),
    ...more,
  }
}

/** `bought at sold at previous price`. */
function dayOf(text: string): TradedDay {
  const [bought = '0', boughtValue = '0', sold = '0', soldValue = '0', previous = '0', price] =
    text.split(' ')
  return {
    bought: decimal(bought),
    boughtValue: decimal(boughtValue),
    sold: decimal(sold),
    soldValue: decimal(soldValue),
    previous: decimal(previous),
    ...(price === undefined ? {} : { previousPrice: decimal(price) }),
  }
}

const say = (word: PositionObservation) => source.position(word, place(), seq)
const list = (at: ObservedAt) =>
  source.listing({ kind: 'listing', of: 'position', session: '', name: '', account: '1' }, at, at.seq)

/** `quantity average realized`, the last in money at 2 a point; a dash for what is not known. */
function shown(key = 'MNQH6'): string {
  const { quantity, average, realized } = ledger.position(key) ?? {}
  return [quantity, average, realized].map(value => textOf(value) ?? '–').join(' ')
}

describe('what is not ours or not the newest', () => {
  test('a position of a second account is refused, and both are named', () => {
    say(wordOf('1', '100'))
    expect(() => say(wordOf('1', '100', { account: '2', id: '701' }))).toThrow(
      expect.objectContaining({ code: 'ambiguous', found: '1, 2' }),
    )
  })

  test('an account that was asked for and has none is refused, and those that have are named', () => {
    source = new TapeBroker({ ledger, canonical: name => name }, '3')
    say(wordOf('1', '100'))
    expect(() => source.report()).toThrow(expect.objectContaining({ code: 'bad-positions', found: '1' }))
  })

  test('with an account, the other one’s position of the same contract stays out', () => {
    source = new TapeBroker({ ledger, canonical: name => name }, '1')
    say(wordOf('1', '100'))
    say(wordOf('5', '90', { account: '2', id: '701' }))
    expect(shown()).toBe('1 100 –')
    expect(source.report()).toMatchObject({ contracts: 1, otherAccounts: ['2'] })
  })

  test('an older word that comes late changes nothing and is counted, also of another entity', () => {
    say(wordOf('2', '101', { time: 20 }))
    say(wordOf('1', '100', { time: 10, id: '699' }))
    expect(shown()).toBe('2 101 –')
    say(wordOf('1', '100', { time: 20 }))
    expect(shown()).toBe('1 100 –')
    expect(source.report()).toMatchObject({ words: 2, outdated: 1 })
  })
})

describe('flat', () => {
  test('is flat with a prevPos and a price: there is nothing open', () => {
    say(wordOf('0', '100', { day: dayOf('0 0 2 210 2 100') }))
    expect(shown()).toBe('0 – 20')
    expect(textOf(ledger.position('MNQH6')?.unrealized)).toBe('0')
  })

  test('has no netPrice, and its day was worth what was sold less what was bought', () => {
    say(wordOf('0', undefined, { day: dayOf('1 6662.5 1 6663 0') }))
    expect(shown()).toBe('0 – 1')
  })

  test('is no unknown position: nothing is told of what was realized, and so it is not 0', () => {
    say(wordOf('0'))
    expect(shown()).toBe('0 – –')
    expect(ledger.position('MNQH6')?.net).toBeUndefined()
  })
})

describe('an open position without a price', () => {
  test('that nobody traded today stands at the price of the day before', () => {
    say(wordOf('2', undefined, { day: dayOf('0 0 0 0 2 100.5') }))
    expect(shown()).toBe('2 100.5 0')
  })

  test.each([
    ['that was traded today', { day: dayOf('1 101 0 0 1 100') }],
    ['of whose day nothing is said', {}],
  ] as const)('%s is worth nothing that is known: unpriced, and never at 0', (_, more) => {
    say(wordOf('2', undefined, more))
    expect(shown()).toBe('2 – –')
    expect(ledger.position('MNQH6')).toMatchObject({
      unrealized: undefined,
      net: undefined,
      unpriced: { reason: 'average unknown' },
    })
  })

  test('is known again with the next word', () => {
    say(wordOf('2'))
    say(wordOf('2', '100', { day: dayOf('2 200 0 0 0') }))
    expect(shown()).toBe('2 100 0')
  })
})

describe('the same position', () => {
  test('told again is no news and is counted', () => {
    const day = dayOf('1 100 0 0 0')
    expect(say(wordOf('1', '100', { day }))).toEqual([{ kind: 'position', key: 'MNQH6' }])
    expect(say(wordOf('1.0', '100.00', { day, change: 'snapshot', time: 5 }))).toEqual([])
    expect(source.report()).toMatchObject({ words: 1, repeated: 1 })
  })

  test('deleted is flat, whole or by its id alone, and nobody has said at what price', () => {
    for (const isWhole of [true, false]) {
      say(wordOf('1', '100'))
      const gone = { kind: 'deletion', session: '', name: '', change: 'deleted', of: 'position' } as const
      if (isWhole) say(wordOf('1', '100', { change: 'deleted' }))
      else source.takeBack({ ...gone, id: '700' }, place(), seq)
      expect(shown()).toBe('0 – –')
    }
    expect(source.report()).toMatchObject({ takenBack: 2 })
  })

  test('is not gone with an entity that another has followed', () => {
    say(wordOf('1', '100', { id: '699' }))
    say(wordOf('2', '101', { id: '700' }))
    say(wordOf('1', '100', { id: '699', change: 'deleted' }))
    expect(shown()).toBe('2 101 –')
  })
})

describe('a whole list', () => {
  test('makes flat what it does not have, confirms what it has, and leaves flat ones alone', () => {
    for (const [index, name] of ['MNQH6', 'MESH6', 'SIH6'].entries()) {
      say(wordOf(name === 'SIH6' ? '0' : '1', '100', { name, id: String(700 + index) }))
    }
    ledger.doubt(seq)
    const answer = place()
    source.position(wordOf('1', '100', { change: 'snapshot' }), answer, seq)
    expect(list(answer)).toEqual([
      { kind: 'position', key: 'MESH6' },
      { kind: 'confirmed', key: 'SIH6' },
    ])
    expect([shown('MNQH6'), shown('MESH6')]).toEqual(['1 100 –', '0 – –'])
    expect(ledger.positions().map(({ uncertainSince }) => uncertainSince)).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(source.report()).toMatchObject({ unlisted: 1 })
  })

  test('of another message has nothing of this one', () => {
    source.position(wordOf('1', '100', { change: 'snapshot' }), placeAt(1), 1)
    list(placeAt(2))
    expect(shown()).toBe('0 – –')
  })
})

describe('what was realized in the day', () => {
  test.each([
    ['a part of the day is not said', wordOf('1', '100')],
    ['what was held before has no price', wordOf('0', undefined, { day: dayOf('0 0 1 100 1') })],
    ['the parts contradict the position', wordOf('2', '100', { day: dayOf('1 100 0 0 0') })],
  ])('is not known where %s', (_, word) => {
    expect(brokersRealized(word)).toBe('unknown')
  })

  test('is the sum over the units that were closed, each against the oldest, to the last digit', () => {
    // Units at average cost: what a broker that averages calls netPrice, exactly, where it divides.
    const trades = fc.array(
      fc.record({ side: fc.constantFrom(1, -1), cents: fc.integer({ min: -5000, max: 999_999 }) }),
      { minLength: 1, maxLength: 12 },
    )
    fc.assert(
      fc.property(trades, fc.integer({ min: -3, max: 3 }), (done, held) => {
        const lots: { side: number; price: Oracle }[] = []
        const previousPrice = new Oracle('123.45')
        for (let unit = 0; unit < Math.abs(held); unit += 1)
          lots.push({ side: Math.sign(held), price: previousPrice })
        let realized = new Oracle(0)
        const sums = { bought: 0, boughtValue: new Oracle(0), sold: 0, soldValue: new Oracle(0) }
        for (const { side, cents } of done) {
          const price = new Oracle(cents).div(100)
          const first = lots[0]
          if (first === undefined || first.side === side) lots.push({ side, price })
          else {
            lots.shift()
            realized = realized.plus(price.minus(first.price).times(first.side))
          }
          if (side > 0) {
            sums.bought += 1
            sums.boughtValue = sums.boughtValue.plus(price)
          } else {
            sums.sold += 1
            sums.soldValue = sums.soldValue.plus(price)
          }
        }
        const open = lots.reduce((sum, { price }) => sum.plus(price), new Oracle(0))
        const quantity = lots.length * (lots[0]?.side ?? 0)
        // A quotient of cents by up to 15 units may not end: the word is made of those that do.
        const average = lots.length === 0 ? undefined : open.div(lots.length)
        fc.pre(average === undefined || average.decimalPlaces() <= 8)
        const word = wordOf(String(quantity), average?.toFixed(), {
          day: {
            bought: decimal(String(sums.bought)),
            boughtValue: decimal(sums.boughtValue.toFixed()),
            sold: decimal(String(sums.sold)),
            soldValue: decimal(sums.soldValue.toFixed()),
            previous: decimal(String(held)),
            ...(held === 0 ? {} : { previousPrice: decimal(previousPrice.toFixed()) }),
          },
        })
        const ours = brokersRealized(word)
        expect(ours === 'unknown' ? ours : decimalText(ours)).toBe(realized.toFixed())
      }),
      { seed: 20260302, numRuns: 300 },
    )
  })
})

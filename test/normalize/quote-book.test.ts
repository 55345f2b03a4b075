import { describe, expect, it } from 'vitest'
import { Identities } from '../../src/instruments/index.ts'
import { type Decimal, decimalFromText, decimalText } from '../../src/model/decimal.ts'
import type { QuoteFields } from '../../src/model/quote.ts'
import { QuoteBook } from '../../src/normalize/index.ts'

const decimal = (text: string): Decimal => decimalFromText(text) ?? { mantissa: Number.NaN, scale: 0 }
const T = 1_772_463_600_000_000

/** A book and a way to say things to it, one a second. */
function room(canonical?: (name: string) => string) {
  const book = new QuoteBook(canonical)
  let second = 0
  const say = (session: string, name: string, fields: QuoteFields, conn = 1, tape = 0) => {
    second += 1
    return book.apply(
      { kind: 'quote', session, name, fields },
      { at: T + second * 1_000_000, seq: second, packet: 0 },
      conn,
      tape,
    )
  }
  return { book, say }
}

const last = (price: string, time?: number): QuoteFields => {
  return { last: decimal(price), ...(time === undefined ? {} : { lastTime: T + time }) }
}
const shown = (quote: ReturnType<QuoteBook['apply']>) => {
  const { price, at } = quote.group('last') ?? {}
  return {
    price: price === null || price === undefined ? price : decimalText(price),
    second: ((at ?? T) - T) / 1_000_000,
  }
}

describe('the last price', () => {
  it('is not replaced by one with an older wire time, whichever key, connection or tape that comes by', () => {
    for (const [conn, tape] of [
      [1, 0],
      [2, 0],
      [1, 1],
    ] as const) {
      const { say } = room()
      say('a', 'X:Y', last('100', 10))
      const quote = say('b', 'X:Y', last('90', 9), conn, tape)
      expect({ ...shown(quote), late: quote.late }).toEqual({ price: '100', second: 1, late: 1 })
    }
  })

  it('is replaced by one of the same time, and by one without a time', () => {
    const { say } = room()
    say('a', 'X:Y', last('100', 10))
    expect(shown(say('b', 'X:Y', last('101', 10)))).toEqual({ price: '101', second: 2 })
    expect(shown(say('b', 'X:Y', last('102')))).toEqual({ price: '102', second: 3 })
    // The time that was seen before still guards.
    expect(shown(say('a', 'X:Y', last('99', 9)))).toEqual({ price: '102', second: 3 })
  })

  it('is renewed by a newer time alone, but not by the same time again, nor by no time', () => {
    const { say } = room()
    say('a', 'X:Y', last('100', 10))
    expect(shown(say('a', 'X:Y', { lastTime: T + 10 }))).toEqual({ price: '100', second: 1 })
    expect(shown(say('a', 'X:Y', { lastTime: null }))).toEqual({ price: '100', second: 1 })
    expect(shown(say('a', 'X:Y', { lastTime: T + 11 }))).toEqual({ price: '100', second: 4 })
  })

  it('of one key is not revived by its time alone over another key’s newer one', () => {
    const { say } = room()
    say('a', 'X:Y', last('100', 10))
    say('b', 'X:Y', last('110', 11))
    expect(shown(say('a', 'X:Y', { lastTime: T + 12 }))).toEqual({ price: '110', second: 2 })
    say('a', 'X:Y', last('110', 13))
    expect(shown(say('b', 'X:Y', { lastTime: T + 14 }))).toEqual({ price: '110', second: 5 })
  })

  it('is not made of a time alone: a key that gave no price has none to renew', () => {
    const { say } = room()
    expect(say('a', 'X:Y', { lastTime: T + 10 }).group('last')).toBeUndefined()
  })

  it('can be taken back: null is a value', () => {
    const { say } = room()
    say('a', 'X:Y', last('100', 10))
    expect(shown(say('a', 'X:Y', { last: null })).price).toBeNull()
  })

  it('stays when its connection ends, and the key’s memory does not', () => {
    const { book, say } = room()
    say('a', 'X:Y', last('100', 10))
    book.disconnect(1)
    expect(shown(say('a', 'X:Y', { lastTime: T + 20 }))).toEqual({ price: '100', second: 1 })
  })
})

describe('the other groups', () => {
  it('of a packet that names an older time, the day’s fields are old too', () => {
    const { say } = room()
    say('a', 'X:Y', { ...last('100', 10), volume: decimal('1000'), high: decimal('101') })
    const quote = say('b', 'X:Y', {
      ...last('90', 9),
      volume: decimal('900'),
      high: decimal('100'),
      bid: decimal('99'),
    })
    expect(quote.fields).toMatchObject({ volume: decimal('1000'), high: decimal('101'), bid: decimal('99') })
  })

  it('an older bid by its own time replaces nothing', () => {
    const { say } = room()
    say('a', 'X:Y', { bid: decimal('100'), bidTime: T + 10 })
    const quote = say('b', 'X:Y', { bid: decimal('90'), bidTime: T + 9 })
    expect(quote.group('bid')).toMatchObject({ price: decimal('100'), seq: 1 })
  })

  it('a price carries the delay of the key that it came by, not of the last one that spoke', () => {
    const { say } = room()
    say('a', 'X:Y', { ...last('100'), mode: 'delayed_streaming_600', delay: 600 })
    const quote = say('b', 'X:Y', { mode: 'streaming', delay: 0 })
    expect(quote.group('last')?.source.delay).toBe(600)
  })

  it('absent is unchanged, and zero is a value', () => {
    const { say } = room()
    say('a', 'X:Y', { bid: decimal('100'), bidSize: decimal('5') })
    const quote = say('a', 'X:Y', { bidSize: decimal('0') })
    expect(quote.fields).toEqual({ bid: decimal('100'), bidSize: decimal('0') })
    expect(quote.group('bid')?.seq).toBe(1)
  })
})

describe('names', () => {
  it('of another currency, adjustment or session are other instruments, and a bare decoration is none', () => {
    const { book, say } = room()
    for (const name of ['X:Y', '={"symbol":"X:Y"}', '={"metric":"price","symbol":"X:Y"}'])
      say('a', name, last('1'))
    say('a', '={"currency-id":"USD","symbol":"X:Y"}', last('2'))
    say('a', '={"symbol":"X:Y","metric":"price","currency-id":"USD"}', last('3'))
    expect(book.quotes().map(quote => [quote.name, quote.updates])).toEqual([
      ['X:Y', 3],
      ['={"currency-id":"USD","symbol":"X:Y"}', 2],
    ])
  })

  it('a bare name is guarded by the times of its instrument, whichever came first', () => {
    for (const names of [
      ['NQ1!', 'CME_MINI:NQ1!'],
      ['CME_MINI:NQ1!', 'NQ1!'],
    ] as const) {
      const identities = new Identities((bare, instrument) => book.rename(bare, instrument))
      const { book, say } = room(name => identities.canonical(name))
      say('a', names[0], last('25600', 10))
      const quote = say('b', names[1], last('25500', 0))
      expect([quote.name, shown(quote).price]).toEqual(['CME_MINI:NQ1!', '25600'])
      expect(book.quotes()).toHaveLength(1)
    }
  })
})

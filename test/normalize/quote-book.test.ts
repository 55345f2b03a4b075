import { describe, expect, it } from 'vitest'
import { Identities } from '../../src/instruments/index.ts'
import { type Decimal, decimalFromText, decimalText } from '../../src/model/decimal.ts'
import { QUOTE_FIELD_NAMES, QUOTE_FIELDS, type QuoteFields } from '../../src/model/quote.ts'
import { QuoteBook } from '../../src/normalize/index.ts'

const decimal = (text: string): Decimal => decimalFromText(text) ?? { mantissa: Number.NaN, scale: 0 }
const T = 1_772_463_600_000_000
const VALUES = { decimal: decimal('2.5'), time: T, seconds: 600, text: 'word' }

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

  it('keeps its size beside it when one with an older wire time comes, and so do bid and ask', () => {
    const { say } = room()
    const sized = (size: string, time: number): QuoteFields => ({
      ...last('100', time),
      lastSize: decimal(size),
      bid: decimal('99'),
      bidSize: decimal(size),
      bidTime: T + time,
      ask: decimal('101'),
      askSize: decimal(size),
      askTime: T + time,
    })
    say('a', 'X:Y', sized('1', 10))
    const late = say('b', 'X:Y', sized('2', 9)).fields
    expect([late.lastSize, late.bidSize, late.askSize]).toEqual([decimal('1'), decimal('1'), decimal('1')])
    const newer = say('b', 'X:Y', sized('3', 10)).fields
    expect([newer.lastSize, newer.bidSize, newer.askSize]).toEqual([decimal('3'), decimal('3'), decimal('3')])
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

describe('what a quote gives', () => {
  const FIRST: QuoteFields = {
    ...last('100', 10),
    bid: decimal('99'),
    bidSize: decimal('5'),
    volume: decimal('1000'),
    mode: 'streaming',
    delay: 0,
  }
  const SECOND: QuoteFields = {
    ...last('101', 11),
    bid: null,
    bidSize: decimal('6'),
    volume: decimal('1001'),
    mode: 'delayed_streaming_600',
    delay: 600,
  }

  it('stays with the reader as it was, whatever is said later', () => {
    const { say } = room()
    const quote = say('a', 'X:Y', FIRST)
    const kept = () => ({ fields: quote.fields, last: quote.group('last'), bid: quote.group('bid') })
    const before = kept()
    const asItWas = structuredClone({
      fields: before.fields,
      last: before.last?.price,
      bid: before.bid?.price,
    })
    const places = [before.last, before.bid].map(point => [point?.at, point?.time, point?.seq, point?.packet])
    say('a', 'X:Y', SECOND)
    expect({ fields: before.fields, last: before.last?.price, bid: before.bid?.price }).toEqual(asItWas)
    expect([before.last, before.bid].map(p => [p?.at, p?.time, p?.seq, p?.packet])).toEqual(places)
    expect(kept().fields).not.toEqual(asItWas.fields)
  })

  it('is not changed by what the reader or the decoder does to theirs', () => {
    const { say } = room()
    const price = { mantissa: 100, scale: 0 }
    const quote = say('a', 'X:Y', { last: price })
    price.mantissa = 1
    Object.assign(quote.group('last')?.price ?? {}, { mantissa: 2 })
    Object.assign(quote.fields, { last: null })
    expect([quote.fields, shown(quote).price]).toEqual([{ last: decimal('100'), lastTime: null }, '100'])
  })

  it('is every field that was said, and the others are absent', () => {
    const { say } = room()
    for (const fields of [FIRST, SECOND, {}]) say('a', 'X:Y', fields)
    expect(say('a', 'X:Y', {}).fields).toEqual(SECOND)
    for (const field of QUOTE_FIELD_NAMES) {
      const value = VALUES[QUOTE_FIELDS[field].type]
      for (const said of [value, null]) {
        const { fields } = say('b', `X:${field}`, { last: decimal('1'), [field]: said })
        const isGuard = field === 'bidTime' || field === 'askTime'
        expect(fields).toEqual({ last: decimal('1'), lastTime: null, ...(isGuard ? {} : { [field]: said }) })
      }
    }
  })

  it('names its fields in one order, whatever came first', () => {
    const { say } = room()
    say('a', 'X:Y', { askSize: decimal('3'), ask: decimal('2') })
    expect(Object.keys(say('a', 'X:Y', { last: decimal('1') }).fields)).toEqual([
      'last',
      'lastTime',
      'ask',
      'askSize',
    ])
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
      const identities = new Identities({ moved: (from, to) => book.move(from, to) })
      const { book, say } = room(name => identities.canonical(name))
      say('a', names[0], last('25600', 10))
      const quote = say('b', names[1], last('25500', 0))
      expect([quote.name, shown(quote).price]).toEqual(['CME_MINI:NQ1!', '25600'])
      expect(book.quotes()).toHaveLength(1)
    }
  })
})

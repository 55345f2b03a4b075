import { describe, expect, it } from 'vitest'
import { type Decimal, decimalFromText, decimalText } from '../../src/model/decimal.ts'
import type { QuoteFields } from '../../src/model/quote.ts'
import { QuoteBook } from '../../src/normalize/index.ts'

const decimal = (text: string): Decimal => decimalFromText(text) ?? { mantissa: Number.NaN, scale: 0 }
const T = 1_772_463_600_000_000
const [LIVE, GUEST, OTHER] = [1, 2, 3]
const STREAMING: QuoteFields = { mode: 'streaming', delay: 0 }
const LATE: QuoteFields = { mode: 'delayed_streaming_600', delay: 600 }

/** A book, and a way to say things to it at a second. */
function room(feedOf = (conn: number): string => (conn === LIVE ? 'one' : 'another')) {
  const book = new QuoteBook(name => name, feedOf)
  let seq = 0
  const say = (second: number, conn: number, fields: QuoteFields, session = 's') => {
    seq += 1
    const receipt = { at: T + second * 1_000_000, seq, packet: 0 }
    return book.apply({ kind: 'quote', session, name: 'X:Y', fields }, receipt, conn)
  }
  const sides = () => {
    const quote = book.quote('X:Y')
    return (['last', 'bid', 'ask'] as const).map(group => {
      const price = quote?.group(group)?.price
      return price === null || price === undefined ? price : decimalText(price)
    })
  }
  return { book, say, sides }
}

const priced = (last: string, bid: string, ask: string): QuoteFields => ({
  last: decimal(last),
  bid: decimal(bid),
  ask: decimal(ask),
})
const NOW = priced('100', '99', '101')
const BEFORE = priced('90', '89', '91')
const at = (second: number): QuoteFields => ({ lastTime: T + second * 1_000_000 })

describe('a delayed connection beside a live one', () => {
  it.each([
    ['that declares to be live', STREAMING],
    ['that declares nothing', {}],
  ])('does not replace what one says %s, with no time of the wire on both sides', (_, mode) => {
    for (const [own, its] of [
      [{}, {}],
      [at(1), {}],
      [{}, at(-599)],
    ]) {
      const { say, sides } = room()
      say(1, LIVE, { ...NOW, ...mode, ...own })
      const quote = say(2, GUEST, { ...BEFORE, ...LATE, ...its })
      expect(sides()).toEqual(['100', '99', '101'])
      expect([quote.late, quote.group('bid')?.source.key.conn]).toEqual([3, LIVE])
    }
  })

  it('is judged by what its packet declares, wherever in the packet that stands', () => {
    for (const fields of [
      { ...BEFORE, ...LATE },
      { ...LATE, ...BEFORE },
    ]) {
      const { say, sides } = room()
      say(1, LIVE, NOW)
      say(2, GUEST, fields)
      expect(sides()).toEqual(['100', '99', '101'])
    }
  })

  it('replaces neither a size nor the day’s figures, and says of itself how it streams', () => {
    const { say } = room()
    const sized = (size: string): QuoteFields => ({
      lastSize: decimal(size),
      bidSize: decimal(size),
      askSize: decimal(size),
      volume: decimal(size),
    })
    say(1, LIVE, { ...NOW, ...sized('1') })
    const { fields } = say(2, GUEST, { ...BEFORE, ...sized('2'), ...LATE })
    expect(fields).toMatchObject({ ...sized('1'), ...LATE })
  })

  it('neither takes a price away nor brings one back where the live one has none', () => {
    const { say, sides } = room()
    say(1, LIVE, NOW)
    say(2, GUEST, { ...LATE, bid: null, last: null })
    expect(sides()).toEqual(['100', '99', '101'])
    say(3, LIVE, { bid: null })
    say(4, GUEST, { bid: decimal('89') })
    expect(sides()).toEqual(['100', null, '101'])
  })

  it('does not take over a price by its time alone', () => {
    const { say } = room()
    say(1, LIVE, { last: decimal('100') })
    say(2, GUEST, { last: decimal('100'), ...LATE })
    expect(say(3, GUEST, at(-597)).group('last')?.source.key.conn).toBe(LIVE)
  })

  it('gets through when its moment is as late as that of what stands, whether the other is gone or only silent', () => {
    for (const isGone of [true, false]) {
      const { book, say, sides } = room()
      say(1, LIVE, NOW)
      if (isGone) book.disconnect(LIVE)
      say(600.999999, GUEST, { ...BEFORE, ...LATE })
      expect(sides()).toEqual(['100', '99', '101'])
      say(601, GUEST, BEFORE)
      expect(sides()).toEqual(['90', '89', '91'])
    }
  })

  it('is not asked for its delay where both have a time of the wire', () => {
    const { say, sides } = room()
    say(1, LIVE, { last: decimal('100'), ...at(-700) })
    say(2, GUEST, { last: decimal('90'), ...at(-599), ...LATE })
    expect(sides()[0]).toBe('90')
  })
})

describe('a delay that is declared late, or anew', () => {
  it('leaves the next word of the live connection to put right what came before the first one', () => {
    const { say, sides } = room()
    say(1, LIVE, NOW)
    say(2, GUEST, BEFORE)
    expect(sides()).toEqual(['90', '89', '91'])
    say(3, GUEST, LATE)
    say(4, LIVE, NOW)
    say(5, GUEST, BEFORE)
    expect(sides()).toEqual(['100', '99', '101'])
  })

  it('holds for what was said before the first one: another delayed connection may replace that', () => {
    const { say, sides } = room()
    say(1, GUEST, NOW)
    say(2, GUEST, LATE)
    say(3, OTHER, { ...BEFORE, ...LATE })
    expect(sides()).toEqual(['90', '89', '91'])
  })

  it('is taken for that of a socket that comes again, until it says other', () => {
    const { book, say, sides } = room()
    say(1, GUEST, { ...BEFORE, ...LATE })
    say(2, LIVE, NOW)
    book.disconnect(GUEST)
    const quote = say(3, OTHER, BEFORE)
    expect(sides()).toEqual(['100', '99', '101'])
    say(4, OTHER, { ...STREAMING, bid: decimal('95') })
    expect(sides()).toEqual(['100', '95', '101'])
    expect(quote.group('bid')?.source.delay).toBe(0)
  })

  it('is not taken for that of a new socket where the feed was live under this name as well', () => {
    const { say, sides } = room(() => 'one')
    say(1, GUEST, { ...BEFORE, ...LATE })
    say(2, LIVE, { ...NOW, ...STREAMING })
    say(3, OTHER, priced('110', '109', '111'))
    expect(sides()).toEqual(['110', '109', '111'])
  })

  it('leaves a price the moment that it had: live from now on does not make it young, late from now on not old', () => {
    const { say, sides } = room()
    say(1, GUEST, { ...NOW, ...LATE })
    say(2, GUEST, STREAMING)
    say(3, OTHER, { ...BEFORE, ...LATE })
    expect(sides()).toEqual(['90', '89', '91'])

    const later = room()
    later.say(1, LIVE, { ...NOW, ...STREAMING })
    later.say(2, LIVE, LATE)
    later.say(3, OTHER, { ...BEFORE, ...LATE })
    expect(later.sides()).toEqual(['100', '99', '101'])
  })
})

describe('one connection', () => {
  it('is believed in the order in which it speaks, whatever it declares meanwhile and by which session', () => {
    const { say, sides } = room()
    say(1, LIVE, { ...NOW, ...STREAMING })
    say(2, LIVE, { ...BEFORE, ...LATE })
    expect(sides()).toEqual(['90', '89', '91'])
    say(3, LIVE, { ...NOW, ...STREAMING }, 'other')
    say(4, LIVE, BEFORE)
    expect(sides()).toEqual(['90', '89', '91'])
  })

  it('that is delayed and alone, or beside others just as late, is taken in the order of receipt', () => {
    const { say, sides } = room()
    say(1, GUEST, { ...BEFORE, ...LATE })
    say(2, GUEST, NOW)
    expect(sides()).toEqual(['100', '99', '101'])
    say(3, OTHER, { ...BEFORE, ...LATE })
    expect(sides()).toEqual(['90', '89', '91'])
    say(4, GUEST, NOW)
    expect(sides()).toEqual(['100', '99', '101'])
  })
})

describe('two words that are found to be one', () => {
  it.each(['moves to the live one', 'is where the live one moves'])(
    'keep what is of the later moment, if the delayed one %s',
    which => {
      const book = new QuoteBook(name => name)
      const say = (name: string, second: number, conn: number, fields: QuoteFields) =>
        book.apply(
          { kind: 'quote', session: 's', name, fields },
          { at: T + second * 1_000_000, seq: second, packet: 0 },
          conn,
        )
      say('LIVE', 1, LIVE, { ...NOW, volume: decimal('7') })
      say('LATE', 2, GUEST, { ...BEFORE, ...LATE, volume: decimal('6') })
      const [from, to] = which.startsWith('moves') ? ['LATE', 'LIVE'] : ['LIVE', 'LATE']
      book.move(from, to)
      expect(book.quote(to)?.fields).toMatchObject({ ...NOW, volume: decimal('7') })
    },
  )
})

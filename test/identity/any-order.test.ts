import { describe, expect, it } from 'vitest'
import { Identities, readConfig } from '../../src/instruments/index.ts'
import { type Decimal, decimalFromText, decimalText } from '../../src/model/decimal.ts'
import type { InstrumentFacts } from '../../src/model/observation.ts'
import { QUOTE_FIELDS, type QuoteField, type QuoteFields } from '../../src/model/quote.ts'
import { type Random, randomInteger, seededRandom } from '../../src/model/random.ts'
import { type InstrumentQuote, QuoteBook } from '../../src/normalize/index.ts'

const DATE = Date.parse('2026-03-02') * 1_000
const CONTRACT = 'CME_MINI:NQZ2026'
const NAMES = ['3267315', 'NQZ6', 'NQZ26', CONTRACT, 'NQ1!', 'CME_MINI:NQ1!', 'CME:NQ1!'] as const

/** All that says who is who; none contradicts another. */
const EQUATIONS: readonly InstrumentFacts[] = [
  { kind: 'instrument', session: '', name: '3267315', symbol: 'NQZ6' },
  { kind: 'instrument', session: '', name: 'CME_MINI:NQ1!', front: CONTRACT },
]
const ONE_FRONT: readonly InstrumentFacts[] = [
  { kind: 'instrument', session: '', name: '3267315', symbol: 'NQZ6' },
  { kind: 'instrument', session: '', name: '3267315', symbol: 'NQZ6', isFront: true },
]

type Say = { readonly name: string; readonly fields: QuoteFields; readonly at: number }

const decimal = (number: number): Decimal => decimalFromText(String(number)) ?? { mantissa: 0, scale: 0 }

/** Updates of one market in all its words. Prices have their times, or (`isTimed` false) none has one. */
function updates(random: Random, isTimed: boolean): Say[] {
  return Array.from({ length: randomInteger(random, 1, 30) }, (_, index) => {
    const time = DATE + randomInteger(random, 1, 12)
    const price = decimal(randomInteger(random, 1, 99))
    const timed = (key: 'lastTime' | 'bidTime' | 'askTime') => (isTimed ? { [key]: time } : {})
    // The book lets the size of a late price stand beside a newer price: sizes come without times.
    const size = (key: 'lastSize' | 'bidSize' | 'askSize') => (isTimed ? {} : { [key]: price })
    const kinds: readonly QuoteFields[] = [
      { last: price, ...size('lastSize'), ...timed('lastTime') },
      { bid: price, ...size('bidSize'), ...timed('bidTime') },
      { ask: price, ...size('askSize'), ...timed('askTime') },
      { mode: `m${index}`, delay: index, marketState: 'x' },
      { extended: price, extendedTime: time, extendedChange: price, extendedChangePercent: price },
    ]
    const name = NAMES[randomInteger(random, 0, NAMES.length - 1)] ?? CONTRACT
    return { name, at: index + 1, fields: kinds[randomInteger(random, 0, kinds.length - 1)] ?? {} }
  })
}

/** The one quote at the end, where each equation is told before the update of its number. */
function quoteAfter(
  said: readonly Say[],
  equations: readonly (readonly [number, InstrumentFacts])[],
): unknown[] {
  const identities = new Identities({
    date: DATE,
    moved: (from, to) => book.move(from, to),
    rolled: () => book.roll(),
  })
  const book = new QuoteBook(name => identities.canonical(name))
  for (const [index, { name, at, fields }] of said.entries()) {
    for (const [before, facts] of equations) if (before === index) identities.learn(facts)
    book.apply({ kind: 'quote', session: 's', name, fields }, { at, seq: at, packet: 0 }, 1)
  }
  for (const [before, facts] of equations) if (before >= said.length) identities.learn(facts)
  // Every word is met in the end, so that the name does not hang on which were drawn.
  for (const name of NAMES) identities.canonical(name)
  return book.quotes().map(shown)
}

function shown(quote: InstrumentQuote): unknown {
  const { name, updates, fields } = quote
  const groups = (['last', 'bid', 'ask'] as const).map(group => {
    const { at, time } = quote.group(group) ?? {}
    return [group, at, time, quote.newestTime(group)]
  })
  const texts = (Object.keys(fields) as QuoteField[]).map(field => {
    const value = fields[field]
    return [field, QUOTE_FIELDS[field].type === 'decimal' ? decimalText(value as Decimal) : value]
  })
  return { name, updates, groups, texts }
}

describe('the quote of one market', () => {
  it.each([
    ['each price with its time', true, EQUATIONS],
    ['no price with a time', false, EQUATIONS],
    ['each price with its time, by the root’s front', true, ONE_FRONT],
  ])('is the same whenever its words are found to be one: %s', (_, isTimed, equations) => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const random = seededRandom(seed)
      const said = updates(random, isTimed)
      const first = quoteAfter(
        said,
        equations.map(facts => [0, facts] as const),
      )
      expect(first, `seed ${seed}`).toHaveLength(1)
      for (let turn = 0; turn < 4; turn += 1) {
        const order = random.next() < 0.5 ? equations : equations.toReversed()
        const places = order.map(facts => [randomInteger(random, 0, said.length), facts] as const)
        expect(quoteAfter(said, places), `seed ${seed}, at ${places.map(([at]) => at)}`).toEqual(first)
      }
    }
  })

  it('loses no update to a change of its name, and keeps what only one word said', () => {
    const [said, after] = [
      [
        { name: '3267315', at: 1, fields: { bid: decimal(5), volume: decimal(7) } },
        { name: 'NQ1!', at: 2, fields: { ask: decimal(6), high: decimal(9) } },
        { name: 'NQZ6', at: 3, fields: { last: decimal(4) } },
      ],
      [
        [3, { kind: 'instrument', session: '', name: '3267315', symbol: 'NQZ6' }],
        [3, { kind: 'instrument', session: '', name: 'NQ1!', front: 'NQZ6' }],
      ],
    ] as const
    expect(quoteAfter(said, after)).toMatchObject([
      {
        updates: 3,
        texts: [
          ['last', '4'],
          ['lastTime', null],
          ['bid', '5'],
          ['ask', '6'],
          ['volume', '7'],
          ['high', '9'],
        ],
      },
    ])
  })
})

describe('words that contradict each other in every way', () => {
  const WORDS = [
    ...NAMES,
    ...[
      '3267316',
      'NQH7',
      'CME_MINI:NQH2027',
      'BMFBOVESPA:NQ1!',
      'NQ2!',
      'ESZ6',
      'XYZZ6',
      'XYZZ26',
      'X:XYZZ6',
    ],
    ...['XYZ1!', 'TSE:3267315', '={"symbol":"NQ1!","session":"regular"}', 'FRONT', ''],
  ]

  it('lose no update, and each name’s quote stands under what it means', () => {
    for (let seed = 1; seed <= 1_500; seed += 1) {
      const random = seededRandom(seed)
      const word = (): string => WORDS[randomInteger(random, 0, WORDS.length - 1)] ?? ''
      const is = random.next() < 0.3 ? [[word(), word()] as const] : []
      const identities = new Identities({
        date: DATE,
        config: new Map(is.map(([one, other]) => [one, { is: other }])),
        moved: (from, to) => {
          expect(from, `seed ${seed}`).not.toBe(to)
          book.move(from, to)
        },
        rolled: () => book.roll(),
      })
      const book = new QuoteBook(name => identities.canonical(name))
      let said = 0
      for (let step = 1; step <= 40; step += 1) {
        if (random.next() < 0.5) {
          const maybe = <T>(value: T, key: string) => (random.next() < 0.4 ? { [key]: value } : {})
          const facts = {
            ...maybe(word(), 'symbol'),
            ...maybe(word(), 'front'),
            ...maybe(random.next() < 0.6, 'isFront'),
            ...maybe(random.next() < 0.5 ? 'NQ' : 'XYZ', 'root'),
          }
          const feed = random.next() < 0.5 ? 'a' : 'b'
          identities.learn(
            { kind: 'instrument', session: '', name: word(), ...facts },
            { feed, tape: 't', seq: step },
          )
          continue
        }
        const name = word()
        const fields: QuoteFields = {
          last: decimal(step),
          ...(random.next() < 0.5 ? { lastTime: DATE + step } : {}),
        }
        const quote = book.apply(
          { kind: 'quote', session: 's', name, fields },
          { at: step, seq: step, packet: 0 },
          1,
        )
        said += 1
        expect(quote.name, `seed ${seed}, step ${step}, ${name}`).toBe(identities.canonical(name))
      }
      const quotes = book.quotes()
      expect(
        quotes.reduce((sum, { updates }) => sum + updates, 0),
        `seed ${seed}`,
      ).toBe(said)
      for (const { name } of quotes) {
        expect(identities.canonical(name), `seed ${seed}`).toBe(name)
        expect(identities.identity(name).name).toBe(name)
      }
    }
  })
})

describe('a key after a roll', () => {
  it('is as late as it declared to be, and its bare time does not bring the old contract’s price along', () => {
    const { instruments } = readConfig('{}', 'c.json')
    const identities = new Identities({
      date: DATE,
      config: instruments,
      moved: (from, to) => book.move(from, to),
      rolled: () => book.roll(),
    })
    const book = new QuoteBook(name => identities.canonical(name))
    const say = (fields: QuoteFields, at: number) =>
      book.apply({ kind: 'quote', session: 's', name: 'NQ1!', fields }, { at, seq: at, packet: 0 }, 1)
    const front = (contract: string) =>
      identities.learn({ kind: 'instrument', session: '', name: 'NQ1!', front: contract })
    front('NQZ6')
    say({ last: decimal(100), lastTime: DATE, delay: 600 }, 1)
    front('NQH7')
    expect(book.quotes().map(({ name }) => name)).toEqual(['NQZ6'])
    expect(say({ lastTime: DATE + 1 }, 2).group('last')).toBeUndefined()
    expect(say({ last: decimal(200), lastTime: DATE + 2 }, 3).group('last')?.source.delay).toBe(600)
    expect(book.quote('NQZ6')?.group('last')).toMatchObject({ price: decimal(100), at: 1 })
    expect(book.quotes().map(({ name, updates }) => [name, updates])).toEqual([
      ['NQZ6', 1],
      ['NQH7', 2],
    ])
  })
})

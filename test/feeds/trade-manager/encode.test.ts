import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encode } from '../../../src/feeds/trade-manager/encode.ts'
import type { SignalObservation } from '../../../src/model/account.ts'
import type { Decimal } from '../../../src/model/decimal.ts'
import { type Observation, observationToJson } from '../../../src/model/observation.ts'
import type { QuoteFields } from '../../../src/model/quote.ts'
import { decimal, OPEN_LINE, read } from './wire.ts'

const quote = (fields: QuoteFields, name = 'ES1!'): Observation => ({
  kind: 'quote',
  session: '',
  name,
  fields,
})
const FACTS: Observation = {
  ...{ kind: 'instrument', session: '', name: 'ES1!' },
  ...{ pointValue: decimal('50'), tickSize: decimal('0.25'), tickValue: decimal('12.5') },
}
const POSITION: Observation = {
  ...{ kind: 'position', session: '', name: 'MES1!', change: 'snapshot', id: '1000001' },
  ...{ strategy: 'SYN', timeframe: '1', quantity: decimal('-2'), averagePrice: decimal('6856.5') },
}
const OPEN: SignalObservation = {
  ...{ kind: 'signal', session: '', name: 'NQ1!', action: 'open', strategy: 'SYN-15SV', timeframe: '15' },
  ...{ side: 'buy', quantity: decimal('1'), price: decimal('24958.5'), text: OPEN_LINE },
}

function roundTrip(observations: readonly Observation[]): readonly Observation[] {
  const text = encode.message(observations)
  if (text === undefined) throw new Error('the wire cannot say it')
  const { packet, observations: said } = read(text)
  expect(packet.disposition).toBe('read')
  return said
}

describe('what the wire cannot say', () => {
  test.each<[string, readonly Observation[]]>([
    ['nothing', []],
    ['a quote without a field', [quote({})]],
    ['a last price', [quote({ bid: decimal('1'), last: decimal('1') })]],
    ['a size', [quote({ bidSize: decimal('1') })]],
    ['ten to the power of a hundred', [quote({ bid: decimal('1e100') })]],
    ['a non-integer of 16 digits', [quote({ bid: decimal('2647.100000000001') })]],
    ['a number that underflows', [quote({ bid: decimal('1e-350') })]],
    ['a session', [{ ...FACTS, session: 'qs' }]],
    ['no name', [quote({ bid: decimal('1') }, '')]],
    ['two names', [FACTS, quote({ bid: decimal('1') }, 'NQ1!')]],
    ['two quotes', [quote({ bid: decimal('1') }), quote({ bid: decimal('2') })]],
    ['facts behind a quote', [quote({ bid: decimal('1') }), FACTS]],
    ['a point value that is not amnt ÷ step', [{ ...FACTS, pointValue: decimal('20') } as Observation]],
    [
      'a point value alone',
      [{ ...{ kind: 'instrument', session: '', name: 'A' }, pointValue: decimal('1') }],
    ],
    ['a currency', [{ ...FACTS, currency: 'USD' } as Observation]],
    ['a position’s time', [{ ...POSITION, time: 1 } as Observation]],
    ['a position that was deleted', [{ ...POSITION, change: 'deleted' } as Observation]],
    ['an id that is no number', [{ ...POSITION, id: 'a' } as Observation]],
    ['an account of the name Unknown', [{ ...POSITION, account: 'Unknown' } as Observation]],
    ['a flat position with a price', [{ ...POSITION, quantity: decimal('0') } as Observation]],
    ['a signal with a time', [{ ...OPEN, time: 1 }]],
    ['a signal whose line says something else', [{ ...OPEN, price: decimal('1') }]],
    ['a signal of two lines', [{ ...OPEN, text: `${OPEN_LINE}\n${OPEN_LINE}` }]],
    ['a close with a ticker', [{ ...OPEN, action: 'close', text: '' }]],
    ['a repair that nobody makes', [{ ...OPEN, repaired: 'ebcdic' }]],
    ['a quote beside a position', [quote({ bid: decimal('1') }), POSITION]],
    ['a trade', [{ kind: 'trade', session: '', name: 'ES1!', price: decimal('1') }]],
  ])('%s', (_, observations) => {
    expect(encode.message(observations)).toBeUndefined()
  })
})

test('a message is the venue’s own text, in Python’s style', () => {
  expect(encode.message([FACTS, quote({ bid: decimal('6723'), ask: decimal('6723.25') })])).toBe(
    '{"type": "DATA", "data": {"ticker": "ES1!", "prices": {"ask": 6723.25, "bid": 6723.0}, "tickinfo": {"step": 0.25, "amnt": 12.5}}}',
  )
  expect(encode.message([OPEN])).toContain(String.raw`"\ud83d\udcca [RECORDER] OPEN \u2014 Strategy`)
})

test('a signal without a text is put into the known form, of a close the fragment', () => {
  const add: SignalObservation = {
    kind: 'signal',
    session: '',
    name: 'MYM1!',
    action: 'add',
    strategy: 'S',
    timeframe: '15s',
    side: 'sell',
    position: { quantity: decimal('-3'), averagePrice: decimal('47430.33'), isRounded: true },
    text: '',
  }
  const price = decimal('24959')
  const close: SignalObservation = { kind: 'signal', session: '', name: '', action: 'close', price, text: '' }
  const signals: readonly SignalObservation[] = [{ ...OPEN, text: '' }, add, close]
  for (const signal of signals) {
    const [said] = roundTrip([signal])
    expect(said).toEqual({ ...signal, text: expect.stringMatching(/at \*\*/) })
  }
})

describe('decode(encode(x)) is x', () => {
  const digits = fc.oneof(
    fc.integer({ min: -1e9, max: 1e9 }),
    fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
  )
  const number = fc
    .tuple(digits, fc.nat({ max: 8 }))
    .map(([mantissa, scale]) =>
      decimal(typeof mantissa === 'number' ? `${mantissa}e-${scale}` : String(mantissa)),
    )
  const above = number.filter(({ mantissa }: Decimal) => mantissa > 0)
  const name = fc.oneof(
    fc.constantFrom('ES1!', '__proto__', 'BTCUSDT', '나스닥 📊', '\ud800'),
    fc.string({ minLength: 1 }),
  )
  const optional = <T>(key: string, value: fc.Arbitrary<T>) =>
    fc.oneof(
      fc.constant({}),
      value.map(one => ({ [key]: one })),
    )
  const joined = (...parts: fc.Arbitrary<object>[]) =>
    fc.tuple(...parts).map(all => Object.assign({}, ...all) as object)
  const holds = (observations: readonly Observation[]): void => {
    expect(roundTrip(observations).map(observationToJson)).toEqual(observations.map(observationToJson))
  }

  test('for any bid and ask, with any tick', () => {
    const price = fc.option(number, { nil: null })
    const fields = joined(optional('bid', price), optional('ask', price)).filter(
      one => Object.keys(one).length > 0,
    )
    fc.assert(
      fc.property(name, fields, optional('tickSize', number), (ticker, prices, tick) => {
        const update = quote(prices as QuoteFields, ticker)
        const facts = { kind: 'instrument', session: '', name: ticker, ...tick } as Observation
        holds(Object.keys(tick).length === 0 ? [update] : [facts, update])
      }),
    )
  })

  test('for a tick with its worth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 1, max: 9999 }), (tick, points) => {
        const facts: Observation = {
          kind: 'instrument',
          session: '',
          name: 'X',
          pointValue: decimal(String(points)),
          tickSize: decimal(`${tick}e-4`),
          tickValue: decimal(`${tick * points}e-4`),
        }
        holds([facts])
      }),
    )
  })

  test('for any positions', () => {
    const row = fc
      .tuple(
        joined(
          optional(
            'account',
            name.filter(one => one !== 'Unknown'),
          ),
          optional('strategy', fc.string()),
          optional('timeframe', fc.string()),
        ),
        fc.record({ name, id: fc.bigInt({ min: 0n, max: 2n ** 70n }).map(String) }),
        fc.oneof(
          fc.record({
            quantity: number.filter(({ mantissa }) => Number(mantissa) !== 0),
            averagePrice: number,
          }),
          fc.constant({ quantity: decimal('0') }),
        ),
      )
      .map(
        ([one, two, three]) =>
          ({ kind: 'position', session: '', change: 'snapshot', ...one, ...two, ...three }) as Observation,
      )
    fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), holds))
  })

  test('for any signals in a known form, mis-decoded or not', () => {
    const strategy = fc.oneof(
      fc.constantFrom('SYN', 'A, Ticker: B', '나 📊 —'),
      fc.string({ unit: 'grapheme-ascii', minLength: 1 }),
    )
    const signal = fc
      .record({
        action: fc.constantFrom('open', 'add', 'close'),
        strategy: strategy.filter(one => !/\*\*|^\*|\*$|\[RECORDER\]/.test(one)),
        quantity: above,
        price: number,
        side: fc.constantFrom('buy', 'sell'),
      })
      .map(({ action, strategy: called, quantity, price, side }) => {
        const signed = side === 'buy' ? quantity : decimal(`-${observationText(quantity)}`)
        const head = {
          kind: 'signal',
          session: '',
          name: 'NQ1!',
          action,
          strategy: called,
          timeframe: '15',
          side,
        }
        if (action === 'open') return { ...head, quantity, price, text: '' }
        if (action === 'add')
          return { ...head, position: { quantity: signed, averagePrice: price, isRounded: true }, text: '' }
        return { kind: 'signal', session: '', name: '', action, price, text: '' }
      })
    fc.assert(
      fc.property(signal, one => {
        const [said, ...more] = roundTrip([one as SignalObservation])
        expect(more).toEqual([])
        expect({ ...said, text: '' }).toEqual(one)
        for (const repaired of [undefined, 'mac-roman', 'windows-1252', 'latin-1']) {
          const again = { ...said, ...(repaired === undefined ? {} : { repaired }) } as SignalObservation
          const text = encode.message([again])
          // What is ASCII, or looks the same by two of the tables, has been repaired by no one or by the first.
          if (text !== undefined) expect(read(text).observations).toEqual([again])
        }
      }),
    )
  })
})

function observationText({ mantissa, scale }: Decimal): string {
  return `${mantissa}e-${scale}`
}

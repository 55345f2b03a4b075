import { describe, expect, test } from 'vitest'
import { decimalText } from '../../../src/model/decimal.ts'
import { FeedtapeError } from '../../../src/model/errors.ts'
import { isoFromEpochMicros } from '../../../src/model/time.ts'
import { readWebhooks, SIGNALS_SCHEMA, type SignalsMapping } from '../../../src/pnl/index.ts'
import type { SignalWord } from '../../../src/pnl/sources/signal-word.ts'

/** TradingView's own placeholders. */
const TRADINGVIEW: SignalsMapping = {
  at: 'time',
  ticker: 'ticker',
  action: 'action',
  quantity: 'contracts',
  price: 'price',
  position: 'position_size',
  marketPosition: 'market_position',
}
const ALERT = {
  ticker: 'NQ1!',
  action: 'buy',
  contracts: '2',
  price: '24958.5',
  position_size: '2',
  time: '2026-03-02T15:00:01Z',
}

const line = (body: unknown): string => JSON.stringify(body)
const read = (mapping: SignalsMapping, ...bodies: readonly unknown[]) =>
  readWebhooks(bodies.map(line).join('\n'), 'hooks.jsonl', mapping)

function refusalOf(mapping: SignalsMapping, ...bodies: readonly unknown[]): FeedtapeError {
  try {
    read(mapping, ...bodies)
  } catch (thrown) {
    if (thrown instanceof FeedtapeError) return thrown
    throw thrown
  }
  throw new Error('it was read')
}

function shown({ position, quantity, price, ...word }: SignalWord): string {
  const figures = [quantity, price, position?.quantity, position?.averagePrice]
  const text = figures.map(value => (value === undefined ? '–' : decimalText(value)))
  return [...Object.values(word), ...text].join(' ')
}

describe('a file of webhooks is refused, with its line and key', () => {
  test('where a line is no JSON, of which nothing is shown: it may hold a passphrase', () => {
    for (const line of ['{"ticker"', '{"pass":hunter2}', 'hunter2']) {
      try {
        readWebhooks(`\n${line}`, 'hooks.jsonl', TRADINGVIEW)
        expect.unreachable()
      } catch (thrown) {
        expect(thrown).toMatchObject({ code: 'bad-positions', where: 'hooks.jsonl:2' })
        expect(thrown instanceof FeedtapeError && thrown.explain()).not.toContain('hunter')
      }
    }
  })

  test('where a value is not what its field is, of which the kind is told', () => {
    for (const [key, value, told] of [
      ['price', 'market', 'a text of 6 characters'],
      ['price', true, 'true or false'],
      ['contracts', '-1', '-1'],
      ['contracts', 0, '0'],
      ['position_size', [], 'a list of 0 values'],
      ['market_position', 'up', 'a text of 2 characters'],
      ['time', 'yesterday', 'a text of 9 characters'],
      ['time', 1_772_463_601, 'a number'],
      ['ticker', { name: 'NQ' }, 'an object of 1 key'],
    ] as const) {
      const { where, found } = refusalOf(TRADINGVIEW, ALERT, { ...ALERT, [key]: value })
      expect([where, found]).toEqual([`hooks.jsonl:2 ${key}`, told])
    }
  })

  test('and none of its values stands in the error, wherever the mapping points: one may be a passphrase', () => {
    const secret = 'canary-4471'
    const more = { id: 'id', average: 'average', strategy: 'strategy', timeframe: 'tf', side: 'side' }
    const whole = { ...TRADINGVIEW, ...more }
    const said = { id: 'a', average: '1', strategy: 'S', tf: '15', side: 'buy', market_position: 'long' }
    const body = { ...ALERT, ...said }
    let refused = 0
    for (const key of Object.keys(body)) {
      for (const value of [
        secret,
        4471,
        '4471',
        [secret],
        { secret },
        { [secret]: 1 },
        [[{ deep: secret }]],
      ]) {
        try {
          // The second time with another price: one id says two things.
          read(whole, { ...body, [key]: value }, { ...body, [key]: value, price: '2' })
        } catch (thrown) {
          refused += 1
          expect(thrown instanceof FeedtapeError && thrown.explain()).not.toMatch(/canary|4471/)
        }
      }
    }
    expect(refused).toBeGreaterThan(5 * Object.keys(body).length)
  })

  test('where an action lacks what it needs', () => {
    const mapping = { ticker: 't', action: 'a', quantity: 'q', price: 'p', side: 's' }
    for (const [body, key] of [
      [{ a: 'buy', q: 1, p: 5 }, 't'],
      [{ a: 'buy', t: 'NQ', q: 1 }, 'p'],
      [{ a: 'add', t: 'NQ', p: 5 }, 'q'],
      [{ a: 'open', t: 'NQ', q: 1, p: 5 }, 's'],
      [{ a: 'close', t: 'NQ' }, 'p'],
    ] as const) {
      const { where, next } = refusalOf(mapping, { at: ALERT.time, body })
      expect(where).toBe(`hooks.jsonl:1 ${key}`)
      expect(next).toMatch(/^correct "signals\./)
    }
  })

  test('where there is no time', () => {
    const { where, next } = refusalOf({ ticker: 'ticker' }, ALERT)
    expect(where).toBe('hooks.jsonl:1')
    expect(next).toContain('"at"')
    expect(refusalOf(TRADINGVIEW, { ...ALERT, time: undefined }).where).toBe('hooks.jsonl:1 time')
  })

  test('where size and word say two positions', () => {
    for (const [size, word] of [
      ['-2', 'long'],
      ['2', 'flat'],
      ['0', 'short'],
    ]) {
      const { where, expected } = refusalOf(TRADINGVIEW, {
        ...ALERT,
        position_size: size,
        market_position: word,
      })
      expect(where).toBe('hooks.jsonl:1 position_size')
      expect(expected).toContain(word)
    }
  })

  test('where one id says two things', () => {
    const mapping = { ...TRADINGVIEW, id: 'id' }
    const { where } = refusalOf(mapping, { ...ALERT, id: 7 }, { ...ALERT, id: 7, price: '1' })
    expect(where).toBe('hooks.jsonl:2')
  })
})

describe('a body of a webhook', () => {
  test('is an order and the position behind it, signed or by its word', () => {
    const { signals } = read(
      TRADINGVIEW,
      ALERT,
      { ...ALERT, action: 'SELL', position_size: '-2' },
      { ...ALERT, position_size: '2', market_position: 'short' },
      { ...ALERT, position_size: null, market_position: 'flat' },
      { ...ALERT, position_size: '' },
    )
    expect(signals.map(({ word }) => shown(word))).toEqual([
      'trade NQ1! buy 2 24958.5 2 –',
      'trade NQ1! sell 2 24958.5 -2 –',
      'trade NQ1! buy 2 24958.5 -2 –',
      'trade NQ1! buy 2 24958.5 0 –',
      'trade NQ1! buy 2 24958.5 – –',
    ])
  })

  test('may have numbers for texts, each as it was written', () => {
    const { signals } = readWebhooks(
      '{"t":"A","f":15,"s":"S","q":0.10,"p":2647.1000000000004,"a":"buy","at":1772463601.5}',
      'hooks.jsonl',
      {
        at: 'at',
        timeUnit: 's',
        ticker: 't',
        timeframe: 'f',
        strategy: 's',
        quantity: 'q',
        price: 'p',
        action: 'a',
      },
    )
    expect(signals.map(({ at, word }) => `${isoFromEpochMicros(at)} ${shown(word)}`)).toEqual([
      '2026-03-02T15:00:01.500000Z trade A S 15 buy 0.1 2647.1 – –',
    ])
  })

  test('stands deep in it where the mapping says so, and in an envelope with its time of receipt', () => {
    const mapping = {
      ticker: '$.orders[0].symbol',
      action: 'kind',
      price: 'orders.0.px',
      actions: { Exit: 'close' },
    } as const
    const body = { kind: 'exit', orders: [{ symbol: 'ES1!', px: '6854' }] }
    for (const said of [body, JSON.stringify(body)]) {
      const { signals } = read(mapping, { at: '2026-03-02T16:00:01+01:00', body: said })
      expect(signals.map(({ at, word }) => `${isoFromEpochMicros(at)} ${shown(word)}`)).toEqual([
        '2026-03-02T15:00:01.000000Z close ES1! – 6854 – –',
      ])
    }
  })

  test('is read by patterns where it is a text, and unknown where none reads it', () => {
    const mapping: SignalsMapping = {
      texts: [
        {
          pattern:
            '^(?<strategy>\\S+): (?<action>\\w+) (?<quantity>[\\d.]+) (?<ticker>\\S+) at (?<price>[\\d.]+)$',
        },
        { pattern: '^flat (?<ticker>\\S+) at (?<price>[\\d.]+)$', action: 'close' },
      ],
    }
    const at = ALERT.time
    const { signals } = read(
      mapping,
      { at, body: 'S: buy 2 NQ1! at 24958.5' },
      { at, body: 'flat NQ1! at 24960' },
      { at, body: 'S: alert 2 NQ1! at 24958.5' },
      { at, body: 'good morning' },
      { at, body: { json: true } },
    )
    expect(signals.map(({ word }) => shown(word))).toEqual([
      'trade NQ1! S buy 2 24958.5 – –',
      'close NQ1! – 24960 – –',
      'unknown  – – – –',
      'unknown  – – – –',
      'unknown  – – – –',
    ])
  })

  test('that was delivered twice is one: the same line, or the same id', () => {
    expect(read(TRADINGVIEW, ALERT, ALERT, { ...ALERT, price: '1' })).toMatchObject({
      signals: [{ line: 1 }, { line: 3 }],
      repeated: [{ line: 2, firstLine: 1 }],
    })
  })

  test('that was delivered again later is one by its id, at the time of the first delivery', () => {
    const { at: _, ...mapping } = { ...TRADINGVIEW, id: 'id' }
    const again = (second: number, more: object = {}) => {
      return { at: `2026-03-02T15:00:0${second}Z`, body: { ...ALERT, id: 7, ...more } }
    }
    const { signals, repeated } = read(mapping, again(3), again(4, { attempt: 2 }))
    expect(signals.map(({ at }) => isoFromEpochMicros(at))).toEqual(['2026-03-02T15:00:03.000000Z'])
    expect(repeated).toEqual([{ line: 2, firstLine: 1 }])
    expect(refusalOf(mapping, again(3), again(4, { contracts: '3' })).where).toBe('hooks.jsonl:2')
  })

  test('comes in the order of time, then of lines', () => {
    const { signals } = read(
      TRADINGVIEW,
      { ...ALERT, time: '2026-03-02T15:00:03Z' },
      { ...ALERT, time: '2026-03-02T15:00:02Z' },
      { ...ALERT, time: '2026-03-02T15:00:03Z', price: '1' },
    )
    expect(signals.map(found => found.line)).toEqual([2, 1, 3])
  })
})

describe('the mapping in the config', () => {
  const refused = (signals: unknown): string => {
    const { error } = SIGNALS_SCHEMA.safeParse(signals)
    return error?.issues[0]?.message ?? 'taken'
  }

  test('says what is wrong with it', () => {
    expect(refused({})).toContain('texts')
    expect(refused({ ticker: 'a..b' })).toContain('a path')
    expect(refused({ ticker: 'rows.*.name' })).toContain('a path')
    expect(refused({ ticker: 't', tickers: 'x' })).toContain('only the keys')
    expect(refused({ ticker: 't', actions: { buy: 'hold' } })).toContain('"buy"')
    expect(refused({ texts: [{ pattern: '(?<ticker>(a+)+)' }] })).toContain('a repeated group')
    expect(refused({ texts: [{ pattern: '(?<symbol>a)' }] })).toContain('not symbol')
    expect(refused({ texts: [{ pattern: '(?<price>1)' }] })).toContain('ticker')
    expect(refused({ texts: [{ pattern: '(' }] })).toContain('a regular expression (')
  })

  test('takes TradingView’s placeholders', () => {
    expect(SIGNALS_SCHEMA.safeParse(TRADINGVIEW).success).toBe(true)
  })
})

import { describe, expect, test } from 'vitest'
import { FeedtapeError } from '../../src/model/errors.ts'
import { checkFillsWithin, readPositions } from '../../src/pnl/index.ts'

const FILL = { instrument: 'CME_MINI:NQ1!', side: 'buy', quantity: '1', price: '25600' }

function line(values: object = {}): string {
  return JSON.stringify({ ...FILL, ...values })
}

function refusal(act: () => unknown): FeedtapeError {
  try {
    act()
  } catch (error) {
    if (error instanceof FeedtapeError) return error
    throw error
  }
  throw new Error('accepted')
}

function refusalOf(text: string): FeedtapeError {
  return refusal(() => readPositions(text, 'my.jsonl'))
}

describe('a positions file that does not say what it should', () => {
  test('is refused with the line, the key, what was expected, what was found and the next step', () => {
    const error = refusalOf(`${line()}\n\n${line({ price: 25650.25 })}`)
    expect(error.code).toBe('bad-positions')
    expect(error.explain()).toMatchInlineSnapshot(`
      "my.jsonl:3 price: the line is not a fill
        expected  a decimal as a string, such as "0.05"
        found     the number 25650.25
        next      put it in quotes: "25650.25""
    `)
  })

  const decimal = 'a decimal as a string, such as "0.05"'
  const positive = 'a decimal above zero as a string, such as "0.05"'
  const time = 'a time in ISO 8601 with its offset, such as "2025-12-18T09:30:00-05:00"'
  const keys = 'id, at, instrument, side, quantity, price, fee, account, strategy'
  test.each([
    ['a comment', '# mine', 'my.jsonl:1', 'one fill as a JSON object on each line'],
    ['half a line', '{"id":', 'my.jsonl:1', 'one fill as a JSON object on each line'],
    ['a list', '[]', 'my.jsonl:1', `an object with the keys ${keys}`],
    ['an unknown key', line({ qty: '1' }), 'my.jsonl:1 qty', `only the keys ${keys}`],
    [
      'no instrument',
      line({ instrument: undefined }),
      'my.jsonl:1 instrument',
      'a text of at least one character',
    ],
    [
      'an empty instrument',
      line({ instrument: '' }),
      'my.jsonl:1 instrument',
      'a text of at least one character',
    ],
    ['another side', line({ side: 'long' }), 'my.jsonl:1 side', '"buy" or "sell"'],
    ['a quantity of zero', line({ quantity: '0' }), 'my.jsonl:1 quantity', positive],
    ['a signed quantity', line({ quantity: '-1' }), 'my.jsonl:1 quantity', positive],
    ['a quantity as a number', line({ quantity: 1 }), 'my.jsonl:1 quantity', positive],
    ['no price', line({ price: undefined }), 'my.jsonl:1 price', decimal],
    ['a price with a comma', line({ price: '25,600' }), 'my.jsonl:1 price', decimal],
    ['an empty price', line({ price: '' }), 'my.jsonl:1 price', decimal],
    ['a fee of null', line({ fee: null }), 'my.jsonl:1 fee', decimal],
    ['a time without offset', line({ at: '2025-12-18T09:30:00' }), 'my.jsonl:1 at', time],
    ['a time as a number', line({ at: 1766031015 }), 'my.jsonl:1 at', time],
  ])('%s', (_, text, where, expected) => {
    const error = refusalOf(text)
    expect(error.code).toBe('bad-positions')
    expect(error.where).toBe(where)
    expect(error.expected).toBe(expected)
  })

  test.each([
    { price: '25601' },
    { side: 'sell' },
    { quantity: '2' },
    { fee: '0' },
    { at: '2025-12-18T09:30:00Z' },
    { account: 'a' },
    { strategy: 's' },
    { instrument: 'CME_MINI:MNQ1!' },
  ])('an id again with other content names both lines: %j', values => {
    const error = refusalOf(`${line({ id: 'a' })}\n${line({ id: 'a', ...values })}`)
    expect(error.code).toBe('bad-positions')
    expect(error.where).toBe('my.jsonl:2')
    expect(error.expected).toContain('line 1')
  })
})

describe('a positions file', () => {
  test.each(['', '\n', '\uFEFF\r\n \r\n'])('may hold nothing: %j', text => {
    expect(readPositions(text, 'my.jsonl')).toEqual({ file: 'my.jsonl', fills: [], repeated: [] })
  })

  test('gives each fill exactly, with its line', () => {
    const values = {
      id: 'a',
      at: '2025-12-18T09:30:00.000001-05:00',
      fee: '-2.05',
      account: 'x',
      strategy: 'y',
    }
    const { fills } = readPositions(`\r\n${line({ ...values, price: '-37.63' })}\r\n`, 'my.jsonl')
    expect(fills).toEqual([
      {
        id: 'a',
        at: Date.UTC(2025, 11, 18, 14, 30) * 1000 + 1,
        instrument: 'CME_MINI:NQ1!',
        side: 'buy',
        quantity: { mantissa: 1, scale: 0 },
        price: { mantissa: -3763, scale: 2 },
        fee: { mantissa: -205, scale: 2 },
        account: 'x',
        strategy: 'y',
        line: 2,
      },
    ])
  })

  test('is put in the order of time, then of lines, and what has no time comes first', () => {
    const text = [
      line({ id: 'late', at: '2025-12-18T10:00:00Z' }),
      line({ id: 'early', at: '2025-12-18T10:00:00+05:30' }),
      line({ id: 'open' }),
      line({ id: 'late too', at: '2025-12-18T11:00:00+01:00' }),
      line({ id: 'open too' }),
    ].join('\n')
    const ids = readPositions(text, 'my.jsonl').fills.map(fill => fill.id)
    expect(ids).toEqual(['open', 'open too', 'early', 'late', 'late too'])
  })

  test('counts the same fill once, however it is spelled, and says so', () => {
    const at = '2025-12-18T10:00:00Z'
    const again = line({ id: 'a', at: '2025-12-18T15:30:00.000+05:30', price: '25600.00', quantity: '1.0' })
    const { fills, repeated } = readPositions(`${line({ id: 'a', at })}\n${again}`, 'my.jsonl')
    expect(fills).toHaveLength(1)
    expect(repeated).toEqual([{ id: 'a', line: 2, firstLine: 1 }])
  })

  test('takes equal fills without an id for two', () => {
    expect(readPositions(`${line()}\n${line()}`, 'my.jsonl').fills).toHaveLength(2)
  })
})

describe('fills against the time of the tape', () => {
  const start = Date.UTC(2025, 11, 18, 10) * 1000
  const end = start + 60_000_000
  const file = (at: string) => readPositions(line({ at }), 'my.jsonl')

  test('one microsecond after the end is an error', () => {
    const error = refusal(() => checkFillsWithin(file('2025-12-18T10:01:00.000001Z'), start, end))
    expect(error.code).toBe('bad-positions')
    expect(error.explain()).toMatchInlineSnapshot(`
      "my.jsonl:1 at: a fill is later than the end of the tape
        expected  a time up to 2025-12-18T10:01:00.000000Z
        found     2025-12-18T10:01:00.000001Z
        next      remove the fill, or name the tape on which it happened"
    `)
  })

  test('at the end is within', () => {
    expect(checkFillsWithin(file('2025-12-18T10:01:00Z'), start, end).during).toHaveLength(1)
  })

  test('at the start is within, one microsecond before it is an opening position', () => {
    expect(checkFillsWithin(file('2025-12-18T10:00:00Z'), start, end).during).toHaveLength(1)
    const before = checkFillsWithin(file('2025-12-18T09:59:59.999999Z'), start, end)
    expect([before.opening.length, before.during.length]).toEqual([1, 0])
  })

  test('without a time is an opening position', () => {
    const placed = checkFillsWithin(readPositions(line(), 'my.jsonl'), start, end)
    expect([placed.opening.length, placed.during.length]).toEqual([1, 0])
  })
})

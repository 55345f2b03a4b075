import { describe, expect, test } from 'vitest'
import { readConfig } from '../../../src/instruments/index.ts'
import { decimalText } from '../../../src/model/decimal.ts'
import { parseMarkChain, parseRate, readPositions } from '../../../src/pnl/index.ts'
import { readForeignFile } from '../../../src/pnl/reconcile/index.ts'
import { type Step, wait } from '../../../tools/fixtures/script.ts'
import { qsd, receive } from '../../../tools/fixtures/tradingview-socket/packets.ts'
import { checkOf, reconciled, tapesOf } from './scene.ts'

const NQ = 'CME_MINI:NQ1!'
/** Last, bid and ask a second apart, from 15:00:01 on. */
const MARKET: readonly (readonly [last: number, bid: number, ask: number])[] = [
  [25610, 25609, 25611],
  [25612, 25612, 25613],
  [25607, 25606, 25608],
  [25615, 25613, 25616],
]
const talk = {
  feed: 'tradingview-socket',
  steps: [
    ...MARKET.flatMap(([lp, bid, ask]): Step[] => [
      wait(1),
      receive(qsd('qs_SyntheticAaa', NQ, { lp, bid, ask })),
    ]),
    // Until behind what a dashboard writes half a second later.
    wait(1),
  ],
}
const plans = [
  readPositions(
    JSON.stringify({ instrument: NQ, side: 'buy', quantity: '2', price: '25600', fee: '4.50' }),
    'fills.jsonl',
  ),
]

/** What a dashboard would have written half a second behind each quote. */
function dashboard(
  value: (quote: readonly [number, number, number], index: number) => number,
  lagMs = 500,
): string {
  const rows = MARKET.map((quote, index) => {
    const at = new Date(Date.UTC(2026, 2, 2, 15, 0, index + 1) + lagMs).toISOString()
    return `${at},${value(quote, index).toFixed(2)}`
  })
  return ['time,value', ...rows].join('\n')
}

async function against(text: string, more: object = {}) {
  const file = readForeignFile(text, 'mine.csv')
  const result = await reconciled(await tapesOf(talk), { plans, against: [file], ...more })
  return { result, check: checkOf(result, 'mine.csv') }
}

describe('a foreign file', () => {
  test.each([
    ['without a time', 'when,value\n1,2', 'mine.csv', 'it is not known what this file tells'],
    [
      'with a row that is cut',
      'time,value\n2026-03-02T15:00:01Z',
      'mine.csv:2',
      'a row does not fit the header',
    ],
    [
      'with a time that has no offset',
      'time,value\n2026-03-02T15:00:01,1',
      'mine.csv:2',
      'the cell time cannot be read',
    ],
    [
      'with words for a value',
      'time,value\n2026-03-02T15:00:01Z,much',
      'mine.csv:2',
      'the cell value cannot be read',
    ],
  ])('%s is refused, with its place', (_, text, where, message) => {
    expect(() => readForeignFile(text, 'mine.csv')).toThrow(
      expect.objectContaining({ code: 'bad-foreign', where, message }),
    )
  })

  test('may tell times in ISO 8601, in seconds or milliseconds, and amounts as exports do', () => {
    const rows = ['2026-03-02 15:00:01Z', '1772463601', '1772463601000'].map(time => `${time},"$(1,000.25)"`)
    const file = readForeignFile(['Timestamp,P&L', ...rows].join('\r\n'), 'mine.csv')
    const points = file.kind === 'series' ? file.points : []
    expect(points.map(({ at, value }) => [at, decimalText(value)])).toEqual(
      rows.map(() => [1_772_463_601_000_000, '-1000.25']),
    )
  })
})

describe('a dashboard’s series', () => {
  test('that marks as we do is equal, and says by which figure', async () => {
    const { result, check } = await against(dashboard(([last]) => (last - 25600) * 2 * 20))
    expect(result.isEqual).toBe(true)
    expect(check).toMatchObject({ compared: 4, differences: [] })
    expect(check.notes[0]).toBe('by mark last, unrealized: 4 of 4 points equal')
  })

  test('that marks where a position could be closed ends with that rule', async () => {
    const { result, check } = await against(dashboard(([, bid]) => (bid - 25600) * 2 * 20))
    expect(result.isEqual).toBe(false)
    expect(check.notes.at(-1)).toBe('explained by mark exit-side, unrealized: 4 of 4 points')
    // The bid was the last price once.
    expect(check.differences).toHaveLength(3)
    expect(check.differences[0]).toMatchObject({
      what: 'unrealized',
      ours: { text: '400', place: expect.stringMatching(/^quote, entry \d+ of [0-9a-f]{32}$/) },
      theirs: { text: '360', place: 'mine.csv:2' },
      difference: { mantissa: -40 },
    })
    const same = await against(
      dashboard(([, bid]) => (bid - 25600) * 2 * 20),
      { chain: parseMarkChain('exit-side') },
    )
    expect(same.result.isEqual).toBe(true)
  })

  test('that is net of fees ends with that figure', async () => {
    const { check } = await against(dashboard(([last]) => (last - 25600) * 40 - 4.5))
    expect(check.notes[0]).toBe('by mark last, net: 4 of 4 points equal')
  })

  test('that multiplies by another point value ends with the factor', async () => {
    const { result, check } = await against(dashboard(([last]) => (last - 25600) * 2 * 100))
    expect(result.isEqual).toBe(false)
    expect(check.notes.at(-1)).toBe(
      'explained by mark last, unrealized, times 5: another point value, or another size: 4 of 4 points',
    )
  })

  test('that shows what was there two seconds before ends with the delay', async () => {
    const late = dashboard((_, index) => {
      const [last] = MARKET[index - 2] ?? [25600]
      return index < 2 ? 0 : (last - 25600) * 40
    })
    const [head, ...rows] = late.split('\n')
    const { check } = await against([head, ...rows.slice(2)].join('\n'))
    expect(check.notes.at(-1)).toBe('explained by mark last, unrealized, 2 s later: 2 of 2 points')
  })

  test('that misses one update differs there, and the entry is named', async () => {
    const stuck = dashboard((_, index) => ((MARKET[index === 2 ? 1 : index]?.[0] ?? 0) - 25600) * 40)
    const { check } = await against(stuck)
    expect(check.differences).toHaveLength(1)
    expect(check.differences[0]).toMatchObject({
      theirs: { place: 'mine.csv:4' },
      difference: { mantissa: 200 },
    })
    expect(check.notes.at(-1)).toBe('no other rule, delay or factor explains more of it')
  })

  test('is equal up to the tolerance, both sides of it', async () => {
    const rounded = dashboard(([last]) => (last - 25600) * 40 + 0.01)
    const tolerance = (mantissa: number) => ({ tolerance: { mantissa, scale: 3 } })
    expect((await against(rounded, tolerance(10))).result.isEqual).toBe(true)
    expect((await against(rounded, tolerance(9))).result.isEqual).toBe(false)
  })
})

const EUROS = 'X:EEE1!'
const { instruments: config } = readConfig(
  JSON.stringify({ instruments: { [EUROS]: { pointValue: '10', currency: 'EUR' } } }),
  'config.json',
)
/** 40 USD and 5 EUR open at the end. */
const mixed = [
  readPositions(
    [
      { instrument: NQ, side: 'buy', quantity: '1', price: '25613' },
      { instrument: EUROS, side: 'buy', quantity: '1', price: '99.5' },
    ]
      .map(fill => JSON.stringify(fill))
      .join('\n'),
    'mixed.jsonl',
  ),
]

describe('a point of a series', () => {
  test.each([
    ['before the tape', '1999-01-01T00:00:00Z'],
    ['a moment before the tape', '2026-03-02T14:59:59.999999Z'],
    ['behind the tape', '2026-03-02T15:00:05.006001Z'],
  ])('%s is refused with its place, though it is 0', async (_, time) => {
    const text = `time,realized\n2026-03-02T15:00:01Z,0\n${time},0`
    await expect(against(text)).rejects.toMatchObject({
      code: 'bad-foreign',
      where: 'mine.csv:3',
      found: expect.any(String),
    })
  })

  test('at the first and the last moment of the tape is looked at', async () => {
    const text = 'time,realized\n2026-03-02T15:00:00Z,0\n2026-03-02T15:00:05.006000Z,0'
    expect((await against(text)).result.isEqual).toBe(true)
  })

  test('is not explained by what was before the tape', async () => {
    const closed = ['buy', 'sell'].map(side =>
      JSON.stringify({
        instrument: NQ,
        side,
        quantity: '1',
        price: side === 'buy' ? '100' : '101',
        at: '2026-03-02T15:00:00.050Z',
      }),
    )
    const { check } = await against('time,realized\n2026-03-02T15:00:00.100Z,0', {
      plans: [readPositions(closed.join('\n'), 'closed.jsonl')],
    })
    expect(check.differences).toHaveLength(1)
    expect(check.notes.at(-1)).toBe('no other rule, delay or factor explains more of it')
  })

  test('of an instrument that nobody has held is refused, and those that are held are named', async () => {
    const text = 'time,instrument,value\n2026-03-02T15:00:01.5Z,TYPO,0'
    await expect(against(text)).rejects.toMatchObject({
      code: 'bad-foreign',
      where: 'mine.csv:2',
      expected: NQ,
      found: 'TYPO',
    })
  })

  test('of an instrument that another book holds is no 0 in this one', async () => {
    const other = readPositions('{"instrument":"X:EEE1!","side":"buy","quantity":"1","price":"1"}', 'b.jsonl')
    const file = readForeignFile(`time,instrument,realized\n2026-03-02T15:00:01.5Z,${EUROS},0`, 'mine.csv')
    const { checks } = await reconciled(await tapesOf(talk), {
      plans: [...plans, other],
      against: [file],
      config,
    })
    const series = checks.filter(({ name }) => name.startsWith('mine.csv'))
    expect(series.map(({ differences }) => differences.map(({ ours }) => ours.text))).toEqual([
      ['never held in this book'],
      [],
    ])
  })

  test('is refused where there is no book at all', async () => {
    const file = readForeignFile('time,value\n2026-03-02T15:00:01.5Z,0', 'mine.csv')
    await expect(reconciled(await tapesOf(talk), { against: [file] })).rejects.toMatchObject({
      code: 'usage',
      where: '--against mine.csv',
    })
  })
})

describe('a value that says not of what it is', () => {
  const stuck = dashboard(() => 0)

  test('is open P&L where something was open: a dashboard that is stuck at 0 is not equal', async () => {
    const { result, check } = await against(stuck)
    expect(result.isEqual).toBe(false)
    expect(check.differences).toHaveLength(4)
    expect(check.notes).toContain('judged by unrealized, since something was open: --figure chooses another')
    expect(check.notes.at(-1)).toBe('explained by mark last, realized: 4 of 4 points')
  })

  test('is realized where nothing was open at any point', async () => {
    const closed = [
      readPositions(
        ['buy', 'sell']
          .map(side => ({
            instrument: NQ,
            side,
            quantity: '1',
            price: side === 'buy' ? '100' : '101',
            fee: '1',
          }))
          .map(fill => JSON.stringify(fill))
          .join('\n'),
        'closed.jsonl',
      ),
    ]
    const { result, check } = await against(
      dashboard(() => 20),
      { plans: closed },
    )
    expect(result.isEqual).toBe(true)
    expect(check.notes.at(-1)).toBe('judged by realized, since nothing was open: --figure chooses another')
    expect((await against(stuck, { plans: closed })).result.isEqual).toBe(false)
  })

  test('is the figure that was chosen', async () => {
    const net = dashboard(([last]) => (last - 25600) * 40 - 4.5)
    expect((await against(net)).result.isEqual).toBe(false)
    const { result, check } = await against(net, { figure: 'net' })
    expect(result.isEqual).toBe(true)
    expect(check.notes.join()).not.toContain('judged')
  })
})

describe('a series over several currencies', () => {
  const EURO_TALK = {
    ...talk,
    steps: [receive(qsd('qs_SyntheticAaa', EUROS, { lp: 100 })), ...talk.steps],
  }
  const euros = async (value: string, more: object = {}) => {
    const file = readForeignFile(`time,unrealized\n2026-03-02T15:00:04.5Z,${value}`, 'mine.csv')
    const options = { plans: mixed, against: [file], config, ...more }
    return checkOf(await reconciled(await tapesOf(EURO_TALK), options), 'mine.csv')
  }

  test('is never a sum of both', async () => {
    const { differences } = await euros('45')
    expect(differences).toMatchObject([
      { ours: { text: 'several currencies, EUR, USD: --currency with --rate adds them' } },
    ])
    expect(differences[0]).not.toHaveProperty('difference')
  })

  test('is a sum where there is something in one of them only', async () => {
    const file = readForeignFile('time,realized\n2026-03-02T15:00:04.5Z,20', 'mine.csv')
    const fills = [
      { instrument: NQ, side: 'buy', quantity: '1', price: '100' },
      { instrument: NQ, side: 'sell', quantity: '1', price: '101' },
      { instrument: EUROS, side: 'buy', quantity: '1', price: '99.5' },
    ].map(fill => JSON.stringify(fill))
    const some = [readPositions(fills.join('\n'), 'some.jsonl')]
    expect((await euros('20', { plans: some, against: [file] })).differences).toEqual([])
  })

  test('is converted where a currency and a rate are named, and unknown where the rate is not', async () => {
    expect(
      (await euros('45.4', { currency: 'USD', rates: [parseRate('EUR/USD=1.08')] })).differences,
    ).toEqual([])
    expect((await euros('45', { currency: 'USD' })).differences).toMatchObject([
      { ours: { text: 'no rate EUR/USD' } },
    ])
  })
})

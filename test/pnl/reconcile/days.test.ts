import { describe, expect, test } from 'vitest'
import { decimalText } from '../../../src/model/decimal.ts'
import { parseFeeRule } from '../../../src/pnl/index.ts'
import { type ReconcileOptions, readForeignFile } from '../../../src/pnl/reconcile/index.ts'
import type { Step } from '../../../tools/fixtures/script.ts'
import * as tv from '../../../tools/fixtures/tradovate-user-data/packets.ts'
import { checkOf, reconciled, tapesOf } from './scene.ts'

const CONTRACT = tv.receive(
  tv.push('product', { ...tv.product, valuePerPoint: 20 }, 'Created'),
  tv.push('contractMaturity', tv.maturity, 'Created'),
  tv.push('contract', tv.contract, 'Created'),
)
const filled = (id: number, more: object = {}, accountId = tv.ACCOUNT): Step =>
  tv.receive(
    tv.push('order', tv.order(id, 'Filled', { accountId }), 'Created'),
    tv.push('fill', tv.fill(10 + id, id, more), 'Created'),
  )
const fee = (id: number, commission: number): Step =>
  tv.receive(tv.push('fillFee', { id: 10 + id, commission, commissionCurrencyId: 1 }, 'Created'))
const balance = (realizedPnL: number, more: object = {}): Step =>
  tv.receive(tv.push('cashBalance', { ...tv.balance, realizedPnL, ...more }, 'Updated'))

/** Bought at 100 and sold at 110 for 1 each: 200 gross and 198 net, as its balance says. */
const DEALS = [
  CONTRACT,
  filled(1, { price: 100 }),
  fee(1, 1),
  filled(2, { action: 'Sell', price: 110 }),
  fee(2, 1),
]

async function days(steps: readonly Step[], options: Partial<ReconcileOptions> = {}) {
  const paths = await tapesOf({ feed: tv.feed, steps })
  const result = await reconciled(paths, options)
  const { differences, ...check } = checkOf(result, 'cash balance')
  const texts = differences.map(({ what, ours, theirs, difference }) => [
    what,
    ours.text,
    theirs.text,
    difference === undefined ? undefined : decimalText(difference),
  ])
  return { ...check, texts }
}

describe('a day of the cash balance', () => {
  test('is what was realized less fees, which a socket tells without their trade date', async () => {
    expect(await days([...DEALS, balance(197)])).toMatchObject({
      compared: 1,
      texts: [['realized on 2026-03-02', '200 − 2 = 198', '197', '-1']],
    })
    expect(await days([...DEALS, balance(198)])).toMatchObject({ compared: 1, texts: [], notes: [] })
  })

  test.each([
    ['none', '200 − 0 = 200'],
    ['per-contract=0.5', '200 − 1 = 199'],
  ])('is reckoned by the rule for fees that was asked for: %s', async (rule, ours) => {
    const { texts } = await days([...DEALS, balance(198)], { fees: parseFeeRule(rule) })
    expect(texts.map(([, text]) => text)).toEqual([ours])
  })

  test('has no fee of a fill that was taken back, nor of another account', async () => {
    const takenBack = [
      filled(4, { price: 90 }),
      fee(4, 33),
      tv.receive(tv.push('fill', tv.fill(14, 4, { price: 90, active: false }), 'Updated')),
    ]
    const others = [
      filled(5, { price: 90 }, 1000003),
      fee(5, 50),
      balance(-50, { id: 601, accountId: 1000003 }),
    ]
    const { compared, texts } = await days([...DEALS, ...takenBack, balance(198), ...others], {
      account: '1000002',
    })
    expect({ compared, texts }).toEqual({ compared: 1, texts: [] })
  })

  test('says which fees it leaves out: those in a second currency', async () => {
    const parts = { commission: 1, commissionCurrencyId: 1, nfaFee: 7, nfaCurrencyId: 2 }
    const second = tv.receive(tv.push('fillFee', { id: 11, ...parts }, 'Updated'))
    expect(await days([...DEALS, second, balance(198)])).toMatchObject({
      texts: [],
      notes: ['left out of fills: fees in another currency than their fill’s first one: 1'],
    })
  })

  test('of an account without fills is not held against those of another', async () => {
    const other = balance(-50, { id: 601, accountId: 1000003 })
    expect(await days([...DEALS, balance(198), other])).toMatchObject({ compared: 1, texts: [] })
  })

  test('is the newest word by the wire’s time, and not one that is deleted', async () => {
    const late = balance(198, { timestamp: tv.at(9) })
    const old = balance(77, { timestamp: tv.at(3) })
    expect(await days([...DEALS, late, old])).toMatchObject({ texts: [] })
    expect(
      await days([...DEALS, balance(77, { timestamp: tv.at(3) }), balance(198, { timestamp: tv.at(9) })]),
    ).toMatchObject({ texts: [] })
    const gone = tv.receive(tv.push('cashBalance', { ...tv.balance, id: 601, realizedPnL: 77 }, 'Deleted'))
    const onlyId = tv.receive(tv.push('cashBalance', { id: 601 }, 'Deleted'))
    for (const end of [gone, onlyId]) {
      const steps = [...DEALS, balance(198), balance(77, { id: 601, currencyId: 2 }), end]
      expect(await days(steps)).toMatchObject({ compared: 1, texts: [] })
    }
  })

  test('in a second currency says nothing where nothing was realized in it, and else is not comparable', async () => {
    const second = (realizedPnL: number) => balance(realizedPnL, { id: 601, currencyId: 2 })
    expect(await days([...DEALS, balance(198), second(0)])).toMatchObject({ compared: 1, texts: [] })
    expect(await days([...DEALS, second(0), balance(198)])).toMatchObject({ compared: 1, texts: [] })
    const { texts } = await days([...DEALS, balance(198), second(5)])
    expect(texts.map(([, ours]) => ours)).toEqual([
      'not comparable: the broker tells it in several currencies, this is 1',
      'not comparable: the broker tells it in several currencies, this is 2',
    ])
  })

  test('whose point value nobody knows is a difference, also where nothing is said to be realized', async () => {
    const [, ...deals] = DEALS
    const unknown = [
      tv.receive(tv.push('contract', { ...tv.contract, name: 'XYZZ6' }, 'Created')),
      ...deals,
      balance(0),
    ]
    expect(await days(unknown)).toMatchObject({
      texts: [['realized on 2026-03-02', 'not comparable: point value unknown', '0', undefined]],
    })
  })
})

const HEADER = 'Account ID,Trade Date,Total Realized PNL'

describe('an AccountBalanceHistory', () => {
  const history = async (rows: readonly string[], options: Partial<ReconcileOptions> = {}) => {
    const file = readForeignFile([HEADER, ...rows].join('\n'), 'history.csv')
    const paths = await tapesOf({ feed: tv.feed, steps: DEALS })
    return checkOf(await reconciled(paths, { against: [file], ...options }), 'history.csv')
  }

  test('of two accounts is refused unless one is asked for, and so is that of another account', async () => {
    const rows = ['1000002,2026-03-02,198', '1000009,2026-03-02,77']
    await expect(history(rows)).rejects.toMatchObject({ code: 'ambiguous', found: '1000002, 1000009' })
    expect(await history(rows, { account: '1000002' })).toMatchObject({ compared: 1, differences: [] })
    await expect(history(rows.slice(1))).rejects.toMatchObject({ code: 'bad-foreign', found: '1000009' })
    expect((await history(rows.slice(0, 1))).differences).toEqual([])
  })

  test('whose total is not that of the day before and what was realized differs by it, and by that alone', async () => {
    const totals = async (...rows: readonly string[]) => {
      const text = ['Account ID,Trade Date,Total Amount,Total Realized PNL', ...rows].join('\n')
      const paths = await tapesOf({ feed: tv.feed, steps: DEALS })
      return checkOf(await reconciled(paths, { against: [readForeignFile(text, 'history.csv')] }), 'history')
    }
    const first = '1000002,2026-03-01,"50,000.00",0'
    const last = '1000002,2026-03-03,"50,198.00",0'
    const right = await totals(last, '1000002,2026-03-02,"50,198.00",198', first)
    expect(right).toMatchObject({ compared: 3, differences: [], notes: [] })
    const wrong = await totals(first, '1000002,2026-03-02,"50,198.61",198', last)
    expect(wrong.differences).toMatchObject([
      {
        what: 'total amount on 2026-03-02',
        ours: { text: '50000 + 198 = 50198, where nothing was paid in or out', place: 'history.csv:2' },
        theirs: { text: '50198.61', place: 'history.csv:3' },
        difference: { mantissa: 61, scale: 2 },
      },
      { what: 'total amount on 2026-03-03', difference: { mantissa: -61, scale: 2 } },
    ])
    const unsaid = await totals(first, '1000002,2026-03-02,,198', last)
    expect(unsaid).toMatchObject({ differences: [], notes: [] })
    await expect(totals('1000002,2026-03-02,much,198')).rejects.toMatchObject({ where: 'history.csv:2' })
  })

  test('with two rows of a day says that its totals are not compared', async () => {
    const text = 'Trade Date,Total Amount,Total Realized PNL\n2026-03-02,198,198\n2026-03-02,5,0'
    const paths = await tapesOf({ feed: tv.feed, steps: DEALS })
    const result = await reconciled(paths, { against: [readForeignFile(text, 'history.csv')] })
    expect(checkOf(result, 'history').notes).toContain(
      'total amounts are not compared: 2026-03-02 stands there twice',
    )
  })

  test('that leaves out a day between two others differs by it, and one before or behind is noted', async () => {
    const between = await history(['1000002,2026-03-01,0', '1000002,2026-03-03,0'])
    expect(between).toMatchObject({
      compared: 3,
      differences: [
        { what: 'realized on 2026-03-02', ours: { text: '200 − 2 = 198' }, theirs: { text: 'nothing' } },
      ],
    })
    for (const date of ['2026-03-01', '2026-03-03']) {
      expect(await history([`1000002,${date},0`])).toMatchObject({
        compared: 1,
        differences: [],
        notes: ['not told by the broker: 2026-03-02, 200 − 2 = 198'],
      })
    }
  })

  test('is refused where the fills are not those of the tapes', async () => {
    const file = readForeignFile(`${HEADER}\n1000002,2026-03-02,198`, 'history.csv')
    const paths = await tapesOf({ feed: tv.feed, steps: DEALS })
    await expect(reconciled(paths, { against: [file], plans: [{ from: 'broker' }] })).rejects.toMatchObject({
      code: 'usage',
      where: '--against history.csv',
      expected: expect.stringContaining('--positions fills'),
    })
  })
})

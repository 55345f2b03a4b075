import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importTradovateCsv } from '../../../src/import/import-tradovate-csv.ts'
import { decimalText } from '../../../src/model/decimal.ts'
import { seededRandom } from '../../../src/model/random.ts'
import { parseMarkChain, readPositions, replayPnl } from '../../../src/pnl/index.ts'
import { readForeignFile } from '../../../src/pnl/reconcile/index.ts'
import { TapeReader } from '../../../src/tape/index.ts'
import { data, trades } from '../../../tools/fixtures/trade-manager/packets.ts'
import { describeWithSamples } from '../../samples.ts'
import { checkOf, reconciled, tapesOf } from './scene.ts'

const file = (name: string, ...fills: readonly object[]) =>
  readPositions(fills.map(fill => JSON.stringify(fill)).join('\n'), name)
const buy = (instrument: string, quantity: string, price: string) => ({
  instrument,
  side: 'buy',
  quantity,
  price,
})

describe('two books', () => {
  test('are nothing to compare where there is one, or none', async () => {
    const paths = await tapesOf({ feed: 'trade-manager', steps: [] })
    await expect(reconciled(paths)).rejects.toMatchObject({ code: 'usage', where: 'reconcile' })
    const plans = [file('a.jsonl', buy('ES1!', '1', '6800'))]
    await expect(reconciled(paths, { plans })).rejects.toMatchObject({ code: 'usage' })
  })

  test('that hold the same are equal, and those that do not name quantity, average and both places', async () => {
    const paths = await tapesOf({ feed: 'trade-manager', steps: [] })
    const ours = file(
      'a.jsonl',
      buy('ES1!', '1', '6800'),
      buy('NQ1!', '2', '25600'),
      buy('YM1!', '1', '47000'),
    )
    const same = await reconciled(paths, { plans: [ours, ours] })
    expect(same).toMatchObject({ isEqual: true, checks: [{ name: 'file against file-2', compared: 3 }] })
    const theirs = file(
      'b.jsonl',
      buy('ES1!', '1', '6800'),
      buy('NQ1!', '1', '25600'),
      buy('YM1!', '1', '47001'),
    )
    const other = await reconciled(paths, { plans: [ours, theirs] })
    expect(other.isEqual).toBe(false)
    expect(other.checks[0]?.differences).toMatchObject([
      {
        what: 'NQ1! quantity',
        ours: { text: '2 at 25600', place: 'line 2 of the positions' },
        theirs: { text: '1 at 25600' },
        difference: { mantissa: -1 },
      },
      { what: 'YM1! average', ours: { text: '1 at 47000' }, theirs: { text: '1 at 47001' } },
    ])
  })
})

const ROW = {
  id: 1,
  Strat_Name: 'SYN',
  Ticker: 'MES1!',
  TimeFrame: '1',
  Direction: 'SELL',
  Open_Price: '6856.50',
}

describe('Trade Manager’s trades', () => {
  test('with a Running_Pos of 0 are flat here, and named, since its page counts them as 1', async () => {
    const paths = await tapesOf({
      feed: 'trade-manager',
      steps: [trades({ ...ROW, Running_Pos: 0, Drawdown: '0.00' })],
    })
    const { checks, isEqual } = await reconciled(paths)
    expect(isEqual).toBe(true)
    expect(checkOf({ checks }, 'open trades').notes[0]).toMatch(
      /^MES1!: Trade Manager counts a Running_Pos of 0 as 1 .* here it is flat \(entry \d+ of /,
    )
    const held = await tapesOf({
      feed: 'trade-manager',
      steps: [trades({ ...ROW, Running_Pos: 2, Drawdown: '0.00' })],
    })
    await expect(reconciled(held)).rejects.toMatchObject({ code: 'usage' })
  })

  test('whose profit is not that of their prices are named, with both', async () => {
    const closed = { ...ROW, Closed_Time: '2026-03-02T15:00:00Z', Position_Size: -2, Closed_Price: '6854.00' }
    const list = [
      { ...closed, Profit: 25 },
      { ...closed, id: 2, Profit: 125 },
      { ...closed, id: 3, Ticker: 'NOBODY1!', Profit: 25 },
    ]
    const paths = await tapesOf({ feed: 'trade-manager', steps: [] })
    const result = await reconciled(paths, {
      against: [readForeignFile(JSON.stringify(list), 'closed.json')],
    })
    const check = checkOf(result, 'closed.json')
    expect(check).toMatchObject({ compared: 3 })
    expect(check.differences).toMatchObject([
      { what: 'trade 2, MES1!', ours: { text: '25' }, theirs: { text: '125', place: 'closed.json [1]' } },
      { what: 'trade 3, NOBODY1!', ours: { text: 'point value unknown' } },
    ])
  })
})

describe('a list of trades', () => {
  const SHORT = { ...ROW, Closed_Time: '2026-03-02T15:00:00Z', Position_Size: -2, Closed_Price: '6854.00' }
  const listed = async (...list: readonly object[]) => {
    const paths = await tapesOf({ feed: 'trade-manager', steps: [] })
    const against = [readForeignFile(JSON.stringify(list), 'list.json')]
    return checkOf(await reconciled(paths, { against }), 'list.json')
  }

  test('of which none is closed is refused: its profit is not there to be compared', async () => {
    const opened = { ...ROW, Running_Pos: -2, Closed_Price: null }
    await expect(listed(opened)).rejects.toMatchObject({ code: 'bad-foreign', where: 'list.json' })
    expect(await listed({ ...SHORT, Profit: 25 }, opened)).toMatchObject({ compared: 1, differences: [] })
    const empty = await listed({ ...opened, Running_Pos: 0 })
    expect(empty).toMatchObject({ compared: 0, notes: [expect.any(String), expect.stringMatching(/^MES1!/)] })
  })

  test.each([
    ['25.0031', '25.0031', 0],
    ['25.005', '25', 0],
    ['25', '25.005', 0],
    ['25', '25.0051', 1],
    ['24.9949', '25', 1],
  ])('is equal exactly or to half a cent: %s and %s', async (ours, profit, differences) => {
    // 2.50 points of 2 contracts are 25 at 5 a point.
    const closed = (6856.5 - Number(ours) / 10).toFixed(5)
    expect((await listed({ ...SHORT, Closed_Price: closed, Profit: profit })).differences).toHaveLength(
      differences,
    )
  })
})

describeWithSamples('real lists of Trade Manager', samples => {
  const read = (name: string) =>
    readForeignFile(readFileSync(join(samples, 'trade-manager', name), 'utf8'), name)

  test('the profit of all 280 closed trades follows from direction, size, prices and contract values', async () => {
    const paths = await tapesOf({ feed: 'trade-manager', steps: [] })
    const result = await reconciled(paths, { against: [read('closed_trades_2025-11-06.json')] })
    expect(result).toMatchObject({
      isEqual: true,
      checks: [{ compared: 280, notes: ['profit 9533.16 from prices, 9533.16 in the list'] }],
    })
  })

  test('the open trade is worth 25.00 by its rule, at an ask that is made up here', async () => {
    const opened = read('open_trades_2025-11-06.json')
    const trade = opened.kind === 'trades' ? opened.trades[0] : undefined
    const [price, quantity] = [trade?.openPrice, trade?.quantity].map(value =>
      value === undefined ? '' : decimalText(value),
    )
    expect([trade?.side, quantity, price]).toEqual(['short', '2', '6856.5'])
    // Synthetic prices: (6856.50 − 6854.00) ÷ 0.25 × 1.25 × 2
    const [path = ''] = await tapesOf({
      feed: 'trade-manager',
      steps: [data('MES1!', '{"bid": 6853.75, "ask": 6854.00}', '{"step": 0.25, "amnt": 1.25}')],
    })
    const tape = await TapeReader.open(path)
    const fills = file('open.jsonl', { instrument: 'MES1!', side: 'sell', quantity, price })
    const { positions } = await replayPnl([tape], fills, {
      chain: parseMarkChain('exit-side'),
      staleAfter: 60_000_000,
    })
    await tape.close()
    expect(positions.map(({ unrealized }) => unrealized && decimalText(unrealized))).toEqual(['25'])
    expect(positions[0]?.pointValue).toMatchObject({ source: 'wire' })
  })
})

describeWithSamples('a real account’s exports', samples => {
  const folder = join(samples, 'tradovate/csv')
  const read = (name: string, change = (text: string) => text) =>
    readForeignFile(change(readFileSync(join(folder, name), 'utf8')), name)

  async function tape(): Promise<string> {
    const [path = ''] = await tapesOf({ feed: 'tradovate-user-data', steps: [] })
    const output = path.replace('t0.tape', 'fills.tape')
    await importTradovateCsv({
      path: join(folder, 'A_Fills.csv'),
      output,
      random: seededRandom(1),
      version: '0',
    })
    return output
  }

  test('fills, pairs and balances agree: 429 pairs, 4676.50, and the realized P&L of seven days', async () => {
    const against = [read('A_Performance.csv'), read('A_AccountBalanceHistory.csv')]
    const result = await reconciled([await tape()], { against })
    expect(result.isEqual).toBe(true)
    expect(result.checks).toMatchObject([
      { compared: 429, notes: ['gross 4676.5 from fills, 4676.5 from pairs'] },
      { compared: 7, notes: [] },
    ])
  })

  test('a price that is changed in one pair, a pair that is gone and a day that is off are found', async () => {
    const against = [
      read('A_Performance.csv', text =>
        text.replace('25784.50,25783.50,$(10.00)', '25784.50,25783.75,$(7.50)'),
      ),
      read('A_Performance.csv', text => text.split('\n').toSpliced(2, 1).join('\n')),
      read('A_AccountBalanceHistory.csv', text =>
        text.replace('"1,413.38"\n', '"1,413.37"\n').replace('"1,413.38"\r', '"1,413.37"\r'),
      ),
    ]
    const { checks } = await reconciled([await tape()], { against })
    expect(checks.map(({ differences }) => differences.length)).toEqual([1, 1, 1])
    expect(checks.map(({ differences: [first] }) => first)).toMatchObject([
      {
        what: 'fills 387364970007 × 387364970014',
        theirs: { place: 'A_Performance.csv:2' },
        difference: { mantissa: 25, scale: 1 },
      },
      { what: 'fills 387364970022 × 387364970029', theirs: { text: 'nothing' } },
      { what: 'realized on 2026-01-30', difference: { mantissa: -1, scale: 2 } },
    ])
  })
})

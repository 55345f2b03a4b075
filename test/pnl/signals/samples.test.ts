import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decimalText } from '../../../src/model/decimal.ts'
import { readWebhooks, replayPnl } from '../../../src/pnl/index.ts'
import { receiveRaw } from '../../../tools/fixtures/script.ts'
import { data, logs } from '../../../tools/fixtures/trade-manager/packets.ts'
import { describeWithSamples } from '../../samples.ts'
import { nq, RULES, run, tapeOf } from './stage.ts'

interface Trade {
  readonly Strat_Name: string
  readonly Ticker: string
  readonly TimeFrame: string
  readonly Direction: 'BUY' | 'SELL'
  readonly Open_Price: string
  readonly Open_Time: string
}

interface ClosedTrade extends Trade {
  readonly Position_Size: number
  readonly Closed_Price: string
  readonly Closed_Time: string
}

interface OpenTrade extends Trade {
  readonly Running_Pos: number
}

describeWithSamples('real signals of Trade Manager', samples => {
  const folder = join(samples, 'trade-manager')
  const textOf = (file: string): string => readFileSync(join(folder, file), 'utf8')
  const jsonOf = <T>(file: string): T => JSON.parse(textOf(file)) as T

  test('the lines that are public: one opens, one sets a rounded average, one closes nothing, the rest is not guessed', async () => {
    const lines = textOf('log_lines.txt')
      .split('\n')
      .filter(line => line !== '' && !line.startsWith('#'))
    const steps = lines.map(line => (line.startsWith('{') ? receiveRaw(line) : logs(line)))
    const { positions, source } = await run(await tapeOf('public', nq(24958.25, 24958.75), ...steps))
    expect(positions).toEqual([
      'DCA-MYM MYM1! 3 at 47430.33 realized 0 rounded',
      'ROG-15SV NQ1! 1 at 24958.5 realized 0',
    ])
    expect(source).toMatchObject({ opens: 1, adds: 1, closes: 0, closesWithoutTicker: 1, unknown: 3 })
  })

  test('280 closed trades, spoken as webhooks, come to the profit that was told of them', async () => {
    const trades = jsonOf<readonly ClosedTrade[]>('closed_trades_2025-11-06.json')
    const spoken = trades.flatMap(({ Position_Size, Open_Time, Closed_Time, ...trade }) => [
      { ...trade, time: Open_Time, does: 'open', size: Math.abs(Position_Size), price: trade.Open_Price },
      { ...trade, time: Closed_Time, does: 'close', price: trade.Closed_Price },
    ])
    spoken.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
    const webhooks = readWebhooks(spoken.map(body => JSON.stringify(body)).join('\n'), 'trades.jsonl', {
      at: 'time',
      ticker: 'Ticker',
      strategy: 'Strat_Name',
      timeframe: 'TimeFrame',
      action: 'does',
      side: 'Direction',
      quantity: 'size',
      price: 'price',
    })
    const result = await replayPnl(
      [await tapeOf('closed', nq(1, 2))],
      [{ from: 'signals-file', ...webhooks }],
      RULES,
    )
    const expected = jsonOf<{ trades: number; sum_profit: string }>('EXPECTED.json')
    const [book] = result.books
    expect(book?.totals.map(({ realized }) => realized && decimalText(realized))).toEqual([
      expected.sum_profit,
    ])
    expect(book?.source).toMatchObject({ opens: expected.trades, closes: expected.trades })
  })

  test('the open trade by the page’s own rule, at an ask that is made up here: 25.00', async () => {
    const [trade] = jsonOf<readonly OpenTrade[]>('open_trades_2025-11-06.json')
    const { Strat_Name, Ticker, TimeFrame, Direction, Open_Price, Running_Pos } = trade as OpenTrade
    const line = `[RECORDER] OPEN — Strategy: ${Strat_Name}, Ticker: ${Ticker}, Timeframe: ${TimeFrame} — ${Running_Pos} ${Direction} at ${Open_Price}`
    const tape = await tapeOf(
      'open',
      logs(line),
      data(Ticker, '{"ask": 6854.0, "bid": 6853.75}', '{"step": 0.25, "amnt": 1.25}'),
    )
    const { positions } = await replayPnl([tape], { from: 'signals' }, RULES)
    expect(positions.map(({ unrealized }) => unrealized && decimalText(unrealized))).toEqual(['25'])
  })
})

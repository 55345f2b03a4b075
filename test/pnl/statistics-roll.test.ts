import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { epochMicrosFromIso, isoFromEpochMicros } from '../../src/model/time.ts'
import { readPositions, replayPnl } from '../../src/pnl/index.ts'
import { Conversations } from '../identity/two-feeds.ts'
import { textOf } from './decimals.ts'

const folder = mkdtempSync(join(tmpdir(), 'feedtape-roll-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('what is bought as NQ1! before a roll and sold as NQ1! behind it are two contracts, and neither trade is closed', async () => {
  const talk = new Conversations()
    .lookUp(3267315, 'NQZ6', true)
    .tradeManager('NQ1!', 120, 121)
    .lookUp(3267316, 'NQH7', true)
    .tradeManager('NQ1!', 500, 501)
  const tape = await talk.tape(folder, 'roll')
  const start = epochMicrosFromIso(tape.header.start) ?? 0
  const deal = { instrument: 'NQ1!', quantity: '1' }
  const after = isoFromEpochMicros(start + 16_500_000)
  const fills = [
    { ...deal, side: 'buy', price: '100' },
    { ...deal, side: 'sell', price: '499', at: after },
  ]
  const positions = readPositions(fills.map(fill => JSON.stringify(fill)).join('\n'), 'f.jsonl')
  const options = { chain: ['exit-side'], staleAfter: 600_000_000 } as const
  const { trades, rolls, totals } = await replayPnl([tape], positions, options).finally(() => tape.close())
  expect(rolls).toMatchObject([{ word: 'NQ1!', from: 'NQZ6', to: 'NQH7' }])
  expect(
    trades.map(({ instrument, side, closed, best }) => [instrument, side, closed, textOf(best)]),
  ).toEqual([
    ['NQZ6', 'long', undefined, '400'],
    ['NQH7', 'short', undefined, '0'],
  ])
  // 20 points of the old one, and −2 of the new: not 399 of one that nobody held.
  expect(textOf(totals[0]?.net)).toBe('360')
})

import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { decimalText } from '../../src/model/decimal.ts'
import { type PnlOptions, type ReplayedBook, replayPnl, replayToLines } from '../../src/pnl/index.ts'
import { TapeReader } from '../../src/tape/index.ts'
import { open, type Step, wait } from '../../tools/fixtures/script.ts'
import { qsd, receive as quote } from '../../tools/fixtures/tradingview-socket/packets.ts'
import {
  contract,
  currency,
  fill,
  maturity,
  order,
  product,
  push,
  receive,
} from '../../tools/fixtures/tradovate-user-data/packets.ts'
import { makeFixture } from '../../tools/make-fixtures.ts'

const OPTIONS: PnlOptions = { chain: ['last'], staleAfter: 60_000_000, matching: 'fifo', pairs: true }

async function tapeOf(feed: string, name: string, ...steps: readonly Step[]): Promise<TapeReader> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-fills-'))
  await makeFixture({ feed, name, about: 'a test', steps: [open, ...steps] }, folder)
  const tape = await TapeReader.open(join(folder, `${name}.tape.jsonl`))
  onTestFinished(() => tape.close())
  return tape
}

const account = (name: string, ...steps: readonly Step[]) => tapeOf('tradovate-user-data', name, ...steps)
const market = (name: string, ...steps: readonly Step[]) => tapeOf('tradingview-socket', name, ...steps)

const last = (symbol: string, lp: number): Step => quote(qsd('qs_SyntheticAaa', symbol, { lp }))
const facts = receive(
  push('currency', currency, 'Created'),
  push('product', product, 'Created'),
  push('contractMaturity', maturity, 'Created'),
  push('contract', contract, 'Created'),
)
const bought = receive(push('order', order(8, 'Filled')), push('fill', fill(9, 8), 'Created'))
const sold = receive(push('fill', fill(10, 8, { action: 'Sell', price: 25610.25 }), 'Created'))

function shown({ positions }: ReplayedBook): readonly string[] {
  return positions.map(({ instrument, quantity, unrealized, realized }) => {
    const text = [quantity, unrealized, realized].map(value =>
      value === undefined ? '–' : decimalText(value),
    )
    return [instrument, ...text].join(' ')
  })
}

describe('fills of the tapes themselves', () => {
  test('are none on a tape that has none: nothing is held, and that is no error', async () => {
    const result = await replayPnl(
      [await market('none', last('CME_MINI:NQZ2026', 1))],
      { from: 'fills' },
      OPTIONS,
    )
    expect(result.positions).toEqual([])
    expect(result.source).toMatchObject({ account: undefined, fills: 0 })
  })

  test('begin flat: nothing is open before the first', async () => {
    const tape = await account('first', wait(1), facts, sold)
    expect(shown(await replayPnl([tape], { from: 'fills' }, OPTIONS))).toEqual(['NQZ6 -1 – 0'])
  })

  test('are marked by another feed’s quotes of the same contract, whichever comes first', async () => {
    for (const [early, late] of [
      [0, 3],
      [3, 0],
    ] as const) {
      const fills = await account('fills', wait(early), facts, bought, wait(9))
      const quotes = await market('quotes', wait(late), last('CME_MINI:NQZ2026', 25_605.25), wait(9))
      const result = await replayPnl([fills, quotes], { from: 'fills' }, OPTIONS)
      expect(shown(result)).toEqual(['CME_MINI:NQZ2026 1 100 0'])
    }
  })

  test('of a contract that only an id named go along when its name comes, also when one is taken back then', async () => {
    const gone = receive(
      push('fill', fill(10, 8, { action: 'Sell', price: 25610.25, active: false }), 'Updated'),
    )
    const tape = await account('later', bought, sold, facts, wait(1), gone)
    const result = await replayPnl([tape], { from: 'fills' }, OPTIONS)
    expect(shown(result)).toEqual(['NQZ6 1 – 0'])
    expect(result.pairs).toEqual([])
  })

  test('come where their entry stands: behind a price that grows stale then, and behind a quote before it', async () => {
    const quotes = await market('order', last('CME_MINI:NQZ2026', 25_600.25), wait(70))
    // The quote is at 2 ms and stale 60 s and 1 µs later, which is when the second fill comes.
    const fills = await account('order', facts, bought, wait(59.998001), sold)
    const lines: string[] = []
    await replayToLines([quotes, fills], { from: 'fills' }, OPTIONS, line => lines.push(line))
    const events = lines.map(line => JSON.parse(line)).filter(({ at }) => at !== undefined)
    expect(
      events.map(({ kind, at, quantity, unrealized }) => [kind, at.slice(17, 26), quantity, unrealized]),
    ).toEqual([
      ['fill', '00.003000', '1', '0'],
      ['stale', '00.002001', '1', null],
      ['fill', '00.002001', '0', '0'],
    ])
  })

  test('give the same digest twice, and by each rule another', async () => {
    const digestOf = async (matching: 'average' | 'fifo'): Promise<string> => {
      const tape = await account(
        'digest',
        facts,
        bought,
        receive(push('fill', fill(11, 8, { price: 25601 }), 'Created')),
        sold,
      )
      const run = { chain: OPTIONS.chain, staleAfter: OPTIONS.staleAfter, matching }
      return (await replayToLines([tape], { from: 'fills' }, run, () => {})).digest
    }
    expect(await digestOf('fifo')).toBe(await digestOf('fifo'))
    expect(await digestOf('fifo')).not.toBe(await digestOf('average'))
  })
})

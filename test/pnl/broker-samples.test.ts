import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decimal as Oracle } from 'decimal.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importTradovateCsv } from '../../src/import/import-tradovate-csv.ts'
import { decimalText } from '../../src/model/decimal.ts'
import { seededRandom } from '../../src/model/random.ts'
import { Normalizer } from '../../src/normalize/index.ts'
import { type PairReport, parseFeeRule, type ReplayedBook, replayPnl, sidesOf } from '../../src/pnl/index.ts'
import { TapeReader } from '../../src/tape/index.ts'
import { describeWithSamples } from '../samples.ts'

interface Expected {
  readonly gross_by_tradeDate: Readonly<Record<string, string>>
  readonly gross_by_contract: Readonly<Record<string, string>>
  readonly gross_total: string
  readonly commission_total: string
}

/** A row of A_Performance.csv, which has no empty cell: `symbol`, fills, quantity, prices, `$(10.00)`, `"$1,250.00"`. */
function brokersPair(row: string): string {
  const [symbol = '', , , , buy, sell, quantity, buyPrice = '', sellPrice = '', pnl = ''] =
    row.match(/"[^"]*"|[^,]+/g) ?? []
  const amount = pnl.replace(/["$,)]/g, '').replace('(', '-')
  return shownPair(symbol, [buy, sell, quantity], [buyPrice, sellPrice, amount])
}

function shownPair(symbol: string, ids: readonly (string | undefined)[], numbers: readonly string[]): string {
  return [symbol, ...ids, ...numbers.map(number => new Oracle(number).toFixed())].join(' ')
}

function ourPair(pair: PairReport): string {
  const { buy, sell } = sidesOf(pair)
  const ids = [buy.id, sell.id, decimalText(pair.quantity)]
  const pnl = pair.pnl === undefined ? 'NaN' : decimalText(pair.pnl)
  return shownPair(pair.instrument, ids, [decimalText(buy.price), decimalText(sell.price), pnl])
}

function sums(pairs: readonly PairReport[], keyOf: (pair: PairReport) => string): Record<string, string> {
  const totals = new Map<string, Oracle>()
  for (const pair of pairs) {
    const pnl = pair.pnl === undefined ? Number.NaN : decimalText(pair.pnl)
    totals.set(keyOf(pair), (totals.get(keyOf(pair)) ?? new Oracle(0)).plus(pnl))
  }
  return Object.fromEntries([...totals].map(([key, total]) => [key, total.toFixed()]))
}

const plain = (record: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, new Oracle(value).toFixed()]))

describeWithSamples('first in, first out over a real account’s fills', samples => {
  const folder = join(samples, 'tradovate')
  const expected = (JSON.parse(readFileSync(join(folder, 'EXPECTED.json'), 'utf8')) as { A: Expected }).A
  let scratch = ''
  let tapePath = ''
  let result: ReplayedBook

  const rules = { chain: ['last'], staleAfter: 60_000_000, matching: 'fifo', pairs: true } as const

  async function replayed(more: object = {}): Promise<ReplayedBook> {
    const tape = await TapeReader.open(tapePath)
    try {
      return await replayPnl([tape], { from: 'fills' }, { ...rules, ...more })
    } finally {
      await tape.close()
    }
  }

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'feedtape-broker-'))
    tapePath = join(scratch, 'fills.tape.jsonl')
    const target = { output: tapePath, random: seededRandom(1), version: '0' }
    await importTradovateCsv({ path: join(folder, 'csv/A_Fills.csv'), ...target })
    result = await replayed()
  })

  afterAll(() => rm(scratch, { recursive: true }))

  test('gives the broker’s 429 pairs: fills, quantities, prices and P&L', () => {
    const rows = readFileSync(join(folder, 'csv/A_Performance.csv'), 'utf8').trim().split('\n').slice(1)
    expect(rows).toHaveLength(429)
    expect((result.pairs ?? []).map(ourPair).sort()).toEqual(rows.map(brokersPair).sort())
  })

  test('gives its gross and its commissions, in all', () => {
    expect(result.totals).toHaveLength(1)
    const [total] = result.totals
    expect(total?.currency).toBe('USD')
    expect(decimalText(total?.realized ?? { mantissa: 0, scale: 0 })).toBe(
      new Oracle(expected.gross_total).toFixed(),
    )
    expect(decimalText(total?.fees ?? { mantissa: 0, scale: 0 })).toBe(
      new Oracle(expected.commission_total).toFixed(),
    )
    expect(result.source).toMatchObject({ account: '1000001', fills: 790, repeated: 0, takenBack: 0 })
  })

  test('gives its gross of each contract and of each trade date, a pair on that of its closing fill', () => {
    const pairs = result.pairs ?? []
    expect(sums(pairs, pair => pair.instrument)).toEqual(plain(expected.gross_by_contract))
    expect(sums(pairs, pair => pair.closing.tradeDate ?? '')).toEqual(plain(expected.gross_by_tradeDate))
    const realized = result.positions.map(p => [
      p.instrument,
      p.realized === undefined ? '' : decimalText(p.realized),
    ])
    expect(Object.fromEntries(realized)).toEqual(plain(expected.gross_by_contract))
  })

  test('less the fees of its fills is what the broker calls realized, on each of the seven days', async () => {
    const days = sums(result.pairs ?? [], pair => pair.closing.tradeDate ?? '')
    const tape = await TapeReader.open(tapePath)
    const normalizer = new Normalizer({
      observation: observation => {
        if (observation.kind !== 'fee') return
        const day = observation.tradeDate ?? ''
        days[day] = new Oracle(days[day] ?? 0).minus(decimalText(observation.amount)).toFixed()
      },
    })
    for await (const entry of tape) normalizer.apply(entry)
    await tape.close()
    const balances = readFileSync(join(folder, 'csv/A_AccountBalanceHistory.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
    expect(balances).toHaveLength(7)
    for (const balance of balances) {
      const [, , day = '', , realized = ''] = balance.match(/"[^"]*"|[^,]+/g) ?? []
      expect(`${day} ${days[day] ?? '0'}`).toBe(
        `${day} ${new Oracle(realized.replace(/[",]/g, '')).toFixed()}`,
      )
    }
  })

  test('is flat in every contract at the end, and nothing of it is unpriced', () => {
    expect(result.positions.map(p => decimalText(p.quantity))).toEqual(Array.from({ length: 7 }, () => '0'))
    expect(result.totals[0]?.unpriced).toEqual([])
  })

  test('has the same gross without fees, and by average once all is flat', async () => {
    const free = await replayed({ fees: parseFeeRule('none') })
    expect(free.totals[0]).toMatchObject({ realized: result.totals[0]?.realized, fees: { mantissa: 0 } })
    const average = await replayed({ matching: 'average' })
    expect(average.pairs).toEqual([])
    expect(sums(result.pairs ?? [], () => 'gross')['gross']).toBe(new Oracle(expected.gross_total).toFixed())
    const gross = average.totals[0]?.realized
    expect(new Oracle(gross === undefined ? Number.NaN : decimalText(gross)).toFixed()).toBe(
      new Oracle(expected.gross_total).toFixed(),
    )
  })
})

import { describe, expect, test } from 'vitest'
import { createPnl, type PnlOptions, readPositions, replayToLines } from '../../src/pnl/index.ts'
import { fillsOfAccount } from '../../src/pnl/sources/account-fills.ts'
import { TapeReader } from '../../src/tape/index.ts'
import { pnlMatchers } from '../../src/verify/vitest.ts'
import { qsd, receive } from '../../tools/fixtures/tradingview-socket/packets.ts'
import { tapesOf } from './reconcile/scene.ts'

expect.extend(pnlMatchers)

const NQ = 'CME_MINI:NQ1!'
const OPTIONS: PnlOptions = {
  chain: ['last'],
  staleAfter: 60_000_000,
  matching: 'fifo',
  pairs: true,
  stats: true,
}

interface Deal {
  readonly side: 'buy' | 'sell'
  readonly price: string
  readonly account?: string
  readonly strategy?: string
}

const textOf = (deals: readonly Deal[]): string =>
  deals.map(deal => JSON.stringify({ instrument: NQ, quantity: '1', ...deal })).join('\n')

async function linesOf(deals: readonly Deal[]) {
  const quote = receive(qsd('qs_SyntheticAaa', NQ, { lp: 25650 }))
  const [path = ''] = await tapesOf({ feed: 'tradingview-socket', steps: [quote] })
  const tape = await TapeReader.open(path)
  const lines: string[] = []
  try {
    const { digest } = await replayToLines(
      [tape],
      readPositions(textOf(deals), 'fills.jsonl'),
      OPTIONS,
      line => lines.push(line),
    )
    const json = lines.map(line => JSON.parse(line))
    return { digest, of: (kind: string) => json.filter(line => line.kind === kind) }
  } finally {
    await tape.close()
  }
}

describe('fills that name an account or a strategy', () => {
  test('do not close another’s: nothing is won of two positions that are open', async () => {
    const { of } = await linesOf([
      { side: 'buy', price: '25600', account: 'A', strategy: 's1' },
      { side: 'sell', price: '25640', account: 'B', strategy: 's2' },
    ])
    expect(of('position')).toMatchObject([
      { instrument: NQ, account: 'A', strategy: 's1', quantity: '1', unrealized: '1000', realized: '0' },
      { instrument: NQ, account: 'B', strategy: 's2', quantity: '-1', unrealized: '-200', realized: '0' },
    ])
    expect(of('pair')).toEqual([])
    expect(of('total')).toMatchObject([{ unrealized: '800', realized: '0', net: '800' }])
    expect(of('statistics').filter(line => line.instrument === NQ)).toMatchObject([
      { account: 'A', closed: 0 },
      { account: 'B', closed: 0 },
    ])
  })

  test.each([
    ['of one account, by strategy', { account: 'A', strategy: 's1' }, { account: 'A', strategy: 's2' }],
    ['of one strategy, by account', { account: 'A', strategy: 's1' }, { account: 'B', strategy: 's1' }],
    ['and those that name none', { account: 'A' }, {}],
    ['an account and a strategy of the same name', { account: 'x' }, { strategy: 'x' }],
  ])('stand apart %s', async (_, one, other) => {
    const { of } = await linesOf([
      { side: 'buy', price: '25600', ...one },
      { side: 'sell', price: '25640', ...other },
    ])
    expect(of('position').map(({ quantity }) => quantity)).toEqual(['1', '-1'])
  })

  test('close their own', async () => {
    const { of } = await linesOf([
      { side: 'buy', price: '25600', account: 'A' },
      { side: 'sell', price: '25640', account: 'A' },
    ])
    expect(of('position')).toMatchObject([{ account: 'A', quantity: '0', realized: '800' }])
    expect(of('pair')).toMatchObject([{ account: 'A', pnl: '800' }])
  })
})

test('of a file that names none the lines have no account, and no strategy', async () => {
  const { of } = await linesOf([{ side: 'buy', price: '25600' }])
  expect(of('position')).toHaveLength(1)
  expect(Object.keys(of('position')[0])).not.toContain('account')
  expect(Object.keys(of('position')[0])).not.toContain('strategy')
})

test('one account’s fills are picked out of a file, and what stayed out is counted', () => {
  const text = textOf([
    { side: 'buy', price: '1', account: 'B' },
    { side: 'buy', price: '2', account: 'A' },
    { side: 'buy', price: '3' },
  ])
  const read = readPositions(text, 'fills.jsonl')
  expect(fillsOfAccount(read, 'A')).toMatchObject({
    positions: { fills: [{ line: 2 }] },
    others: ['B'],
    ofOthers: 1,
    ofNobody: 1,
  })
  expect(() => fillsOfAccount(read, 'C')).toThrow(
    expect.objectContaining({ code: 'bad-positions', where: '--account C', found: 'A, B' }),
  )
})

describe('a ledger that is fed by hand', () => {
  const filled = () => {
    const pnl = createPnl()
    const one = { instrument: NQ, quantity: '1' }
    pnl.fill({ ...one, side: 'buy', price: '25600', account: 'A', strategy: 's1' })
    pnl.fill({ ...one, side: 'sell', price: '25640', account: 'B', strategy: 's1' })
    pnl.quote(NQ, { last: '25650' })
    return pnl
  }

  test('asks whose position is meant where there are several, and takes no name that is none', () => {
    const found = 'A s1: 1, B s1: -1'
    expect(() => filled().position(NQ)).toThrow(expect.objectContaining({ code: 'ambiguous', found }))
    expect(() => filled().position(NQ, { strategy: 's1' })).toThrow(expect.objectContaining({ found }))
    expect(() => filled().position(NQ, { account: '' })).toThrow(
      expect.objectContaining({ code: 'usage', where: 'position of account' }),
    )
  })

  test('has a position for each account and strategy, as a file has', () => {
    const pnl = filled()
    expect(pnl.position(NQ, { account: 'A' })).toHavePnl({ quantity: '1', unrealized: '1000', realized: '0' })
    expect(pnl.position(NQ, { account: 'B', strategy: 's1' })).toHavePnl({
      quantity: '-1',
      unrealized: '-200',
    })
    expect(pnl.position(NQ, { account: 'C' })).toBeUndefined()
    expect(pnl.positions()).toHaveLength(2)
    expect(pnl.total('USD')).toHavePnl({ net: '800' })
  })

  test('gives the only one, whoever it is of', () => {
    const pnl = createPnl()
    pnl.fill({ instrument: NQ, quantity: '1', side: 'buy', price: '25600', account: 'A' })
    expect(pnl.position(NQ)).toHavePnl({ quantity: '1' })
  })
})

import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { InstrumentBook } from '../../src/instruments/index.ts'
import {
  type GroupView,
  Ledger,
  parseMarkChain,
  readPositions,
  replayPnl,
  type StatedPosition,
} from '../../src/pnl/index.ts'
import { TapeReader } from '../../src/tape/index.ts'
import { type FixtureScript, open, wait } from '../../tools/fixtures/script.ts'
import { qsd, receive } from '../../tools/fixtures/tradingview-socket/packets.ts'
import { makeFixture } from '../../tools/make-fixtures.ts'
import { decimal, textOf } from './decimals.ts'

const NQ = 'CME_MINI:NQ1!'
const UNKNOWN = 'X:Y'
const START = 1_000

function setUp() {
  const groups = new Map<string, GroupView>()
  const viewOf = (name: string) => ({ group: () => groups.get(name) })
  const book = new InstrumentBook()
  const ledger = new Ledger({
    chain: ['last'],
    staleAfter: 60_000_000,
    instruments: book,
    quoteOf: name => (groups.has(name) ? viewOf(name) : undefined),
  })
  ledger.begin(START)
  return {
    book,
    ledger,
    quote(price: string, time: number, name = NQ) {
      ledger.advance(time)
      groups.set(name, { price: decimal(price), at: time, seq: 0, packet: 0 })
      ledger.quote(name, viewOf(name), time)
    },
    fill(side: 'buy' | 'sell', price: string, time: number, done?: number, name = NQ) {
      ledger.advance(time)
      const deal = { instrument: name, side, quantity: decimal('1'), price: decimal(price) }
      ledger.fill(done === undefined ? deal : { ...deal, at: done }, time)
    },
    state(position: Partial<StatedPosition>, time: number) {
      ledger.advance(time)
      const held = { quantity: decimal('1'), averagePrice: decimal('100'), average: 'stated' } as const
      ledger.state(NQ, { ...held, ...position }, time)
    },
    curve() {
      const [total] = ledger.totals()
      return [textOf(total?.net), textOf(total?.peakToTrough), textOf(total?.best), total?.fall?.from]
    },
  }
}

describe('an equity curve begins at 0', () => {
  test('where its first position is opened within the run: a first loss is a fall', () => {
    const { fill, quote, curve, ledger } = setUp()
    fill('buy', '100', START + 1)
    expect(curve()).toEqual([undefined, undefined, undefined, undefined])
    quote('90', START + 2)
    fill('sell', '90', START + 3)
    expect(curve()).toEqual(['-200', '200', '0', START + 1])
    fill('buy', '90', START + 4)
    quote('101', START + 5)
    expect(ledger.totals()).toMatchObject([
      { best: decimal('20'), fall: { from: START + 1, trough: START + 2, recovered: START + 5 } },
    ])
  })

  test.each([
    ['has no time of its own and comes with the start', START, undefined],
    ['was done before the start', START, START - 1],
    ['was done before the start, and is told within the run', START + 5, START - 1],
  ])('and not where the first fill %s: what it was worth then nobody knew', (_, time, done) => {
    const { fill, quote, curve } = setUp()
    fill('buy', '100', time, done)
    quote('90', START + 6)
    expect(curve()).toEqual(['-200', '0', '-200', undefined])
    quote('89', START + 7)
    expect(curve()).toEqual(['-220', '20', '-200', START + 6])
  })

  test('by a fill at the very start, too', () => {
    const { fill, quote, curve } = setUp()
    fill('buy', '100', START, START)
    quote('90', START + 1)
    expect(curve()).toEqual(['-200', '200', '0', START])
  })

  test('by a word on what is held, where it is not also one on what was realized before', () => {
    const signal = setUp()
    signal.state({}, START + 1)
    signal.quote('90', START + 2)
    expect(signal.curve()).toEqual(['-200', '200', '0', START + 1])
    const broker = setUp()
    broker.state({ realized: decimal('0') }, START + 1)
    broker.quote('90', START + 2)
    expect(broker.curve()).toEqual(['-200', '0', '-200', undefined])
  })

  test('of each currency for itself, and by its first position alone', () => {
    const { fill, quote, curve } = setUp()
    fill('buy', '100', START)
    fill('buy', '100', START + 1, undefined, 'CME_MINI:MNQ1!')
    quote('90', START + 2)
    quote('90', START + 3, 'CME_MINI:MNQ1!')
    expect(curve()).toEqual(['-220', '0', '-220', undefined])
  })

  test('and keeps that where the point value and the currency are learned later', () => {
    const { fill, quote, curve, book, ledger } = setUp()
    fill('buy', '100', START + 1, undefined, UNKNOWN)
    quote('90', START + 2, UNKNOWN)
    expect(curve()).toEqual([undefined, undefined, undefined, undefined])
    book.learn({ kind: 'instrument', session: '', name: UNKNOWN, pointValue: decimal('2'), currency: 'EUR' })
    ledger.advance(START + 3)
    expect(curve()).toEqual(['-20', '20', '0', START + 1])
  })
})

test.each([
  ['open at the start', undefined, '0'],
  ['from before the start', -1, '0'],
  ['of the start itself', 0, '200'],
  ['of the run', 500, '200'],
])('a replay knows its start: a first loss by a fill %s', async (_, ms, fallen) => {
  const steps = [open, wait(1), receive(qsd('qs_SyntheticAaa', NQ, { lp: 90 }))]
  const script: FixtureScript = { feed: 'tradingview-socket', name: 'start', about: 'a test', steps }
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-curve-'))
  await makeFixture(script, folder)
  const tape = await TapeReader.open(join(folder, 'start.tape.jsonl'))
  const at = ms === undefined ? {} : { at: new Date(Date.parse(tape.header.start) + ms).toISOString() }
  const fill = { instrument: NQ, side: 'buy', quantity: '1', price: '100', ...at }
  const options = { chain: parseMarkChain('last'), staleAfter: 60_000_000 }
  const { totals } = await replayPnl([tape], readPositions(JSON.stringify(fill), 'fills.jsonl'), options)
  expect(totals.map(({ peakToTrough }) => textOf(peakToTrough))).toEqual([fallen])
})

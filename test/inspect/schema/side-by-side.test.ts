import { describe, expect, it } from 'vitest'
import { originsOf, PriceSeries, SchemaBuilder, sideBySide } from '../../../src/inspect/schema/index.ts'
import { seededRandom } from '../../../src/model/random.ts'
import type { Entry } from '../../../src/tape/entry.ts'
import { SESSION_HEADER } from '../drift/sessions.ts'
import { entriesOf, qsd, type Said, SECOND } from './build.ts'

const NAME = 'CME_MINI:NQ1!'

interface Move {
  readonly at: number
  readonly bid: number
  readonly ask: number
}

/** A bid and an ask on ticks of 0.25, some times a second. */
function market(seed: number): readonly Move[] {
  const random = seededRandom(seed)
  const moves: Move[] = []
  let bid = 25_000
  for (let at = SECOND; at < 180 * SECOND; at += Math.floor((0.1 + random.next()) * SECOND)) {
    bid += Math.round((random.next() - 0.5) * 12) / 4
    moves.push({ at, bid, ask: bid + (1 + Math.floor(random.next() * 3)) / 4 })
  }
  return moves
}

function tradingView(moves: readonly Move[], lag = 0): readonly Said[] {
  return moves.map(({ at, bid, ask }) => qsd({ bid, ask }, NAME, at + lag))
}

function tradeManager(moves: readonly Move[], lag = 0): readonly Said[] {
  return moves.map(({ at, bid, ask }) => ({
    at: at + lag,
    text: JSON.stringify({ type: 'DATA', data: { ticker: NAME, prices: { bid, ask } } }),
  }))
}

function compared(feeds: Readonly<Record<string, readonly Said[]>>) {
  const entries = Object.entries(feeds).flatMap(([feed, said], index) => entriesOf(said, feed, index + 1))
  const series = new PriceSeries(true)
  const builder = new SchemaBuilder({ watcher: (read, header) => series.look(read, header) })
  builder.beginTape(SESSION_HEADER, 'synthetic')
  for (const [index, entry] of entries.toSorted((a, b) => a.at - b.at).entries()) {
    builder.apply({ ...entry, seq: index + 1 } as Entry)
  }
  const pairs = sideBySide(builder.result(), series.result())
  return { pairs, origins: originsOf(pairs) }
}

describe('two feeds side by side', () => {
  it('of two markets have nobody’s prices', () => {
    const { pairs, origins } = compared({
      'tradingview-socket': tradingView(market(1)),
      'trade-manager': tradeManager(market(2)),
    })
    expect(pairs[0]?.prices.every(({ isSame }) => !isSame)).toBe(true)
    expect(origins.every(({ from }) => from === undefined)).toBe(true)
  })

  it.each([350_000, 12 * SECOND])(
    'of one market: the one that is %i µs behind has the other’s prices',
    lag => {
      const { pairs, origins } = compared({
        'tradingview-socket': tradingView(market(1)),
        'trade-manager': tradeManager(market(1), lag),
      })
      const bid = pairs[0]?.prices.find(({ field }) => field === 'bid')
      expect(bid).toMatchObject({ instrument: NAME, isSame: true, agreement: { lag } })
      expect(bid?.agreement.same).toBe(bid?.agreement.changes)
      expect(origins).toMatchObject([
        { feed: 'tradingview-socket' },
        { feed: 'trade-manager', from: 'tradingview-socket', lag },
      ])
      expect(origins[0]?.from).toBeUndefined()
    },
  )

  it('a feed that leaves every third price out is still the same, with the share said', () => {
    const thin = market(1).filter((_, index) => index % 3 !== 0)
    const { pairs } = compared({
      'tradingview-socket': tradingView(thin),
      'trade-manager': tradeManager(market(1), 200_000),
    })
    expect(pairs[0]?.prices.find(({ field }) => field === 'bid')).toMatchObject({ isSame: true })
  })

  it('say which field of one is which of the other, by what each decoder makes of it', () => {
    const { pairs } = compared({
      'tradingview-socket': tradingView(market(1)),
      'trade-manager': tradeManager(market(1), 350_000),
    })
    expect(pairs[0]?.fields.find(({ field }) => field === 'bid')).toMatchObject({
      one: ['qsd p.1.v.bid'],
      other: ['DATA data.prices.bid'],
      agreement: { lag: 350_000 },
    })
    expect(pairs[0]?.fields.find(({ field }) => field === 'name')).toMatchObject({ one: ['qsd p.1.n'] })
  })

  it('a wire that nobody reads is matched by how its numbers move, and not by their names', () => {
    const foreign = market(1).map(({ at, bid, ask }) => ({
      at: at + 80_000,
      text: JSON.stringify({ x: bid, y: ask, z: 7 }),
    }))
    const { pairs } = compared({ 'tradingview-socket': tradingView(market(1)), 'json-socket': foreign })
    const byValue = pairs[0]?.fields.filter(({ field }) => field === undefined)
    expect(byValue?.map(({ one, other }) => [one[0], other[0]])).toEqual([
      ['bid', expect.stringContaining(' x')],
      ['ask', expect.stringContaining(' y')],
    ])
  })
})

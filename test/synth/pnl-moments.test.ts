import { describe, expect, test } from 'vitest'
import { MARK_RULES, MATCHINGS } from '../../src/pnl/index.ts'
import { type Exact, exactText } from './exact.ts'
import {
  compareTold,
  compareWithTruth,
  type Dues,
  duesOf,
  FIGURES,
  type Figure,
  type Valued,
  valuedBy,
} from './pnl-agreement.ts'
import { compareWires } from './pnl-pairs.ts'
import { type Session, sessionOf, type Told, tell } from './session.ts'
import { type Rules, toldOf } from './standings.ts'
import { scalperOf, strategistOf } from './traders.ts'

const SEEDS = [61, 62, 63, 64]
const sessions = SEEDS.map(seed => sessionOf({ seed, minutes: 3 }))
const RULES = MARK_RULES.flatMap(rule => MATCHINGS.map(matching => [rule, matching] as const))
const FUTURES = ['tradovate-market-data', 'tradovate-user-data']
const STATED: readonly Figure[] = ['quantity', 'average', 'cost', 'mark', 'unrealized']

function named({ told }: Session, feed: string): Told {
  const found = told.find(({ side }) => side.name === feed)
  if (found === undefined) throw new Error(feed)
  return found
}

/** By seed and rules: two tests ask for the same. */
const known = new Map<string, Promise<ValuedSession>>()

interface ValuedSession {
  readonly wires: readonly Valued[]
  readonly dues: Dues
}

function valued(session: Session, rules: Rules): Promise<ValuedSession> {
  const key = `${session.truth.seed} ${rules.rule} ${rules.matching}`
  const value = known.get(key) ?? valueAnew(session, rules)
  known.set(key, value)
  return value
}

async function valueAnew({ told, truth }: Session, rules: Rules): Promise<ValuedSession> {
  const traders = [strategistOf(truth), scalperOf(truth)]
  const wires: Valued[] = []
  for (const one of told) wires.push(await valuedBy(truth, one, traders, rules))
  return { wires, dues: duesOf(truth, traders, rules) }
}

describe('P&L at the settled moments of a whole session', () => {
  test.each(RULES)(
    'by %s and %s every wire has what the truth’s fills and prices come to, or says why not',
    async (rule, matching) => {
      for (const session of sessions) {
        const { dues, wires } = await valued(session, { rule, matching })
        for (const wire of wires) {
          const { compared, differences, untold } = compareWithTruth(wire, dues, session.truth)
          const about = `seed ${session.truth.seed}, ${wire.side.name}`
          expect.soft(differences, about).toEqual([])
          expect.soft(compared, about).toBeGreaterThan(2_000)
          expect.soft(untold, about).toBeLessThanOrEqual(compared * 0.01)
        }
      }
    },
  )

  test.each(RULES)(
    'by %s and %s each two wires have the same, wherever both carry it',
    async (rule, matching) => {
      let compared = 0
      for (const session of sessions) {
        const { wires } = await valued(session, { rule, matching })
        for (const [n, one] of wires.entries()) {
          for (const other of wires.slice(n + 1)) {
            const result = compareWires(one, other, session.truth)
            expect.soft(result.differences, `seed ${session.truth.seed}`).toEqual([])
            compared += result.compared
          }
        }
      }
      expect(compared).toBeGreaterThan(50_000)
    },
  )

  test('of a trader who closes in parts the two matchings differ at many moments', () => {
    const [session] = sessions
    if (session === undefined) throw new Error('no session')
    const { truth } = session
    const scalper = scalperOf(truth)
    const [average, fifo] = MATCHINGS.map(matching =>
      duesOf(truth, [scalper], { rule: 'last', matching }).get(scalper),
    )
    const differing = average?.filter((dues, n) =>
      [...dues].some(
        ([market, { figures }]) => costText(figures.cost) !== costText(fifo?.[n]?.get(market)?.figures.cost),
      ),
    )
    expect(differing?.length).toBeGreaterThan(10)
  })
})

describe('positions that the tapes themselves tell of', () => {
  test.each(MATCHINGS)(
    'by %s the fills of Tradovate’s account come to what the truth’s do',
    async matching => {
      await expectTold('fills', FUTURES, { rule: 'exit-side', matching }, FIGURES)
    },
  )

  test('its broker’s words are what the fills come to, with an average of two digits', async () => {
    await expectTold('broker', FUTURES, { rule: 'mid', matching: 'average' }, STATED, 2)
  })

  test('Trade Manager’s log has the same quantity, and an average of two digits', async () => {
    await expectTold('signals', ['trade-manager'], { rule: 'exit-side', matching: 'average' }, STATED, 2)
  })
})

function costText(cost: Exact | undefined): string {
  return cost === undefined ? '' : exactText(cost)
}

async function expectTold(
  from: 'fills' | 'broker' | 'signals',
  feeds: readonly string[],
  rules: Rules,
  figures: readonly Figure[],
  digits?: number,
): Promise<void> {
  for (const session of sessions) {
    const { truth } = session
    const wires = feeds.map(feed => named(session, feed))
    const [quoting] = wires
    if (quoting === undefined) throw new Error('no wire')
    const trader = strategistOf(truth)
    const moments = await toldOf(
      truth,
      wires.map(({ rendered }) => rendered),
      { from },
      rules,
    )
    const traded = truth.markets.filter(({ means }) => means === undefined).map(({ key }) => key)
    const carried = new Set(quoting.side.declares.carried.map(({ market }) => market))
    const markets = new Set(traded.filter(market => carried.has(market)))
    const told = {
      side: quoting.side,
      moments,
      markets,
      figures,
      ...(digits === undefined ? {} : { digits }),
    }
    const { compared, differences } = compareTold(
      told,
      duesOf(truth, [trader], rules).get(trader) ?? [],
      truth,
    )
    expect(differences, `seed ${truth.seed}, ${from}`).toEqual([])
    expect(compared, `seed ${truth.seed}, ${from}`).toBeGreaterThan(50)
  }
}

describe('what a wire gets wrong', () => {
  test.each([
    ['json-socket', 'wrong-price'],
    ['tradingview-socket', 'lost-update'],
    ['tradovate-market-data', 'swapped-sides'],
    ['tradingview-scanner', 'stale'],
  ] as const)(
    'by %s with a planted %s the P&L of that market is another, and of no other',
    async (feed, plant) => {
      let caught = 0
      for (const session of sessions) {
        const { truth } = session
        const told = tell(truth, named(session, feed).rendered.wire, plant)
        const traders = [scalperOf(truth)]
        const found: string[] = []
        for (const rule of MARK_RULES) {
          const rules = { rule, matching: 'fifo' } as const
          const wire = await valuedBy(truth, told, traders, rules)
          found.push(...compareWithTruth(wire, duesOf(truth, traders, rules), truth).differences)
        }
        const { market = '' } = told.rendered.planted ?? {}
        const currency = truth.markets.find(({ key }) => key === market)?.product.currency
        const others = found.filter(
          text => !text.includes(`${market} of `) && !text.startsWith(`${currency} `),
        )
        expect(others, `seed ${truth.seed}: ${told.rendered.planted?.text}`).toEqual([])
        if (found.length > 0) caught += 1
      }
      // Nobody trades a continuous symbol that rolls, and a position can be flat while it is wrong.
      expect(caught).toBeGreaterThanOrEqual(2)
    },
  )
})

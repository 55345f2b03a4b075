import { describe, expect, test } from 'vitest'
import { decimalFromText, decimalText, multiply, subtract } from '../../src/model/decimal.ts'
import type { MarkRule } from '../../src/pnl/index.ts'
import type { Rendered, Truth } from '../../src/synth/index.ts'
import { type Session, sessionOf } from './session.ts'
import { NEEDED } from './standings.ts'
import { positionsBy, valueBy } from './valuation.ts'

const SEEDS = [41, 42, 43]
const sessions = SEEDS.map(seed => sessionOf({ seed, minutes: 4 }))
const RULES: readonly MarkRule[] = ['last', 'exit-side', 'mid']

function carriedBy({ declares }: Rendered, rule: MarkRule): ReadonlySet<string> {
  const able = declares.carried.filter(({ fields }) => NEEDED[rule].every(field => fields.includes(field)))
  return new Set(able.map(({ market }) => market))
}

function traded({ orders }: Truth): ReadonlySet<string> {
  return new Set(orders.map(({ market }) => market))
}

function named({ told }: Session, feed: string): Rendered {
  const rendered = told.find(({ side }) => side.name === feed)?.rendered
  if (rendered === undefined) throw new Error(feed)
  return rendered
}

describe('P&L of the same fills over each wire', () => {
  test.each(RULES)('by %s a wire that does not carry it refuses, with the reason', async rule => {
    for (const { told, truth } of sessions) {
      for (const { rendered } of told) {
        const able = carriedBy(rendered, rule)
        const unable = new Set([...traded(truth)].filter(market => !able.has(market)))
        for (const { quantity, refused, unrealized } of (
          await valueBy(truth, [rendered], rule, unable)
        ).values()) {
          if (quantity !== '0') expect([unrealized, refused]).toEqual([undefined, 'no price yet'])
        }
      }
    }
  })

  test.each(RULES)('by %s it is equal wherever a wire carries it', async rule => {
    let compared = 0
    for (const { told, truth } of sessions) {
      const first = new Map<string, object>()
      for (const { rendered } of told) {
        const valued = await valueBy(truth, [rendered], rule, carriedBy(rendered, rule))
        for (const [market, values] of valued) {
          const known = first.get(market)
          if (known === undefined) first.set(market, values)
          else {
            compared += 1
            expect
              .soft(values, `seed ${truth.seed}, ${rule}: ${market} by ${rendered.wire.feed.name}`)
              .toEqual(known)
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(40)
  })

  test('the fills that Tradovate’s own account tells come to the same as those of the truth', async () => {
    for (const session of sessions) {
      const { truth } = session
      const tapes = [named(session, 'tradovate-market-data'), named(session, 'tradovate-user-data')]
      const futures = new Set(
        truth.markets.filter(({ contract }) => contract !== undefined).map(({ key }) => key),
      )
      const ours = await valueBy(truth, tapes, 'exit-side', futures)
      const theirs = await positionsBy(truth, tapes, 'exit-side', { from: 'fills' })
      expect(theirs.length).toBeGreaterThan(0)
      expect(theirs).toEqual([...ours.values()])
    }
  })

  test('what Trade Manager’s log says comes to the same as the fills, where no price of it is rounded', async () => {
    let compared = 0
    for (const session of sessions) {
      const { truth } = session
      const manager = named(session, 'trade-manager')
      // An ADD sets a rounded average, and one line stands for several fills.
      const rounded = new Set(
        truth.orders
          .filter(({ action, fills }) => action === 'add' || fills.length > 1)
          .map(({ market }) => market),
      )
      const exact = new Set([...carriedBy(manager, 'exit-side')].filter(market => !rounded.has(market)))
      const signals = await positionsBy(truth, [manager], 'exit-side', { from: 'signals' })
      for (const { fees: _, ...fills } of (await valueBy(truth, [manager], 'exit-side', exact)).values()) {
        compared += 1
        expect(signals).toContainEqual({ ...fills, fees: '0' })
      }
    }
    expect(compared).toBeGreaterThan(4)
  })

  test('Trade Manager’s marks against last-trade marks: the difference is the distance of the two prices', async () => {
    for (const session of sessions) {
      const { truth } = session
      const manager = named(session, 'trade-manager')
      const markets = carriedBy(manager, 'exit-side')
      const exits = await valueBy(truth, [manager], 'exit-side', markets)
      const lasts = await valueBy(truth, [named(session, 'tradingview-socket')], 'last', markets)
      expect(exits.size).toBeGreaterThan(2)
      for (const [market, exit] of exits) {
        const last = lasts.get(market)
        const pointValue = truth.markets.find(({ key }) => key === market)?.product.pointValue
        if (exit.unrealized === undefined || exit.markedAt === undefined || pointValue === undefined) continue
        const distance = subtract(of(exit.markedAt), of(last?.markedAt))
        const explained = multiply(multiply(distance, of(exit.quantity)), pointValue)
        const difference = subtract(of(exit.unrealized), of(last?.unrealized))
        expect(decimalText(difference)).toBe(decimalText(explained))
      }
    }
  })
})

function of(text: string | undefined) {
  const value = decimalFromText(text ?? '')
  if (value === undefined) throw new Error(`no decimal: ${text}`)
  return value
}

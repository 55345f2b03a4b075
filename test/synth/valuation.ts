import { type InstrumentConfig, readConfig } from '../../src/instruments/index.ts'
import { decimalText } from '../../src/model/decimal.ts'
import {
  type BookPlan,
  type MarkRule,
  parseMarkChain,
  readPositions,
  replayPnl,
} from '../../src/pnl/index.ts'
import { positionLines, type Rendered, sessionConfig, type Truth } from '../../src/synth/index.ts'
import type { Entry, Seal } from '../../src/tape/index.ts'

/** One position at the end of a session, as one wire’s tape values it. */
export interface Valued {
  readonly quantity: string
  readonly realized: string | undefined
  readonly fees: string
  /** `undefined` where there is no mark, and then why. */
  readonly unrealized: string | undefined
  readonly markedAt: string | undefined
  readonly refused: string | undefined
}

const HOUR = 3_600_000_000

/** By the truth’s markets, in the order of their first fill; of these only. */
export async function valueBy(
  truth: Truth,
  tapes: readonly Rendered[],
  rule: MarkRule,
  markets: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Valued>> {
  const orders = truth.orders.filter(({ market }) => markets.has(market))
  const text = positionLines({ ...truth, orders })
    .map(line => JSON.stringify(line))
    .join('\n')
  const traded = [...new Set(orders.map(({ market }) => market))]
  return new Map(
    (await positionsBy(truth, tapes, rule, readPositions(text, 'positions.jsonl'))).map((one, n) => [
      traded[n] ?? '',
      one,
    ]),
  )
}

export async function positionsBy(
  truth: Truth,
  tapes: readonly Rendered[],
  rule: MarkRule,
  plan: BookPlan,
): Promise<readonly Valued[]> {
  const result = await replayPnl(tapes.map(sourceOf), plan, {
    chain: parseMarkChain(rule),
    staleAfter: HOUR,
    config: valuesOf(truth),
    settings: settingsOf(tapes),
  })
  return result.positions.map(position => {
    const { fees, mark, quantity, realized, unpriced, unrealized } = position
    return {
      quantity: decimalText(quantity),
      realized: realized === undefined ? undefined : decimalText(realized),
      fees: decimalText(fees),
      unrealized: unrealized === undefined ? undefined : decimalText(unrealized),
      markedAt: mark === undefined ? undefined : decimalText(mark.price),
      refused: unpriced?.reason,
    }
  })
}

/** What the session’s config teaches the feeds of these tapes. */
export function settingsOf(tapes: readonly Rendered[]): ReadonlyMap<string, unknown> {
  return new Map(
    tapes.flatMap(({ declares: { settings }, wire }) => {
      return settings === undefined ? [] : [[wire.feed.name, settings] as const]
    }),
  )
}

/** What the session’s config says that the instruments are worth. */
export function valuesOf(truth: Truth): ReadonlyMap<string, InstrumentConfig> {
  const text = JSON.stringify(sessionConfig(truth, []))
  const { instruments } = JSON.parse(text) as { instruments: object }
  return readConfig(JSON.stringify({ instruments }), 'config.json').instruments
}

/** As a replay reads it from its file. */
export function sourceOf({ drafts, end, header }: Rendered) {
  let next = 0
  const seal: Seal = { kind: 'seal', at: end, count: drafts.length, hash: '0'.repeat(64) }
  return {
    header,
    seal,
    next(): Entry | undefined {
      const draft = drafts[next]
      next += 1
      // As the writer numbers it.
      return draft === undefined ? undefined : ({ ...draft, seq: next } as Entry)
    },
    fill: () => Promise.resolve(false),
  }
}

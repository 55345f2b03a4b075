import { decimalText } from '../model/decimal.ts'
import { type JsonObject, observationToJson } from '../model/observation.ts'
import type { QuoteFields } from '../model/quote.ts'
import { type EpochMicros, isoFromEpochMicros } from '../model/time.ts'
import type { Rendered } from './render.ts'
import { STRATEGY, type TruthOrder } from './strategy.ts'
import type { Truth } from './truth.ts'
import type { TruthMarket } from './truth-markets.ts'

/** The file of a wire’s tape within its session. */
export function tapeName({ wire }: Rendered): string {
  return wireTapeName(wire)
}

export function wireTapeName({ feed }: Rendered['wire']): string {
  return `${feed.name}.tape.jsonl`
}

/** The truth and how each wire tells of it: what is on no tape, lags and planted errors, stands here. */
export function truthLines(truth: Truth, rendered: readonly Rendered[]): readonly object[] {
  const { end, markets, seed, settled, start } = truth
  return [
    { kind: 'truth', synthetic: true, seed, start: isoFromEpochMicros(start), end: isoFromEpochMicros(end) },
    ...markets.map(marketLine),
    ...rendered.map(wireLine),
    ...settled.map(({ at, from }) => {
      return { kind: 'settled', from: isoFromEpochMicros(from), at: isoFromEpochMicros(at) }
    }),
    ...eventLines(truth),
  ]
}

function marketLine({ contract, facts, key, means }: TruthMarket): object {
  const { kind: _, name: __, session: ___, ...said } = observationToJson(facts)
  const { expires, isFront, symbol } = contract ?? {}
  const dated =
    expires === undefined ? {} : { contract: symbol, expires: isoFromEpochMicros(expires), isFront }
  const rolls = means === undefined ? {} : { means: [...means] }
  return { kind: 'market', market: key, ...said, ...dated, ...rolls }
}

function wireLine(rendered: Rendered): object {
  const { breaks, declares, lag, planted, wire } = rendered
  const { cannot, carried, hasSnapshot, poll, precision, stampsSnapshots } = declares
  return {
    kind: 'wire',
    wire: wire.feed.name,
    tape: tapeName(rendered),
    lag,
    ...(poll === undefined ? {} : { poll }),
    precision,
    hasSnapshot,
    ...(stampsSnapshots === undefined ? {} : { stampsSnapshots }),
    breaks: breaks.map(isoFromEpochMicros),
    carries: carried.map(({ delay = 0, fields, market, name }) => ({ market, name, delay, fields })),
    cannot,
    ...(planted === undefined
      ? {}
      : {
          planted: {
            ...planted,
            ...(planted.at === undefined ? {} : { at: isoFromEpochMicros(planted.at) }),
          },
        }),
  }
}

function eventLines({ happenings, moves, opening, orders, start }: Truth): readonly object[] {
  const events: (readonly [at: EpochMicros, line: object])[] = [
    ...[...opening].map(([market, fields]) => [start, quoteLine(start, market, fields)] as const),
    ...moves.map(({ at, fields, market }) => [at, quoteLine(at, market, fields)] as const),
    ...moves.flatMap(({ at, market, trade }) => {
      if (trade === undefined) return []
      const [price, size] = [decimalText(trade.price), decimalText(trade.size)]
      return [[at, { kind: 'trade', at: isoFromEpochMicros(at), market, price, size }] as const]
    }),
    ...happenings.map(({ at, kind, market }) => [at, { kind, at: isoFromEpochMicros(at), market }] as const),
    ...orders.flatMap(orderEvents),
  ]
  return events.toSorted(([a], [b]) => a - b).map(([, line]) => line)
}

function quoteLine(at: EpochMicros, market: string, fields: QuoteFields): JsonObject {
  const { fields: said = {} } = observationToJson({ kind: 'quote', session: '', name: market, fields })
  return { kind: 'quote', at: isoFromEpochMicros(at), market, fields: said }
}

function orderEvents(order: TruthOrder): readonly (readonly [at: EpochMicros, line: object])[] {
  const { action, at, averagePrice, id, market, position, quantity, side } = order
  const signal = {
    kind: 'signal',
    at: isoFromEpochMicros(at),
    order: id,
    market,
    action,
    side,
    quantity: decimalText(quantity),
    position: decimalText(position),
    ...(averagePrice === undefined ? {} : { averagePrice: decimalText(averagePrice) }),
  }
  return [
    [at, signal] as const,
    ...fillLines(order).map(([when, line]) => [when, { kind: 'fill', order: id, ...line }] as const),
  ]
}

/** Lines of a positions file, in the order of time. */
export function positionLines({ orders }: Truth): readonly object[] {
  return orders
    .flatMap(fillLines)
    .toSorted(([a], [b]) => a - b)
    .map(([, line]) => line)
}

function fillLines({
  fills,
  market,
  side,
}: TruthOrder): readonly (readonly [at: EpochMicros, line: object])[] {
  return fills.map(({ at, fee, id, price, quantity }) => {
    const line = {
      id,
      at: isoFromEpochMicros(at),
      instrument: market,
      side,
      quantity: decimalText(quantity),
      price: decimalText(price),
      fee: decimalText(fee),
      strategy: STRATEGY,
    }
    return [at, line] as const
  })
}

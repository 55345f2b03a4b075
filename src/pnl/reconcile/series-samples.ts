import { add, type Decimal, decimalSign, negate } from '../../model/decimal.ts'
import type { EpochMicros, Micros } from '../../model/time.ts'
import { type EntrySource, TapeMerge } from '../../replay/index.ts'
import { PnlEngine } from '../engine.ts'
import type { PositionReport } from '../holding.ts'
import type { Cause } from '../lines.ts'
import type { BookPlan, EngineOptions } from '../replay-options.ts'
import type { Figure } from './figure.ts'
import type { SeriesPoint } from './foreign-series.ts'
import { type Conversion, type Money, type MoneySum, sumOfMoney } from './money-sum.ts'

/** What ours was at the time of a point, or so much before it. */
export interface Sample {
  /** Unknown while a position is not priced, and over currencies that nobody converts. */
  readonly figures: Readonly<Record<Figure, MoneySum>>
  /** Some position was. */
  readonly isOpen: boolean
  /** What changed it last. */
  readonly cause: Cause | undefined
}

/** By lag, one for each point in order; none where that was before the tapes begin. */
export type Samples = ReadonlyMap<Micros, readonly (Sample | undefined)[]>

export interface Looks {
  readonly points: readonly SeriesPoint[]
  /** Names of the points that this book has ever held. */
  readonly held: ReadonlySet<string>
  readonly lags: readonly Micros[]
}

/** One run, looked at when each point of a series was taken, and at lags before that. */
export async function sampleRun(
  sources: readonly EntrySource[],
  plan: BookPlan,
  options: EngineOptions,
  { points, held, lags }: Looks,
): Promise<Samples> {
  const merge = new TapeMerge(sources)
  const latest = new Map<string, Cause>()
  const headers = sources.map(({ header }) => header)
  const engine: PnlEngine = new PnlEngine(headers, [plan], options, {
    changed: (cause, { instrument }) => {
      latest.set(instrument, cause)
      latest.set(EVERY, cause)
    },
  })
  const looks = lags
    .flatMap(lag => points.map((point, index) => ({ at: point.at - lag, lag, index, point })))
    .sort((a, b) => a.at - b.at)
  const samples = new Map<Micros, (Sample | undefined)[]>(lags.map(lag => [lag, points.map(() => undefined)]))
  let next = 0
  const lookUntil = (until: EpochMicros): void => {
    for (let look = looks[next]; look !== undefined && look.at < until; look = looks[next]) {
      next += 1
      const of = samples.get(look.lag)
      if (look.at < merge.start || of === undefined) continue
      engine.advance(look.at)
      const { instrument } = look.point
      const identity = instrument === undefined ? undefined : engine.canonical(instrument)
      const positions = engine
        .positions()
        .filter(position => identity === undefined || position.instrument === identity)
      of[look.index] = {
        figures: instrument === undefined || held.has(instrument) ? figuresOf(positions, options) : NOT_HELD,
        isOpen: positions.some(({ quantity }) => decimalSign(quantity) !== 0),
        cause: latest.get(identity ?? EVERY),
      }
    }
  }
  engine.begin(merge.start)
  await merge.run((entry, tape, at) => {
    lookUntil(at)
    engine.take(entry, tape, at)
  })
  lookUntil(Number.POSITIVE_INFINITY)
  return samples
}

/** No instrument has this name. */
const EVERY = ''

const UNHELD: MoneySum = { kind: 'unknown', reason: 'never held in this book' }
const NOT_HELD: Sample['figures'] = { unrealized: UNHELD, realized: UNHELD, gross: UNHELD, net: UNHELD }

function figuresOf(positions: readonly PositionReport[], conversion: Conversion): Sample['figures'] {
  const sumOf = (pick: (position: PositionReport) => Decimal | undefined): MoneySum =>
    sumOfMoney(
      positions.map(position => moneyOf(position, pick(position))),
      conversion,
    )
  return {
    unrealized: sumOf(({ unrealized }) => unrealized),
    realized: sumOf(({ realized }) => realized),
    gross: sumOf(grossOf),
    // A fee may be in the position's currency without a gross there.
    net: sumOfMoney(
      positions.flatMap(position => [
        moneyOf(position, grossOf(position)),
        moneyOf(position, negate(position.fees)),
      ]),
      conversion,
    ),
  }
}

function moneyOf({ currency, unpriced }: PositionReport, value: Decimal | undefined): Money {
  return { value, currency: currency?.value, reason: `not priced: ${unpriced?.reason ?? 'realized unknown'}` }
}

function grossOf({ unrealized, realized }: PositionReport): Decimal | undefined {
  return unrealized === undefined || realized === undefined ? undefined : add(unrealized, realized)
}

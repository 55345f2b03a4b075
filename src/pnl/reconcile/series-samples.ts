import { add, type Decimal, subtract, ZERO } from '../../model/decimal.ts'
import type { EpochMicros, Micros } from '../../model/time.ts'
import { type EntrySource, TapeMerge } from '../../replay/index.ts'
import { PnlEngine } from '../engine.ts'
import type { PositionReport } from '../holding.ts'
import type { Cause } from '../lines.ts'
import type { BookPlan, EngineOptions } from '../replay-options.ts'
import type { Figure, SeriesPoint } from './foreign-file.ts'

/** What ours was at the time of a point, or so much before it. */
export interface Sample {
  /** `undefined` while a position is not priced. */
  readonly figures: Readonly<Record<Figure, Decimal | undefined>>
  /** What changed it last. */
  readonly cause: Cause | undefined
}

/** By lag, one for each point in order. */
export type Samples = ReadonlyMap<Micros, readonly Sample[]>

/** One run, looked at when each point of a series was taken, and at lags before that. */
export async function sampleRun(
  sources: readonly EntrySource[],
  plan: BookPlan,
  options: EngineOptions,
  points: readonly SeriesPoint[],
  lags: readonly Micros[],
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
  const samples = new Map<Micros, Sample[]>(lags.map(lag => [lag, []]))
  let next = 0
  const lookUntil = (until: EpochMicros): void => {
    for (let look = looks[next]; look !== undefined && look.at < until; look = looks[next]) {
      next += 1
      if (look.at >= merge.start) engine.advance(look.at)
      const { instrument } = look.point
      const identity = instrument === undefined ? undefined : engine.canonical(instrument)
      const held = engine
        .positions()
        .filter(position => identity === undefined || position.instrument === identity)
      const of = samples.get(look.lag)
      if (of !== undefined)
        of[look.index] = { figures: figuresOf(held), cause: latest.get(identity ?? EVERY) }
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

function figuresOf(positions: readonly PositionReport[]): Sample['figures'] {
  const unrealized = sumOf(positions.map(position => position.unrealized))
  const realized = sumOf(positions.map(position => position.realized))
  const fees = positions.reduce((sum, position) => add(sum, position.fees), ZERO)
  const gross = unrealized === undefined || realized === undefined ? undefined : add(unrealized, realized)
  return { unrealized, realized, gross, net: gross === undefined ? undefined : subtract(gross, fees) }
}

function sumOf(values: readonly (Decimal | undefined)[]): Decimal | undefined {
  let sum = ZERO
  for (const value of values) {
    if (value === undefined) return undefined
    sum = add(sum, value)
  }
  return sum
}

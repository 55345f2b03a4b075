import type { Decimal } from '../../model/decimal.ts'
import { FeedtapeError } from '../../model/errors.ts'
import { type EpochMicros, isoFromEpochMicros } from '../../model/time.ts'
import { type EntrySource, TapeMerge } from '../../replay/index.ts'
import type { Header } from '../../tape/entry.ts'
import { PnlEngine } from '../engine.ts'
import type { PositionReport } from '../holding.ts'
import type { Marked, MarkKey, MarkRule } from '../mark.ts'
import type { TapePlace } from '../matching.ts'
import type { BookPlan, EngineOptions, PnlResult } from '../replay-options.ts'
import { plansOf } from '../replay-pnl.ts'
import { type Step, Trail } from './trail.ts'

export interface ExplainOptions extends EngineOptions {
  /** The moment, both sides included; the end where nothing is said. A function of when the tapes begin. */
  readonly at?: (start: EpochMicros) => EpochMicros
  /** By any of its names; every instrument where nothing is said. */
  readonly instrument?: string
}

/** One position's number, with all that made it. */
export interface Explanation {
  readonly book: string
  readonly position: PositionReport
  /** What it was marked by; of `mid` both sides. */
  readonly marks: readonly MarkPlace[]
  /** Where it is not priced: the price that is missing, as it was said last. */
  readonly seen: MarkPlace | undefined
  /** What changed the position, in order. */
  readonly steps: readonly Step[]
}

export interface MarkPlace extends TapePlace {
  readonly mark: SaidPrice
  readonly feed: string
  readonly session: string
  /** As the wire sends it. */
  readonly name: string
}

/** `rule` is absent where the price marks nothing; a price of `null` is "has no value now". */
export type SaidPrice = Pick<Marked, 'from' | 'at' | 'time' | 'delay'> & {
  readonly price: Decimal | null
  readonly rule?: MarkRule
}

export interface ExplainedRun {
  readonly at: EpochMicros
  readonly result: PnlResult
  readonly explanations: readonly Explanation[]
}

/** The figures at a moment and what made them. Throws what `replayPnl` throws, and `usage`. */
export async function explainPnl(
  sources: readonly EntrySource[],
  positions: BookPlan | readonly BookPlan[],
  options: ExplainOptions,
): Promise<ExplainedRun> {
  const merge = new TapeMerge(sources)
  const headers = sources.map(({ header }) => header)
  const trail = new Trail()
  const engine = new PnlEngine(headers, plansOf(positions), options, trail)
  const until = options.at?.(merge.start)
  if (until !== undefined && until < merge.start) throw tooEarly(until, merge.start)
  engine.begin(merge.start)
  await merge.run(engine, undefined, until)
  if (until !== undefined && until > merge.end) throw tooLate(until, merge.end)
  const at = until === undefined ? merge.end : until
  const result = until === undefined ? engine.finish(at) : engine.stand(at)
  const explanations = result.books.flatMap(book =>
    book.positions.map(position => ({
      book: book.name,
      position,
      marks: marksOf(position, engine, headers),
      seen: seenOf(position, engine, headers),
      steps: trail.of(book.name, position),
    })),
  )
  return { at, result, explanations: chosen(explanations, options.instrument, engine) }
}

function marksOf(
  { mark }: PositionReport,
  engine: PnlEngine,
  headers: readonly Header[],
): readonly MarkPlace[] {
  if (mark === undefined) return []
  return (mark.sides ?? [mark]).map(side => placed(side, side, side.key, engine, headers))
}

function seenOf(
  { instrument, unpriced }: PositionReport,
  engine: PnlEngine,
  headers: readonly Header[],
): MarkPlace | undefined {
  if (unpriced === undefined || !('from' in unpriced)) return undefined
  const { from } = unpriced
  const group = engine.quoteOf(instrument)?.group(from)
  if (group?.price === undefined) return undefined
  const { price, at, time } = group
  const delay = group.source?.delay
  return placed({ price, from, at, time, delay }, group, group.source?.key, engine, headers)
}

function placed(
  mark: SaidPrice,
  { seq, packet }: { readonly seq: number; readonly packet: number },
  key: MarkKey | undefined,
  engine: PnlEngine,
  headers: readonly Header[],
): MarkPlace {
  const { tape = 0, conn = 0, session = '', name = '' } = key ?? {}
  const feed = engine.feedOf(tape, conn)
  return { tape: headers[tape]?.id ?? '', seq, packet, mark, feed, session, name }
}

function chosen(
  explanations: readonly Explanation[],
  instrument: string | undefined,
  engine: PnlEngine,
): readonly Explanation[] {
  if (instrument === undefined) return explanations
  const identity = engine.canonical(instrument)
  const found = explanations.filter(({ position }) => position.instrument === identity)
  if (found.length > 0) return found
  const held = [...new Set(explanations.map(({ position }) => position.instrument))]
  throw new FeedtapeError('usage', 'nothing of this instrument was ever held', {
    where: `--instrument ${instrument}`,
    expected: 'an instrument of the positions, by any of its names',
    found: held.length === 0 ? 'no positions at all by then' : `positions in ${held.join(', ')}`,
    next: 'choose one of them, or a later moment',
  })
}

function tooEarly(at: EpochMicros, start: EpochMicros): FeedtapeError {
  return new FeedtapeError('usage', 'the moment is before the tapes begin', {
    where: '--at',
    expected: `a time from ${isoFromEpochMicros(start)} on`,
    found: isoFromEpochMicros(at),
    next: 'give a later time, or one since the start such as 90s',
  })
}

/** What came behind the end nobody has recorded: a price of then would be the last one that is here. */
function tooLate(at: EpochMicros, end: EpochMicros): FeedtapeError {
  return new FeedtapeError('usage', 'the moment is behind the end of the tapes', {
    where: '--at',
    expected: `a time up to ${isoFromEpochMicros(end)}`,
    found: isoFromEpochMicros(at),
    next: 'leave --at out for the end, or name the tape of that time as well',
  })
}

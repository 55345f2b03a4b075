import { createPacer, type EntrySource, type Pace, TapeMerge } from '../replay/index.ts'
import { PnlEngine } from './engine.ts'
import type { BookPlan, BookReport, PnlEvents, PnlOptions, PnlResult } from './replay-options.ts'

/**
 * Tapes and positions to P&L: a function of its arguments. One plan gives its book's figures with the result, a list of
 * plans gives books side by side. Throws `bad-positions` and `ambiguous`.
 */
export async function replayPnl(
  sources: readonly EntrySource[],
  positions: BookPlan,
  options: PnlOptions,
  events?: PnlEvents,
): Promise<ReplayedBook>
export async function replayPnl(
  sources: readonly EntrySource[],
  positions: BookPlan | readonly BookPlan[],
  options: PnlOptions,
  events?: PnlEvents,
): Promise<PnlResult>
export async function replayPnl(
  sources: readonly EntrySource[],
  positions: BookPlan | readonly BookPlan[],
  options: PnlOptions,
  events: PnlEvents = {},
): Promise<PnlResult> {
  const merge = new TapeMerge(sources)
  const headers = sources.map(({ header }) => header)
  const engine = new PnlEngine(headers, plansOf(positions), options, events)
  engine.begin(merge.start)
  const hold = holder(merge, engine, options.pace)
  await merge.run(engine, hold)
  await hold?.(merge.end)
  const result = engine.finish(merge.end)
  return isOne(positions) ? { ...result.books[0], ...result } : result
}

/** A run with one book, and that book’s figures. */
export type ReplayedBook = PnlResult & BookReport

export function plansOf(positions: BookPlan | readonly BookPlan[]): readonly BookPlan[] {
  return isOne(positions) ? [positions] : positions
}

function isOne(positions: BookPlan | readonly BookPlan[]): positions is BookPlan {
  return !Array.isArray(positions)
}

function holder({ start }: TapeMerge, engine: PnlEngine, pace: Pace | undefined) {
  return pace === undefined ? undefined : createPacer(start, pace, at => engine.advance(at))
}

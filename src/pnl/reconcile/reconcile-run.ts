import type { Decimal } from '../../model/decimal.ts'
import { type EntrySource, TapeMerge } from '../../replay/index.ts'
import { PnlEngine } from '../engine.ts'
import { Trail } from '../explain/trail.ts'
import type { BookPlan, EngineOptions, PnlResult } from '../replay-options.ts'
import type { Figure } from './figure.ts'
import type { ForeignFile } from './foreign-file.ts'

export interface ReconcileOptions extends EngineOptions {
  /** None: every kind of words that the tapes have. */
  readonly plans?: readonly BookPlan[]
  readonly account?: string
  readonly against?: readonly ForeignFile[]
  /** Of a foreign series: closer than this is equal. */
  readonly tolerance: Decimal
  /** Of a series whose value has no name of its own. */
  readonly figure?: Figure
}

/** The tapes from their beginning: they are read once for each rule. */
export type Reopen = <T>(use: (sources: readonly EntrySource[]) => Promise<T>) => Promise<T>

export interface Ran {
  readonly result: PnlResult
  readonly trail: Trail
  /** The identity of the instrument that a name means at the end. */
  readonly canonical: (name: string) => string
}

/** First in, first out: that is how brokers make pairs. */
export async function runOf(
  sources: readonly EntrySource[],
  plans: readonly BookPlan[],
  options: EngineOptions,
): Promise<Ran> {
  const merge = new TapeMerge(sources)
  const trail = new Trail()
  const headers = sources.map(({ header }) => header)
  const engine = new PnlEngine(headers, plans, { ...options, matching: 'fifo', pairs: true }, trail)
  engine.begin(merge.start)
  await merge.run(engine)
  const result = engine.finish(merge.end)
  return { result, trail, canonical: name => engine.canonical(name) }
}

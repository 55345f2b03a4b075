import type { InstrumentFacts } from '../model/observation.ts'
import type { QuoteField } from '../model/quote.ts'
import type { Micros } from '../model/time.ts'
import type { PlantKind } from './plant-kinds.ts'

/** What a wire says of a truth, and what it does not: all that a comparison has to know beforehand. */
export interface Declares {
  readonly carried: readonly Carried[]
  /** What it cannot say, and why. */
  readonly cannot: Readonly<Record<string, string>>
  /** Times that are cut off to a multiple of this. */
  readonly precision: Readonly<Partial<Record<QuoteField, Micros>>>
  /** Whether a client is told how things stand when it comes; otherwise a market is silent until it first moves. */
  readonly hasSnapshot: boolean
  /** Times of bid and ask in such an answer are those of the answer, not of what was last changed. */
  readonly stampsSnapshots?: true
  /** Between two polls nothing is seen. */
  readonly poll?: Micros
  /** Planted errors that can be seen on it. */
  readonly plants: readonly PlantKind[]
  /** What a config has to teach its feed. */
  readonly settings?: unknown
}

/** One market of the truth, as this wire has it. */
export interface Carried {
  /** The truth’s key. */
  readonly market: string
  /** By which the wire calls it, or what it says that its own id means. */
  readonly name: string
  /** Fields of a quote that it says. */
  readonly fields: readonly QuoteField[]
  /** Facts of which it says what it can. */
  readonly facts: InstrumentFacts
  /** Seconds that it declares its quotes to be late, and its word for that. */
  readonly delay?: number
  readonly mode?: string
}

import { Identities, identityOf } from '../instruments/index.ts'
import type { InstrumentFacts, Observation } from '../model/observation.ts'
import type { Frame } from '../tape/entry.ts'
import { LeadFrame } from './cut-frame.ts'
import { QuoteFrames } from './cut-quotes.ts'

/**
 * The frames before the cut that what comes behind it rests on: quotes, whether a bare name counts for itself
 * (`quotes`) or for the instrument that it means (`replay`), the facts of instruments, and the first that was heard of
 * each name, since that decides what a bare name means. Memory: these frames' numbers, not their bytes.
 */
export class Lead {
  readonly #byName = new QuoteFrames(identityOf)
  readonly #identities = new Identities((bare, name) => this.#byMeaning.rename(bare, name))
  readonly #byMeaning = new QuoteFrames(name => this.#identities.canonical(name))
  readonly #first = new Map<string, LeadFrame>()
  readonly #facts = new Map<string, Map<string, LeadFrame>>()

  apply(frame: Frame, observations: readonly Observation[]): void {
    const source = new LeadFrame(frame.seq, frame.conn)
    for (const observation of observations) {
      // Trades and bars stand for themselves: no later packet completes them.
      if (observation.kind === 'quote') {
        this.#see(observation, source)
        this.#byName.apply(observation, source)
        this.#byMeaning.apply(observation, source)
      } else if (observation.kind === 'instrument') {
        this.#see(observation, source)
        this.#learn(observation, source)
      }
    }
  }

  disconnect(conn: number): void {
    this.#byName.disconnect(conn)
    this.#byMeaning.disconnect(conn)
  }

  frames(): ReadonlySet<LeadFrame> {
    return LeadFrame.closure(this.#sources())
  }

  *#sources(): Generator<LeadFrame> {
    yield* this.#byName.frames()
    yield* this.#byMeaning.frames()
    yield* this.#first.values()
    for (const facts of this.#facts.values()) yield* facts.values()
  }

  #see({ kind, name }: Observation, frame: LeadFrame): void {
    this.#identities.canonical(name)
    // The first quote, too: books list instruments in that order.
    const seen = `${kind} ${identityOf(name)}`
    if (!this.#first.has(seen)) this.#first.set(seen, frame)
  }

  /** Facts complete each other, and what says nothing erases nothing (instruments/facts.ts). */
  #learn({ kind: _, session: __, name, ...facts }: InstrumentFacts, frame: LeadFrame): void {
    const identity = identityOf(name)
    const known = this.#facts.get(identity) ?? new Map<string, LeadFrame>()
    this.#facts.set(identity, known)
    for (const [fact, value] of Object.entries(facts)) {
      const saysNothing = typeof value === 'object' && value.mantissa <= 0
      if (!saysNothing && (value !== '' || fact === 'variableTickSize')) known.set(fact, frame)
    }
  }
}

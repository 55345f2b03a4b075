import { Identities, identityOf } from '../../instruments/index.ts'
import type { InstrumentFacts, Observation } from '../../model/observation.ts'
import { epochMicrosFromIso } from '../../model/time.ts'
import { ConnectionFeeds } from '../../normalize/index.ts'
import type { Entry, Header, Message } from '../../tape/entry.ts'
import { LeadFrame } from './lead-frame.ts'
import { QuoteFrames } from './quote-frames.ts'

/**
 * The frames before the cut that what comes behind it rests on: quotes, whether each name counts for itself or for
 * the instrument that it means, the facts of instruments, what said which names mean one instrument, and the first
 * that was heard of each name, since that decides what a bare name means. Memory: these frames' numbers, not their
 * bytes.
 */
export class Lead {
  readonly #byName = new QuoteFrames(identityOf, conn => this.#feeds.of(conn))
  readonly #byMeaning = new QuoteFrames(
    name => this.#identities.canonical(name),
    conn => this.#feeds.of(conn),
  )
  readonly #identities: Identities
  readonly #feeds: ConnectionFeeds
  /** What changed the meaning of a name: each, for a quote stays with what its name meant when it came. */
  readonly #equations = new Set<LeadFrame>()
  readonly #first = new Map<string, LeadFrame>()
  readonly #facts = new Map<string, Map<string, LeadFrame>>()

  constructor({ id, start }: Header) {
    const date = epochMicrosFromIso(start)
    this.#feeds = new ConnectionFeeds(id)
    this.#identities = new Identities({
      ...(date === undefined ? {} : { date }),
      moved: (from, to) => this.#byMeaning.move(from, to),
      rolled: () => this.#byMeaning.roll(),
    })
  }

  begin(entry: Entry): void {
    this.#feeds.apply(entry)
  }

  /** `around`: the rest of its exchange, without which it could not be read. */
  apply(frame: Message, observations: readonly Observation[], around: readonly LeadFrame[] = []): void {
    const source = new LeadFrame(frame)
    for (const other of around) source.needs(other)
    for (const observation of observations) {
      // Trades and bars stand for themselves: no later packet completes them.
      if (observation.kind === 'quote') {
        this.#see(observation, source)
        this.#byName.apply(observation, source)
        this.#byMeaning.apply(observation, source)
      } else if (observation.kind === 'instrument') {
        this.#see(observation, source)
        if (this.#identities.learn(observation, this.#feeds.place(frame))) this.#equations.add(source)
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
    yield* this.#equations
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

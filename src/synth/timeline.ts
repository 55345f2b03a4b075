import type { QuoteFields } from '../model/quote.ts'
import { type Random, randomInteger } from '../model/random.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { type BookState, emptyBook, jump, moveBook, withBook, withTrade } from './book-walk.ts'
import { Exchange } from './exchange.ts'
import { oneOf } from './seeds.ts'
import type { TruthMarket } from './truth-markets.ts'
import type { Settled, TruthHappening, TruthMove } from './truth-moves.ts'

export interface TimelineOptions {
  readonly markets: readonly TruthMarket[]
  readonly start: EpochMicros
  readonly length: Micros
  readonly random: Random
  /** At the end of each busy phase, before it is quiet; gives when the last of what it did happened. */
  onPhase(states: ReadonlyMap<string, BookState>, at: EpochMicros): EpochMicros
}

export interface Timeline {
  readonly opening: ReadonlyMap<string, QuoteFields>
  readonly moves: readonly TruthMove[]
  readonly settled: readonly Settled[]
  readonly happenings: readonly TruthHappening[]
  readonly end: EpochMicros
}

/** Nothing moves while clients sign in and subscribe. */
const LEAD: Micros = 4_000_000
/** Longer than the longest lag (2 s), a poll (1 s) and an answer’s way. */
const QUIET = { least: 3_600_000, most: 4_400_000 }
const HALTED_PHASES = 2

/** Busy phases, each different, with a quiet behind each. */
export function play({ markets, start, length, random, onPhase }: TimelineOptions): Timeline {
  const exchange = new Exchange(markets, random, start)
  const opening = exchange.quotes()
  const settled: Settled[] = [{ from: start, at: start + LEAD - 1_000 }]
  const phases = new Phases(exchange, random)
  let at = start + LEAD
  while (at < start + length) {
    if (phases.played > 0 && at > start + length / 2) phases.rollOnce(at)
    at = onPhase(exchange.states, phases.play(at + 1_000))
    const until = at + randomInteger(random, QUIET.least, QUIET.most)
    settled.push({ from: at, at: until - 1_000 })
    at = until
  }
  const { moves, happenings } = exchange
  return { opening, moves, settled, happenings, end: at }
}

class Phases {
  played = 0
  readonly #exchange: Exchange
  readonly #random: Random
  /** By key: the phase in which trading goes on. */
  readonly #halted = new Map<string, number>()
  #hasRolled = false

  constructor(exchange: Exchange, random: Random) {
    this.#exchange = exchange
    this.#random = random
  }

  /** Gives the time of its last move. */
  play(from: EpochMicros): EpochMicros {
    const random = this.#random
    let at = this.#resume(from)
    const open = this.#exchange.keys.filter(key => !this.#halted.has(key))
    // Nearly everything moves in each phase, so that every settled moment has something to tell.
    for (const key of open) {
      at += randomInteger(random, 400, 30_000)
      if (random.next() < 0.95)
        this.#move(key, at, state => withBook(withTrade(state, near(state, random), random, at), random, at))
    }
    const kind = random.next()
    if (kind < 0.35) at = this.#burst(open, at)
    else if (kind < 0.5) at = this.#gap(open, at)
    at = this.#calm(open, at)
    if (kind > 0.85) this.#halt(open, at + 500)
    this.played += 1
    return at + 500
  }

  /** Once, the continuous symbols go over, each with a trade of the contract that it means from now on. */
  rollOnce(at: EpochMicros): void {
    if (this.#hasRolled) return
    this.#hasRolled = true
    this.#exchange.roll(at)
  }

  #calm(open: readonly string[], from: EpochMicros): EpochMicros {
    let at = from
    for (let count = randomInteger(this.#random, 6, 18); count > 0; count -= 1) {
      at += randomInteger(this.#random, 20_000, 120_000)
      this.#any(open, at)
    }
    return at
  }

  #burst(open: readonly string[], from: EpochMicros): EpochMicros {
    let at = from
    const key = oneOf(this.#random, open)
    this.#exchange.happened('burst', key, at)
    for (let count = randomInteger(this.#random, 20, 60); count > 0; count -= 1) {
      at += randomInteger(this.#random, 50, 6_000)
      if (this.#random.next() < 0.7) this.#move(key, at, state => moveBook(state, this.#random, at))
      else this.#any(open, at)
    }
    return at
  }

  #gap(open: readonly string[], from: EpochMicros): EpochMicros {
    const at = from + 5_000
    const key = oneOf(this.#random, open)
    this.#exchange.happened('gap', key, at)
    this.#move(key, at, state => jump(state, this.#random, at))
    return at
  }

  #halt(open: readonly string[], at: EpochMicros): void {
    // One at least goes on.
    if (open.length < 2) return
    const key = oneOf(this.#random, open)
    this.#halted.set(key, this.played + HALTED_PHASES)
    this.#exchange.happened('halt', key, at)
    // Some venues take the book away, others leave it standing.
    if (this.#random.next() < 0.5) this.#move(key, at, emptyBook)
  }

  #resume(from: EpochMicros): EpochMicros {
    let at = from
    for (const [key, phase] of this.#halted) {
      if (phase > this.played) continue
      at += 2_000
      this.#halted.delete(key)
      this.#exchange.happened('resume', key, at)
      this.#move(key, at, state => jump(state, this.#random, at))
    }
    return at
  }

  #any(open: readonly string[], at: EpochMicros): void {
    this.#move(oneOf(this.#random, open), at, state => moveBook(state, this.#random, at))
  }

  #move(key: string, at: EpochMicros, change: (state: BookState) => BookState): void {
    this.#exchange.move(key, at, change)
  }
}

function near({ last, product }: BookState, random: Random): number {
  return last + randomInteger(random, 1, product.reach) * (random.next() < 0.5 ? -1 : 1)
}

import type { ListingObservation, PositionObservation } from '../../model/account.ts'
import { type Decimal, decimalEquals, ZERO } from '../../model/decimal.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { Ledger } from '../ledger.ts'
import { NO_NEWS, type ObservedAt, type PositionNews, type SourceRoom } from './position-source.ts'
import { BrokerWords } from './tape-broker-words.ts'

/**
 * Holds positions that are made of fills against what the broker says of them. Fills alone confirm none behind a
 * gap: how far back an answer lists them is not known.
 */
export class TapeFillsCheck {
  readonly #ledger: Ledger
  readonly #canonical: (name: string) => string
  /** By account: whose the fills are may be said later. */
  readonly #words = new Map<string, BrokerWords>()
  /** Accounts all of whose positions were listed once. */
  readonly #listed = new Set<string>()

  constructor({ ledger, canonical }: SourceRoom) {
    this.#ledger = ledger
    this.#canonical = canonical
  }

  /**
   * What the broker pushes confirms what agrees with it. What it answers does so behind all of the answer
   * (`listing`), for its fills come after its positions.
   */
  position(
    word: PositionObservation,
    place: ObservedAt,
    account: string | undefined,
    at: EpochMicros,
  ): readonly PositionNews[] {
    const { account: whose } = word
    if (whose === undefined) return NO_NEWS
    const isNewest = this.#wordsOf(whose).take(word, place) !== 'outdated'
    if (whose !== account || !isNewest || word.change === 'snapshot') return NO_NEWS
    const key = this.#canonical(word.name)
    return this.#confirm([key], this.#brokers(account), at)
  }

  listing(
    { account: whose }: ListingObservation,
    place: ObservedAt,
    account: string | undefined,
    at: EpochMicros,
  ): readonly PositionNews[] {
    this.#wordsOf(whose).endList(place)
    this.#listed.add(whose)
    if (whose !== account) return NO_NEWS
    const held = this.#ledger.positions().map(({ instrument }) => instrument)
    return this.#confirm(held, this.#brokers(account), at)
  }

  /** Positions of which the broker says last something else than the fills. */
  differing(account: string | undefined): number {
    if (account === undefined) return 0
    const brokers = this.#brokers(account)
    const held = this.#ledger.positions().map(({ instrument }) => instrument)
    const spokenOf = this.#listed.has(account) ? held : []
    return [...new Set([...brokers.keys(), ...spokenOf])].filter(key => !this.#agrees(key, brokers)).length
  }

  #agrees(key: string, brokers: ReadonlyMap<string, Decimal>): boolean {
    return decimalEquals(this.#ledger.position(key)?.quantity ?? ZERO, brokers.get(key) ?? ZERO)
  }

  #confirm(
    keys: readonly string[],
    brokers: ReadonlyMap<string, Decimal>,
    at: EpochMicros,
  ): readonly PositionNews[] {
    return keys
      .filter(key => this.#agrees(key, brokers) && this.#ledger.confirm(key, at))
      .map(key => ({ kind: 'confirmed', key }))
  }

  /** By the identity of the instrument. */
  #brokers(account: string): ReadonlyMap<string, Decimal> {
    const words = [...this.#wordsOf(account).all]
    return new Map(words.map(({ name, quantity }) => [this.#canonical(name), quantity]))
  }

  #wordsOf(account: string): BrokerWords {
    const words = this.#words.get(account) ?? new BrokerWords()
    this.#words.set(account, words)
    return words
  }
}

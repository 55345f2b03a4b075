import type { DeletionObservation, ListingObservation, PositionObservation } from '../../model/account.ts'
import { decimalSign } from '../../model/decimal.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { Ledger } from '../ledger.ts'
import { NO_NEWS, type ObservedAt, type PositionNews, type SourceRoom } from './position-source.ts'
import { OneAccount } from './tape-account.ts'
import { brokersAverage, brokersRealized } from './tape-broker-money.ts'
import { type BrokerWord, BrokerWords } from './tape-broker-words.ts'

/** What the broker's words came to. */
export interface BrokerReport {
  /** That was asked for, or the only one. */
  readonly account: string | undefined
  /** Contracts that it has spoken of. */
  readonly contracts: number
  /** Words that said something new. */
  readonly words: number
  /** Told again, with nothing new: after a reconnect, say. */
  readonly repeated: number
  /** Left out: older than what is known. */
  readonly outdated: number
  readonly takenBack: number
  /** Held, and not on a whole list any more: flat since. */
  readonly unlisted: number
  readonly otherAccounts: readonly string[]
  /** Left out, because nobody has said whose they are. */
  readonly withoutAccount: number
}

/** One account's positions as its broker states them: flat is flat, whatever was before. */
export class TapeBroker {
  readonly #ledger: Ledger
  readonly #canonical: (name: string) => string
  readonly #account: OneAccount
  readonly #words = new BrokerWords()
  readonly #ids = new Set<string>()
  #new = 0
  #repeated = 0
  #outdated = 0
  #takenBack = 0
  #unlisted = 0

  constructor({ ledger, canonical }: SourceRoom, account?: string) {
    this.#ledger = ledger
    this.#canonical = canonical
    this.#account = new OneAccount({ what: 'position', option: '--positions broker' }, account)
  }

  get account(): string | undefined {
    return this.#account.account
  }

  /** As the wire names them. */
  get names(): readonly string[] {
    return [...this.#words.all].map(({ name }) => name)
  }

  /** Throws `ambiguous` at a position of a second account. */
  position(word: PositionObservation, place: ObservedAt, at: EpochMicros): readonly PositionNews[] {
    const { id, account, change } = word
    if (!this.#account.takes(id, account, this.#ids.has(id))) return NO_NEWS
    this.#ids.add(id)
    const news = this.#words.take(word, place)
    switch (news) {
      case 'outdated':
        this.#outdated += 1
        return NO_NEWS
      case 'repeated':
        this.#repeated += 1
        return this.#confirm(word, at)
      case 'new': {
        this.#new += 1
        if (change === 'deleted') this.#takenBack += 1
        const told = this.#words.of(word.name)
        return told === undefined ? NO_NEWS : this.#state(told, at, place)
      }
      default:
        return news satisfies never
    }
  }

  /** Which position is gone is all that was told of it. */
  takeBack({ id }: DeletionObservation, place: ObservedAt, at: EpochMicros): readonly PositionNews[] {
    const gone = this.#words.takeBack(id)
    if (gone === undefined) return NO_NEWS
    this.#takenBack += 1
    return this.#state(gone, at, place)
  }

  /** All positions of the account were told: what is not among them is held no longer. */
  listing({ account }: ListingObservation, place: ObservedAt, at: EpochMicros): readonly PositionNews[] {
    if (account !== this.account) return NO_NEWS
    return this.#words.endList(place).flatMap(({ word, isStanding }) => {
      if (isStanding) return this.#confirm(word, at)
      this.#unlisted += 1
      return this.#state(word, at, place)
    })
  }

  /** Throws `bad-positions` where the account that was asked for has no position, and others have. */
  report(): BrokerReport {
    const contracts = this.names.length
    this.#account.refuseStranger(contracts === 0)
    return {
      account: this.account,
      contracts,
      words: this.#new,
      repeated: this.#repeated,
      outdated: this.#outdated,
      takenBack: this.#takenBack,
      unlisted: this.#unlisted,
      otherAccounts: this.#account.others,
      withoutAccount: this.#account.withoutAccount,
    }
  }

  #confirm({ name }: { readonly name: string }, at: EpochMicros): readonly PositionNews[] {
    const key = this.#canonical(name)
    return this.#ledger.confirm(key, at) ? [{ kind: 'confirmed', key }] : NO_NEWS
  }

  #state(word: BrokerWord, at: EpochMicros, { tape, seq, packet }: ObservedAt): readonly PositionNews[] {
    const instrument = this.#canonical(word.name)
    const stated = {
      quantity: word.quantity,
      averagePrice: decimalSign(word.quantity) === 0 ? undefined : brokersAverage(word),
      average: 'stated',
      realized: brokersRealized(word),
      place: { tape, seq, packet },
    } as const
    const key = this.#ledger.state(instrument, stated, at)
    this.#ledger.confirm(key, at)
    return [{ kind: 'position', key }]
  }
}

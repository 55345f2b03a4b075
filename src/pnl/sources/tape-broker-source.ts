import type { AccountObservation, DeletionObservation } from '../../model/account.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { Entry } from '../../tape/entry.ts'
import type { Ledger } from '../ledger.ts'
import {
  NO_NEWS,
  type ObservedAt,
  type PositionNews,
  type PositionSource,
  type SourceName,
  type SourceRoom,
} from './position-source.ts'
import type { SourceReport } from './source-report.ts'
import { TapeBroker } from './tape-broker.ts'
import { BrokerBalances } from './tape-broker-balances.ts'
import { isOfAnAccount } from './tape-broker-words.ts'
import { silenceReport, TapeSilence } from './tape-silence.ts'

/** The positions and balances that a broker states on the tapes, in the order of their receipt. */
export class TapeBrokerSource implements PositionSource {
  readonly where = '--positions broker'
  readonly #ledger: Ledger
  readonly #asked: string | undefined
  readonly #broker: TapeBroker
  readonly #balances = new BrokerBalances()
  readonly #silence: TapeSilence

  constructor(room: SourceRoom, account?: string) {
    this.#ledger = room.ledger
    this.#asked = account
    this.#broker = new TapeBroker(room, account)
    this.#silence = new TapeSilence(room.ledger)
  }

  get nextAt(): EpochMicros {
    return this.#silence.nextAt
  }

  applyNext(at: EpochMicros): PositionNews | undefined {
    return this.#silence.applyNext(at)
  }

  observe(word: AccountObservation, place: ObservedAt, at: EpochMicros): readonly PositionNews[] {
    switch (word.kind) {
      case 'position':
        return isOfAnAccount(word) ? this.#heard(place, at, this.#broker.position(word, place, at)) : NO_NEWS
      case 'listing':
        return this.#heard(place, at, this.#broker.listing(word, place, at))
      case 'deletion':
        return this.#takeBack(word, place, at)
      case 'balance':
        this.#balances.take(word, at)
        return NO_NEWS
      case 'fill':
      case 'fill-pair':
      case 'fee':
      case 'order':
      case 'signal':
        return NO_NEWS
      default:
        return word satisfies never
    }
  }

  entry(entry: Entry, tape: number, at: EpochMicros): readonly PositionNews[] {
    return this.#silence.entry(entry, tape, at)
  }

  endTape(tape: number, at: EpochMicros): void {
    this.#silence.endTape(tape, at)
  }

  /** Words are kept by the wire's names. */
  move(): void {}

  get names(): readonly SourceName[] {
    return this.#broker.names.map(instrument => ({ instrument }))
  }

  finish(): void {}

  report(): SourceReport {
    const balances = this.#balances.report(this.#asked)
    return {
      positions: 'broker',
      ...this.#broker.report(),
      ...silenceReport(this.#silence, this.#ledger),
      ...(balances.length === 0 ? {} : { balances }),
    }
  }

  #heard(place: ObservedAt, at: EpochMicros, news: readonly PositionNews[]): readonly PositionNews[] {
    this.#silence.heard(place)
    if (place.isLead) this.#silence.cut(at)
    return news
  }

  #takeBack(word: DeletionObservation, place: ObservedAt, at: EpochMicros): readonly PositionNews[] {
    if (word.of === 'balance') this.#balances.takeBack(word.id)
    return word.of === 'position' ? this.#broker.takeBack(word, place, at) : NO_NEWS
  }
}

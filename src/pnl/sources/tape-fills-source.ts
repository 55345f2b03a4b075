import type { AccountObservation, DeletionObservation, FillObservation } from '../../model/account.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { Entry } from '../../tape/entry.ts'
import type { Ledger } from '../ledger.ts'
import type { TapePlace } from '../matching.ts'
import {
  NO_NEWS,
  type ObservedAt,
  type PositionNews,
  type PositionSource,
  type SourceName,
  type SourceRoom,
} from './position-source.ts'
import type { SourceReport } from './source-report.ts'
import { isOfAnAccount } from './tape-broker-words.ts'
import { type FillNews, TapeFills } from './tape-fills.ts'
import { TapeFillsCheck } from './tape-fills-check.ts'
import { silenceReport, TapeSilence } from './tape-silence.ts'

/** The fills that are on the tapes themselves, in the order of their receipt. */
export class TapeFillsSource implements PositionSource {
  readonly where = '--positions fills'
  readonly #ledger: Ledger
  readonly #canonical: (name: string) => string
  readonly #fills: TapeFills
  readonly #check: TapeFillsCheck
  readonly #silence: TapeSilence

  constructor(room: SourceRoom, account?: string) {
    this.#ledger = room.ledger
    this.#canonical = room.canonical
    this.#fills = new TapeFills(room.ledger, room.canonical, account)
    this.#check = new TapeFillsCheck(room)
    this.#silence = new TapeSilence(room.ledger)
  }

  get nextAt(): EpochMicros {
    return this.#silence.nextAt
  }

  applyNext(at: EpochMicros): PositionNews | undefined {
    return this.#silence.applyNext(at)
  }

  observe(word: AccountObservation, place: ObservedAt, at: EpochMicros): readonly PositionNews[] {
    const { isLead, tape, seq, packet } = place
    if (word.kind === 'fill' && isLead) this.#fills.leaveOut(word)
    if (isLead) return NO_NEWS
    switch (word.kind) {
      case 'fill':
        this.#silence.heard(place)
        return this.#fill(word, at, { tape, seq, packet })
      case 'fee':
        return newsOf(this.#fills.fee(word, at))
      case 'deletion':
        return newsOf(this.#takeBack(word, at))
      case 'position':
        if (!isOfAnAccount(word)) return NO_NEWS
        this.#silence.heard(place)
        return this.#check.position(word, place, this.#fills.account, at)
      case 'listing':
        this.#silence.heard(place)
        this.#silence.answered(word.account, at)
        return this.#check.listing(word, place, this.#fills.account, at)
      case 'fill-pair':
      case 'order':
      case 'balance':
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

  move(from: string, to: string): void {
    this.#fills.move(from, to)
  }

  get names(): readonly SourceName[] {
    return [...this.#fills.names].map(instrument => ({ instrument }))
  }

  finish(): void {}

  report(): SourceReport {
    const differing = this.#check.differing(this.#fills.account)
    return {
      positions: 'fills',
      ...this.#fills.report(),
      ...silenceReport(this.#silence, this.#ledger),
      ...(differing === 0 ? {} : { brokerDiffers: differing }),
    }
  }

  #fill(word: FillObservation, at: EpochMicros, place: TapePlace): readonly PositionNews[] {
    const isFirst = this.#ledger.position(this.#canonical(word.name)) === undefined
    const news = this.#fills.fill(word, at, place)
    if (isFirst && news !== undefined) {
      this.#silence.beginNew(news.instrument, this.#fills.account, at)
    }
    return newsOf(news, word)
  }

  #takeBack({ of, id }: DeletionObservation, at: EpochMicros): FillNews | undefined {
    if (of === 'fill') return this.#fills.takeBack(id, at)
    return of === 'fee' ? this.#fills.takeFeeBack(id, at) : undefined
  }
}

function newsOf(news: FillNews | undefined, deal?: FillObservation): readonly PositionNews[] {
  if (news === undefined) return NO_NEWS
  return [{ kind: news.kind, key: news.instrument, ...(deal === undefined ? {} : { deal }) }]
}

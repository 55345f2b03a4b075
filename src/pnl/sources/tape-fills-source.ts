import type { AccountObservation } from '../../model/account.ts'
import type { EpochMicros } from '../../model/time.ts'
import {
  NO_NEWS,
  type ObservedAt,
  type PositionNews,
  type PositionSource,
  type SourceName,
  type SourceRoom,
} from './position-source.ts'
import type { SourceReport } from './source-report.ts'
import { type FillNews, TapeFills } from './tape-fills.ts'

/** The fills that are on the tapes themselves, in the order of their receipt. */
export class TapeFillsSource implements PositionSource {
  readonly where = '--positions fills'
  readonly nextAt = Number.POSITIVE_INFINITY
  readonly #fills: TapeFills

  constructor({ ledger, canonical }: SourceRoom, account?: string) {
    this.#fills = new TapeFills(ledger, canonical, account)
  }

  applyNext(): undefined {
    return undefined
  }

  observe(
    word: AccountObservation,
    { isLead, tape, seq, packet }: ObservedAt,
    at: EpochMicros,
  ): readonly PositionNews[] {
    if (word.kind === 'fill' && isLead) this.#fills.leaveOut(word)
    if (isLead) return NO_NEWS
    if (word.kind === 'fill') return newsOf(this.#fills.fill(word, at, { tape, seq, packet }))
    return word.kind === 'fee' ? newsOf(this.#fills.fee(word, at)) : NO_NEWS
  }

  entry(): readonly PositionNews[] {
    return NO_NEWS
  }

  move(from: string, to: string): void {
    this.#fills.move(from, to)
  }

  get names(): readonly SourceName[] {
    return [...this.#fills.names].map(instrument => ({ instrument }))
  }

  finish(): void {}

  report(): SourceReport {
    return { positions: 'fills', ...this.#fills.report() }
  }
}

function newsOf(news: FillNews | undefined): readonly PositionNews[] {
  return news === undefined ? NO_NEWS : [{ kind: news.kind, key: news.instrument }]
}

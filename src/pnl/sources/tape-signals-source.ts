import type { AccountObservation } from '../../model/account.ts'
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
import { SignalEcho } from './signal-echo.ts'
import { SignalPositions } from './signal-positions.ts'
import type { SourceReport } from './source-report.ts'
import { silenceReport, TapeSilence } from './tape-silence.ts'

/** What strategies say on the tapes, in the order of receipt. */
export class TapeSignalsSource implements PositionSource {
  readonly where = '--positions signals'
  readonly #positions: SignalPositions
  readonly #echo = new SignalEcho()
  readonly #silence: TapeSilence
  readonly #ledger: Ledger

  constructor(room: SourceRoom) {
    this.#positions = new SignalPositions(room)
    this.#silence = new TapeSilence(room.ledger)
    this.#ledger = room.ledger
  }

  get nextAt(): EpochMicros {
    return this.#silence.nextAt
  }

  applyNext(at: EpochMicros): PositionNews | undefined {
    return this.#silence.applyNext(at)
  }

  observe(word: AccountObservation, place: ObservedAt, at: EpochMicros): readonly PositionNews[] {
    if (word.kind !== 'signal') return NO_NEWS
    const { counts } = this.#positions
    const { tape, seq, packet, index, conn, feed, isLead } = place
    this.#silence.heard(place)
    const origin = { place: { tape, seq, packet } }
    if (this.#echo.isEcho(word.text, { index, conn, feed })) {
      counts.remark('repeated', origin)
      return NO_NEWS
    }
    if (isLead) {
      counts.remark('beforeTheCut', origin)
      return NO_NEWS
    }
    if (word.time === undefined && word.action !== 'unknown') counts.untimed += 1
    return this.#positions.take(word, origin, at)
  }

  entry(entry: Entry, tape: number, at: EpochMicros): readonly PositionNews[] {
    if (entry.kind === 'close') this.#echo.end(tape, entry.conn)
    return this.#silence.entry(entry, tape, at)
  }

  endTape(tape: number, at: EpochMicros): void {
    this.#echo.end(tape)
    this.#silence.endTape(tape, at)
  }

  move(from: string, to: string): void {
    this.#positions.move(from, to)
  }

  get names(): readonly SourceName[] {
    return [...this.#positions.names].map(instrument => ({ instrument }))
  }

  finish(): void {}

  report(): SourceReport {
    return {
      positions: 'signals',
      ...this.#positions.report(),
      ...silenceReport(this.#silence, this.#ledger),
    }
  }
}

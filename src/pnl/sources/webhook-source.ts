import type { EpochMicros } from '../../model/time.ts'
import {
  NO_NEWS,
  type PositionNews,
  type PositionSource,
  type SourceName,
  type SourceRoom,
} from './position-source.ts'
import { SignalPositions } from './signal-positions.ts'
import type { SourceReport } from './source-report.ts'
import { checkSignalsWithin, type WebhooksFile } from './webhook-file.ts'

/** A file of webhook bodies, in the order of time: nothing on the tapes moves them. */
export class WebhookSource implements PositionSource {
  readonly where: string
  readonly #file: WebhooksFile
  readonly #positions: SignalPositions
  #next = 0
  /** What the last signal did besides, at its own time. */
  #rest: readonly PositionNews[] = NO_NEWS
  #restAt: EpochMicros = 0

  constructor(file: WebhooksFile, room: SourceRoom) {
    this.where = file.file
    this.#file = file
    this.#positions = new SignalPositions(room)
    for (const { line } of file.repeated) this.#positions.counts.remark('repeated', { line })
  }

  get nextAt(): EpochMicros {
    if (this.#rest.length > 0) return this.#restAt
    return this.#file.signals[this.#next]?.at ?? Number.POSITIVE_INFINITY
  }

  applyNext(at: EpochMicros): PositionNews | undefined {
    const [left, ...more] = this.#rest
    if (left !== undefined) {
      this.#rest = more
      return left
    }
    const signal = this.#file.signals[this.#next]
    if (signal === undefined) return undefined
    this.#next += 1
    const [first, ...rest] = this.#positions.take(signal.word, { line: signal.line }, at)
    this.#rest = rest
    this.#restAt = at
    return first
  }

  observe(): readonly PositionNews[] {
    return NO_NEWS
  }

  entry(): readonly PositionNews[] {
    return NO_NEWS
  }

  endTape(): void {}

  move(from: string, to: string): void {
    this.#positions.move(from, to)
  }

  get names(): readonly SourceName[] {
    return this.#file.signals.flatMap(({ word, line }) =>
      word.name === '' ? [] : [{ instrument: word.name, line }],
    )
  }

  finish(_start: EpochMicros, end: EpochMicros): void {
    checkSignalsWithin(this.#file, end)
  }

  report(): SourceReport {
    return { positions: 'signals-file', ...this.#positions.report() }
  }
}

import type { EpochMicros } from '../model/time.ts'
import type { Book, EngineOptions, PnlEvents } from '../pnl/index.ts'

/** How a live run stands at a moment. */
export interface LiveView {
  readonly at: EpochMicros
  readonly start: EpochMicros
  /** The tape's id. */
  readonly tape: string
  readonly rules: EngineOptions
  /** As they stand now, not as they stood. */
  readonly books: readonly Book[]
  /** False once something came that cannot be counted: the figures are those from before it. */
  readonly isCounted: boolean
}

export interface LiveEvents {
  /** Each line of `replay --json`, without its newline. */
  line?(line: string, key?: string): void
  /** A figure of a position changed. */
  readonly changed?: NonNullable<PnlEvents['changed']>
  /** Something came that cannot be counted: the recording goes on without figures. */
  failed?(error: unknown): void
  readonly tick?: NonNullable<PnlEvents['tick']>
}

import type { Timers } from '../model/timers.ts'

/** Where and to whom figures are served. The library's types name it: so nothing of `ws` is in this file. */
export interface ListenOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** Of pages that may listen besides those of this machine: `https://example.org`, or `null`. */
  readonly origins: readonly string[]
  readonly timers: Timers
  readonly note: (text: string) => void
  /** A client with more than this waiting behind the message that is on its way is dropped; 1 MiB if not said. */
  readonly mostWaitingBytes?: number
}

import type { EpochMicros } from '../model/time.ts'

/** Where a value stands. */
export interface Place {
  readonly tape: string
  readonly seq: number
  /** Of its message, from 0. */
  readonly packet: number
  /** Its message among those of its connection, from 0. */
  readonly message: number
  readonly conn: number
  readonly feed: string
  readonly session: string
  readonly name: string
  /** Receipt. */
  readonly at: EpochMicros
  /** The wire's own time, where it came with one. */
  readonly wireTime?: EpochMicros
}

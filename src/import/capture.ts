import type { EpochMicros } from '../model/time.ts'
import type { Direction, Payload } from '../tape/entry.ts'

/** What a foreign file holds, as far as it says so itself. What it does not say is absent, never made up here. */
export interface Capture {
  /** In words, for the tape's header and for people: `JSON Lines of frames`. */
  readonly format: string
  readonly connections: readonly CapturedConnection[]
  /** What was left out or put together, for people and for the tape. */
  readonly notes: readonly string[]
  /** Pieces of the file that are on none of the connections. */
  readonly lost?: number
}

export interface CapturedConnection {
  readonly url?: string
  readonly openedAt?: EpochMicros
  readonly messages: readonly CapturedMessage[]
  readonly close?: { readonly time?: EpochMicros; readonly code?: number; readonly reason?: string }
}

export interface CapturedMessage {
  readonly body: Payload
  readonly dir?: Direction
  /** Since 1970; a capture whose times only count from its beginning has `isRelative` messages. */
  readonly time?: EpochMicros
  readonly isRelative?: true
  /** Of an HTTP answer, where the capture names them. */
  readonly status?: number
  readonly method?: string
  /** A whole address, or its path. */
  readonly address?: string
  readonly request?: string
}

/** The text of a message that has one. */
export function textsOf({ connections }: Capture): readonly string[] {
  return connections.flatMap(({ messages }) =>
    messages.flatMap(({ body }) => ('text' in body ? [body.text] : [])),
  )
}

import type { Observation } from '../model/observation.ts'
import type { Direction, Entry } from '../tape/entry.ts'

/**
 * What became of a packet. Each packet of each direction has exactly one:
 * `read` gave observations or could have; `status` speaks about the session; `request` is the client's;
 * `error` is the venue's refusal; `ignored` is known and of no use here, for a stated reason;
 * `unknown` is a hole in our knowledge; `malformed` breaks the wire's own rules.
 */
export type Disposition = 'read' | 'status' | 'request' | 'error' | 'ignored' | 'unknown' | 'malformed'

export const DISPOSITIONS: readonly Disposition[] = [
  'read',
  'status',
  'request',
  'error',
  'ignored',
  'unknown',
  'malformed',
]

export interface MessageKind {
  readonly kind: string
  readonly dir: Direction
  readonly disposition: Disposition
  /** Why, where the disposition is `ignored`. */
  readonly reason?: string
  /** One packet's payload as the wire writes it, redacted. */
  readonly sample: string
  /** The other side's packet that it answers, where it is told by that alone: an answer may name its request by a number. */
  readonly behind?: string
  /** The captures or sources that show it. */
  readonly seen: string
}

/** A packet's account. payload + framing + stray over a message's packets is the message's length. */
export interface Packet {
  readonly dir: Direction
  /** Its place in its message, from 0. */
  readonly index: number
  readonly kind: string
  readonly disposition: Disposition
  /** In the wire's own unit (UTF-16 units for text, bytes for binary). */
  readonly payload: number
  readonly framing: number
  /** What belongs to no packet: a message without framing, the rest behind a wrong length. */
  readonly stray: number
  /** Why it is an error, ignored, unknown or malformed; for errors the venue's own words. */
  readonly reason?: string
  /** The beginning of it, where it was not understood. */
  readonly sample?: string
  /** Values that were binary noise (`2647.1000000000004`) and were read as 15 digits. */
  readonly noise?: number
}

/** Where a decoder puts what it finds, in order and at once. A packet's observations come before its account. */
export interface Sink {
  observe(observation: Observation, packetIndex: number): void
  packet(packet: Packet): void
}

export interface DecoderOptions {
  /** Keep the wire's own fields with each observation, their numbers as JSON.rawJSON text. Slower. */
  readonly keepWire?: boolean
  /** What the user's config says about this feed, as the feed's own `settings.schema` has read it. */
  readonly settings?: unknown
  /** The tape's start: what a wire writes without its year or day is read against it. */
  readonly start?: number
}

/**
 * One per connection, made anew at each `open`, and for a connection of an HTTP feed at its first `request`. Pure:
 * the same entries give the same calls. Never throws. A *message* is a frame, and for an HTTP feed also the body
 * of a request or of an answer: each is accounted for, an empty or omitted body as one packet of length 0.
 */
export interface Decoder {
  decode(entry: Entry, sink: Sink): void
}

/** How sure a feed is that a foreign piece of text is its own, and by what. */
export interface Recognition {
  /** `certain`: no other known wire writes this. `likely`: it has this wire's shape. `possible`: it could be. */
  readonly confidence: 'certain' | 'likely' | 'possible'
  readonly why: string
}

import type { InstrumentFacts, Observation } from '../model/observation.ts'
import type { QuoteFields } from '../model/quote.ts'
import type { Random } from '../model/random.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { Direction, Entry, EntryDraft, HeaderList, Standing } from '../tape/entry.ts'

/**
 * All that is known about one wire, behind one contract. A folder of feeds/ gives a value of this type, the
 * registry lists it, and the CLI's choices, the types and the contract suite follow (docs/ADDING_A_FEED.md).
 */
export interface Feed {
  /** The folder, the CLI argument and the tape's word for it: one spelling. */
  readonly name: string
  readonly title: string
  readonly transport: 'websocket' | 'http'
  /** Where it lives when nothing else is said. */
  readonly url: string
  /** Whether a connection of a foreign capture is this wire's. */
  matches(url: string): boolean
  /** Every kind of message that was ever seen or documented, with a sample and where it was seen. */
  readonly kinds: readonly MessageKind[]
  createDecoder(options?: DecoderOptions): Decoder
  readonly encode: Encode
  readonly session: SessionPlan
  readonly conversation: ConversationPlan
  readonly secrets: FeedSecrets
  /** What a client's message adds to or takes from what it is sent, where this wire has subscriptions. */
  subscriptions?(message: string): readonly SubscriptionChange[]
}

export interface SubscriptionChange {
  readonly kind: 'add' | 'remove'
  readonly session: string
  /** Absent: all of the session. */
  readonly name?: string
}

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
  /** Keep the wire's own fields with each quote update, their numbers as JSON.rawJSON text. Slower. */
  readonly keepWire?: boolean
}

/** One per connection, made anew at each `open`. Pure: the same entries give the same calls. Never throws. */
export interface Decoder {
  decode(entry: Entry, sink: Sink): void
}

export interface Encode {
  /** Packets as one message, framed as the wire does it: a kind's `sample` becomes a frame's text. */
  frame(payloads: readonly string[]): string
  /** The message(s) that a venue would send to say this, ready for a frame; `undefined` where the wire cannot. */
  message(observations: readonly Observation[]): string | undefined
  /** What the wire cannot express: field or kind, and why. */
  readonly cannot: Readonly<Record<string, string>>
}

/** How a client behaves on this wire, as data and pure functions: no socket, no clock, no timers in here. */
export interface SessionPlan {
  /** Environment variables that may carry a credential, by what they hold. */
  readonly credentials: readonly CredentialSpec[]
  /** The exchange that turns a cookie into a token, if these credentials need one. */
  exchange?(credentials: Credentials): TokenExchange | undefined
  start(options: SessionOptions): ClientSession
}

export interface CredentialSpec {
  readonly key: string
  readonly variable: string
  readonly meaning: string
}

/** Values by `CredentialSpec.key`. Never printed, never on a tape. */
export type Credentials = Readonly<Record<string, string>>

export interface TokenExchange {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: HeaderList
  /** Why the body does not go onto the tape. */
  readonly omitted: string
  /** Credentials to connect with, or why there are none and what to do. */
  read(status: number, body: string): { readonly credentials: Credentials } | Refusal
}

export interface Refusal {
  readonly reason: string
  readonly next: string
}

export interface SessionOptions {
  readonly symbols: readonly string[]
  readonly credentials: Credentials
  readonly random: Random
  /** Overrides the feed's own address. */
  readonly url?: string
  /** Feed-specific switches, by name (`force-permission`). */
  readonly flags?: ReadonlySet<string>
}

/** One connection's client. Made anew for each attempt, so that a reconnect subscribes again from nothing. */
export interface ClientSession {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Whom the venue will take us for, from what we show it; the venue may still refuse. */
  readonly standing: Standing
  /** When the credential ends, where it says so itself. */
  readonly expires?: EpochMicros
  /** A silent socket is given up after this long. */
  readonly silence: Micros
  opened(): readonly SessionStep[]
  received(text: string): readonly SessionStep[]
}

export type SessionStep =
  | { readonly kind: 'send'; readonly text: string }
  /** The venue has taken us in: pauses between attempts start from the smallest again. */
  | { readonly kind: 'accepted' }
  /** Something that a person should be told, and a tape should keep. */
  | { readonly kind: 'note'; readonly text: string }
  /** The venue refuses us. `final`: trying again is no use. */
  | { readonly kind: 'refused'; readonly final: boolean; readonly reason: string; readonly next: string }

/** What a venue knows while it talks: from synth's truth now, from a tape later. */
export interface Market {
  /** The whole state of an instrument now; `undefined` if there is no such instrument. */
  quote(name: string): QuoteFields | undefined
  facts(name: string): InstrumentFacts | undefined
}

/** The server's side of the wire, as data and pure functions. */
export interface ConversationPlan {
  /** Where on a host it answers: the path of `url`. */
  readonly path: string
  /** A heartbeat is due this often. */
  readonly beatEvery: Micros
  start(options: ConversationOptions): Conversation
  /** What each packet of a client's message asks for, without the ids that the client chose: equal requests are equal. */
  meanings(text: string): readonly string[]
  /** The message with ids replaced, its framing made right again. */
  rewrite(text: string, ids: ReadonlyMap<string, string>): string
}

export interface ConversationOptions {
  readonly market: Market
  readonly random: Random
  /** Wall time for what the wire stamps (the hello). */
  now(): EpochMicros
}

/** One client's connection to us. Each call gives the messages to send, in order. */
export interface Conversation {
  opened(): readonly string[]
  received(text: string): readonly string[]
  beat(): readonly string[]
  /** The market moved: whoever has subscribed to `name` hears of just these fields. */
  moved(name: string, fields: QuoteFields): readonly string[]
  /** Whether the venue hangs up behind what it said last: a bad token, words that it cannot read. */
  isOver(): boolean
}

/** Where this wire carries credentials, and what only looks like one. */
export interface FeedSecrets {
  /** The secrets that this entry would put onto the tape, each with the place's name. */
  find(draft: EntryDraft): readonly Secret[]
  /** Client-chosen ids, hashes and the like that a scanner for high entropy should leave alone. */
  readonly harmless: readonly { readonly pattern: RegExp; readonly why: string }[]
}

export interface Secret {
  readonly value: string
  readonly place: string
}

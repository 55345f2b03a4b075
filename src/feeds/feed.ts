import type { ZodType } from 'zod'
import type { EntryDraft } from '../tape/entry.ts'
import type { HttpConversationPlan, HttpEncode, HttpSessionPlan } from './http-plan.ts'
import type { Decoder, DecoderOptions, MessageKind, Recognition } from './packet.ts'
import type { ConversationPlan, Encode, SessionPlan } from './socket-plan.ts'

export type * from './http-plan.ts'
export type * from './market.ts'
export type * from './packet.ts'
export { DISPOSITIONS } from './packet.ts'
export type * from './sign-in.ts'
export type * from './socket-plan.ts'

/**
 * All that is known about one wire, behind one contract. A folder of feeds/ gives a value of this type, the
 * registry lists it, and the CLI's choices, the types and the contract suite follow (docs/ADDING_A_FEED.md).
 */
export type Feed = SocketFeed | HttpFeed

export interface SocketFeed extends Wire {
  readonly transport: 'websocket'
  readonly encode: Encode
  readonly session: SessionPlan
  readonly conversation: ConversationPlan
}

export interface HttpFeed extends Wire {
  readonly transport: 'http'
  readonly encode: HttpEncode
  readonly session: HttpSessionPlan
  readonly conversation: HttpConversationPlan
}

interface Wire {
  /** The folder, the CLI argument and the tape's word for it: one spelling. */
  readonly name: string
  readonly title: string
  /** Where it lives when nothing else is said; `''` where the user must say. */
  readonly url: string
  /** Whether a connection of a foreign capture is this wire's. */
  matches(url: string): boolean
  /** Whether one message, of either direction, is this wire's by its looks alone. */
  recognise(text: string): Recognition | undefined
  /** Every kind of message that was ever seen or documented, with a sample and where it was seen. */
  readonly kinds: readonly MessageKind[]
  createDecoder(options?: DecoderOptions): Decoder
  readonly secrets: FeedSecrets
  /** What a client's message adds to or takes from what it is sent, where this wire has subscriptions. */
  subscriptions?(message: string): readonly SubscriptionChange[]
  /** Whether a quote's `marketState` says that regular trading is on, where this wire says so. */
  isTrading?(marketState: string): boolean
  /** What a user's config may teach this feed, under `feeds.<name>`. */
  readonly settings?: FeedSettings
}

export interface FeedSettings {
  /** Reads, checks and describes it: also the JSON schema for editors is made of it. */
  readonly schema: ZodType
  /** Settings under which the samples of `kinds` are read as they say: shown to the user, and held by the contract. */
  readonly example?: unknown
}

export interface SubscriptionChange {
  readonly kind: 'add' | 'remove'
  readonly session: string
  /** Absent: all of the session. */
  readonly name?: string
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

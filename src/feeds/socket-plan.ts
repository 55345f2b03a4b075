import type { Observation } from '../model/observation.ts'
import type { QuoteFields } from '../model/quote.ts'
import type { Random } from '../model/random.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { Standing } from '../tape/entry.ts'
import type { HttpConversationPlan } from './http-plan.ts'
import type { ConversationOptions } from './market.ts'
import type { CredentialSpec, Credentials, TokenExchange } from './sign-in.ts'

/** How a client behaves on this wire, as data and pure functions: no socket, no clock, no timers in here. */
export interface SessionPlan {
  /** Environment variables that may carry a credential, by what they hold. */
  readonly credentials: readonly CredentialSpec[]
  /** What else can be chosen, by `--option NAME=VALUE` or in a config's source. */
  readonly options?: readonly OptionSpec[]
  /** Where every client has to name what it wants. `false`: this wire sends what it sends. Default true. */
  readonly needsSymbols?: boolean
  /** The exchange that turns what was given into a token, if these credentials need one. Throws `bad-config`. */
  exchange?(credentials: Credentials, options?: ChosenOptions): TokenExchange | undefined
  /** Prolongs what an exchange gave, without a new login. */
  renew?(credentials: Credentials, options?: ChosenOptions): TokenExchange
  start(options: SessionOptions): ClientSession
}

/** A choice beyond symbols and pace: `columns`, `market`, `environment`. */
export interface OptionSpec {
  readonly name: string
  readonly meaning: string
  /** The value where nothing is chosen. */
  readonly value: string
  /** Why a value cannot be used; `undefined` where it can. */
  refuse?(value: string): string | undefined
}

/** By `OptionSpec.name`; checked before, and complete. */
export type ChosenOptions = Readonly<Record<string, string>>

export interface SessionOptions {
  readonly symbols: readonly string[]
  readonly credentials: Credentials
  readonly random: Random
  /** Overrides the feed's own address. */
  readonly url?: string
  /** Feed-specific switches, by name (`force-permission`). */
  readonly flags?: ReadonlySet<string>
  readonly options?: ChosenOptions
  /** When the credentials end, where an exchange has said so. */
  readonly expires?: EpochMicros
}

/** One connection's client. Made anew for each attempt, so that a reconnect subscribes again from nothing. */
export interface ClientSession {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Whom the venue will take us for, from what we show it; the venue may still refuse. */
  readonly standing: Standing
  /** What a person should know before we connect: that it ends the browser's session, for example. */
  readonly warning?: string
  /** When the credential ends, where it says so itself. */
  readonly expires?: EpochMicros
  /** A silent socket is given up after this long. */
  readonly silence: Micros
  /** The client's own heartbeat, where the wire wants one whatever else is sent. */
  readonly beat?: { readonly every: Micros; send(): readonly SessionStep[] }
  opened(): readonly SessionStep[]
  received(text: string): readonly SessionStep[]
}

export type SessionStep =
  | { readonly kind: 'send'; readonly text: string }
  /** The venue has taken us in: pauses between attempts start from the smallest again. */
  | { readonly kind: 'accepted' }
  /** Something that a person should be told, and a tape should keep. */
  | { readonly kind: 'note'; readonly text: string }
  /** The venue wants this waited out (a penalty): the steps behind it follow on the same connection. */
  | { readonly kind: 'wait'; readonly wait: Micros; readonly afterwards: readonly SessionStep[] }
  /** The venue refuses us. `final`: trying again is no use. */
  | { readonly kind: 'refused'; readonly final: boolean; readonly reason: string; readonly next: string }

/** Observations back to messages. */
export interface Encode {
  /** Packets as one message, framed as the wire does it: a kind's `sample` becomes a frame's text. */
  frame(payloads: readonly string[]): string
  /** The message(s) that a venue would send to say this, ready for a frame; `undefined` where the wire cannot. */
  message(observations: readonly Observation[]): string | undefined
  /** What the wire cannot express: field or kind, and why. */
  readonly cannot: Readonly<Record<string, string>>
}

/** The server's side of the wire, as data and pure functions. */
export interface ConversationPlan {
  /** Where on a host it answers: the path of `url`. */
  readonly path: string
  /** A heartbeat is due this often. */
  readonly beatEvery: Micros
  /** A client that sends nothing for so long is hung up on, where the venue does that. */
  readonly silence?: Micros
  /** What the same venue answers over HTTP: logins, renewals, look-ups. */
  readonly http?: HttpConversationPlan
  start(options: ConversationOptions): Conversation
  /** What each packet of a client's message asks for, without the ids that the client chose: equal requests are equal. */
  meanings(text: string): readonly string[]
  /** The ids of the client's own choice in its message, in order: sessions, request numbers. */
  idsOf(text: string): readonly string[]
  /** The message with ids replaced, its framing made right again. */
  rewrite(text: string, ids: ReadonlyMap<string, string>): string
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

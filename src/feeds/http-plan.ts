import type { Observation } from '../model/observation.ts'
import type { QuoteFields } from '../model/quote.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { HeaderList, Standing } from '../tape/entry.ts'
import type { ConversationOptions } from './market.ts'
import type { MessageKind } from './packet.ts'
import type { CredentialSpec, Credentials, TokenExchange } from './sign-in.ts'
import type { ChosenOptions, OptionSpec, SessionOptions, SessionStep } from './socket-plan.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  /** Whole, as it stands on a tape; a venue sees its path and query behind its own host. */
  readonly url: string
  readonly headers: HeaderList
  readonly body?: string
}

export interface HttpAnswer {
  readonly status: number
  readonly headers: HeaderList
  readonly body?: string
}

/** One request with what came of it. A body that streams comes as chunks, whose borders mean nothing. */
export interface HttpExchange {
  readonly request: HttpRequest
  readonly answer?: HttpAnswer
  readonly chunks?: readonly string[]
}

/** How a client asks, as data and pure functions: no socket, no clock, no timers in here. */
export interface HttpSessionPlan {
  readonly credentials: readonly CredentialSpec[]
  readonly options?: readonly OptionSpec[]
  readonly needsSymbols?: boolean
  /** The pace where none is chosen: from one request to the next. */
  readonly pace: Micros
  /** No request sooner than this after the one before, whatever is chosen. */
  readonly fastest: Micros
  exchange?(credentials: Credentials, options?: ChosenOptions): TokenExchange | undefined
  renew?(credentials: Credentials, options?: ChosenOptions): TokenExchange
  start(options: SessionOptions): HttpSession
}

/** One source's client from its start to its end. */
export interface HttpSession {
  /** The address that is shown. */
  readonly url: string
  readonly standing: Standing
  readonly warning?: string
  readonly expires?: EpochMicros
  /** An answer that takes longer is given up; for a stream: between two chunks. */
  readonly patience: Micros
  /** The next request, asked for when its time has come; `undefined`: there is nothing more to ask. */
  next(): HttpTurn | undefined
  /** A whole answer. Retry-After, time-outs and 5xx are the recorder's business; what they mean is told here. */
  answered(answer: HttpAnswer, turn: HttpTurn): readonly HttpStep[]
}

export interface HttpTurn {
  readonly request: HttpRequest
  /** The answer's body does not end by itself: it is recorded as chunks. */
  readonly isStream?: true
  /** Instead of the pace, before the request behind this one: 0 where the next belongs to it (pages). */
  readonly pause?: Micros
}

export type HttpStep = Extract<SessionStep, { readonly kind: 'accepted' | 'note' | 'refused' }>

/** Observations back to exchanges. */
export interface HttpEncode {
  /** An exchange whose last entry carries the kind's sample: a request's body or address, an answer's body, a chunk. */
  carry(kind: MessageKind): HttpExchange
  /** The exchange whose answer says this; `undefined` where the wire cannot. */
  message(observations: readonly Observation[]): HttpExchange | undefined
  readonly cannot: Readonly<Record<string, string>>
}

/** The server's side, over HTTP. */
export interface HttpConversationPlan {
  /** Whether it answers at this path (without the query). */
  answers(path: string): boolean
  /** A stream's heartbeat is due this often. */
  readonly beatEvery: Micros
  /** One for all clients of a host. */
  start(options: ConversationOptions): HttpConversation
  /** What a request asks for, in the words of its meaning: equal requests are equal. */
  meanings(request: HttpRequest): readonly string[]
}

export interface HttpConversation {
  /** `isStream`: the body goes on with what `moved` and `beat` give. */
  answer(request: HttpRequest): HttpAnswer & { readonly isStream?: true }
  moved(name: string, fields: QuoteFields): readonly string[]
  beat(): readonly string[]
}

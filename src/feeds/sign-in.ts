import type { EpochMicros, Micros } from '../model/time.ts'
import type { HeaderList } from '../tape/entry.ts'

export interface CredentialSpec {
  readonly key: string
  /** The environment variable that may carry it. */
  readonly variable: string
  readonly meaning: string
  /** A password of the user's own choice: any characters, and never in a header. */
  readonly isFree?: true
  /** No secret (a user name, an application's id): learned by the redactor all the same. */
  readonly isName?: true
}

/** Values by `CredentialSpec.key`. Never printed, never on a tape. */
export type Credentials = Readonly<Record<string, string>>

/** One HTTP exchange that turns credentials into ones to connect with. */
export interface TokenExchange {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: HeaderList
  readonly body?: string
  /** Why the bodies do not go onto the tape. */
  readonly omitted: string
  /** What a person should know before it is sent: that it ends another session, for example. */
  readonly warning?: string
  /** Credentials to connect with; or why there are none and what to do; or that it is to be tried again later. */
  read(status: number, body: string, now: EpochMicros): SignedIn | Refusal | Postponed
}

export interface SignedIn {
  readonly credentials: Credentials
  /** When they end, where the answer says so. */
  readonly expires?: EpochMicros
}

export interface Refusal {
  readonly reason: string
  readonly next: string
}

/** A penalty that the venue wants waited out (Tradovate's p-ticket). */
export interface Postponed {
  readonly wait: Micros
  readonly why: string
  readonly afterwards: TokenExchange
}

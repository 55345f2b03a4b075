import type { ChosenOptions, Credentials, Feed, Refusal, SignedIn, TokenExchange } from '../feeds/index.ts'
import type { Clock } from '../model/clock.ts'
import { FeedtapeError } from '../model/errors.ts'
import { durationText, type EpochMicros, isoFromEpochMicros, type Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'
import { createAgents } from './ask.ts'
import { NEAR } from './expiry.ts'
import type { Failure } from './failure.ts'
import type { Notebook } from './notebook.ts'
import { completeOptions } from './options.ts'
import type { Recording } from './recording.ts'
import { type SharedAnswers, type SignIn, type SignInDoors, signIn } from './sign-in.ts'
import type { SourceOptions } from './source.ts'

export interface LoginOptions {
  readonly feed: Feed
  /** As the user gave them. */
  readonly given: Credentials
  readonly options: ChosenOptions
  /** Instead of the feed's own address. */
  readonly exchangeUrl: string | undefined
  readonly recording: Recording
  readonly notebook: Notebook
  readonly clock: Clock
  readonly timers: Timers
  readonly signal: AbortSignal
  readonly shared: SharedAnswers
  /** Waits, unless the recording ends meanwhile. */
  readonly pause: (wait: Micros) => Promise<void>
}

export type Admission =
  | ({ readonly kind: 'ready' } & SignedIn)
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | ({ readonly kind: 'failed' } & Failure)

/** Left of a credential's life when it is renewed: 15 minutes, or a fifth where it does not live so long. */
const RENEWAL: Micros = 900_000_000
const RENEWAL_PART = 0.2
/** A renewal that failed is tried again after this. */
const RENEWAL_PAUSE: Micros = 60_000_000
/** A venue that answers each attempt with another penalty is left in peace. */
const MOST_PENALTIES = 5

/** Throws `bad-config` where a source's credentials are not enough to sign in with. Asks nobody. */
export function checkCredentials({ credentials = {}, feed, options }: SourceOptions): void {
  feed.session.exchange?.(credentials, completeOptions(feed, options))
}

/** The credentials that a source connects with: as given, exchanged, waited for, renewed in time. */
export class Login {
  readonly #options: LoginOptions
  readonly #doors: SignInDoors
  #current: SignedIn | undefined
  #since: EpochMicros = 0
  #expires: EpochMicros | undefined
  #isRenewing = false
  #renewAt: EpochMicros = 0

  constructor(options: LoginOptions) {
    const { clock, feed, recording, shared, signal, timers } = options
    this.#options = options
    this.#doors = { recording, feed, agents: createAgents(), timers, now: () => clock.now(), signal, shared }
  }

  /** When the present credentials end, as far as anybody has said. */
  get expires(): EpochMicros | undefined {
    return this.#expires
  }

  /** From when we had them to their end. */
  get #life(): Micros {
    return this.#expires === undefined ? Number.POSITIVE_INFINITY : this.#expires - this.#since
  }

  /** Whether fresh credentials can be had without asking the user. */
  get canRefresh(): boolean {
    if (this.#options.feed.session.renew !== undefined) return true
    const exchange = this.#exchange()
    return exchange !== undefined && !(exchange instanceof FeedtapeError)
  }

  /** A session may read the end from the credential itself. */
  noteEnd(expires: EpochMicros | undefined): void {
    this.#expires ??= expires
  }

  /** What to connect with: at once, or after an exchange. */
  async admit(): Promise<Admission> {
    const { clock, feed, given, options } = this.#options
    const current = this.#current
    const left = this.#expires === undefined ? Number.POSITIVE_INFINITY : this.#expires - clock.now()
    // One that lives for less than that is not thrown away at once.
    const near = Math.min(NEAR, this.#life * RENEWAL_PART)
    if (current !== undefined && left > near) return { kind: 'ready', ...current }
    if (current !== undefined && left > 0 && feed.session.renew !== undefined) {
      const renewed = await this.#perform(feed.session.renew(current.credentials, options))
      if (renewed.kind === 'ready') return renewed
    }
    const exchange = this.#exchange()
    if (exchange instanceof FeedtapeError) return { kind: 'refused', refusal: refusalOf(exchange) }
    if (exchange === undefined) return this.#take({ credentials: given })
    const admission = await this.#perform(exchange)
    if (admission.kind === 'ready') {
      this.#options.notebook.tell('the credentials were exchanged for a token')
    }
    return admission
  }

  /** About each second: renews in time, beside whatever connection stands. */
  look(): void {
    const { clock, feed } = this.#options
    const current = this.#current
    const expires = this.#expires
    if (feed.session.renew === undefined || current === undefined || expires === undefined) return
    const now = clock.now()
    const due = expires - Math.min(RENEWAL, this.#life * RENEWAL_PART)
    if (this.#isRenewing || now < due || now < this.#renewAt || now >= expires) return
    this.#isRenewing = true
    this.#renewAt = now + RENEWAL_PAUSE
    void this.#renew(feed.session.renew(current.credentials, this.#options.options)).finally(() => {
      this.#isRenewing = false
    })
  }

  end(): void {
    this.#doors.agents.end()
  }

  async #renew(exchange: TokenExchange): Promise<void> {
    const { notebook, signal } = this.#options
    const admission = await this.#perform(exchange)
    if (signal.aborted) return
    if (admission.kind === 'ready') {
      const until = admission.expires === undefined ? '' : ` until ${isoFromEpochMicros(admission.expires)}`
      notebook.note(`the token was renewed${until}; the connection stays`)
      return
    }
    const why = admission.kind === 'refused' ? admission.refusal.reason : admission.reason
    notebook.note(`the token could not be renewed: ${why}`)
  }

  /** With the penalties that it meets. */
  async #perform(first: TokenExchange): Promise<Admission> {
    const { notebook, pause, signal } = this.#options
    let exchange = first
    for (let penalties = 0; ; penalties += 1) {
      if (exchange.warning !== undefined) notebook.note(exchange.warning)
      const result = await this.#signIn(exchange)
      if (result.kind === 'signed-in') return this.#take(result)
      if (result.kind !== 'postponed') return result
      if (penalties === MOST_PENALTIES) {
        const reason = `${result.why}: ${MOST_PENALTIES} times in a row`
        return { kind: 'refused', refusal: { reason, next: 'wait an hour, then try again' } }
      }
      notebook.note(`${result.why}: ${durationText(result.wait)} to wait, as the venue asks`)
      await pause(result.wait)
      if (signal.aborted) return { kind: 'failed', cause: 'other', reason: 'ended while it waited' }
      exchange = result.afterwards
    }
  }

  async #signIn(exchange: TokenExchange): Promise<SignIn> {
    return await signIn(this.#doors, {
      ...exchange,
      url: redirected(exchange.url, this.#options.exchangeUrl),
    })
  }

  #take({ credentials, expires }: SignedIn): Admission {
    this.#current = { credentials, ...(expires === undefined ? {} : { expires }) }
    this.#expires = expires
    this.#since = this.#options.clock.now()
    return { kind: 'ready', ...this.#current }
  }

  /** What turns the given credentials into ones to connect with, where that is needed; or why that is no use. */
  #exchange(): TokenExchange | FeedtapeError | undefined {
    const { feed, given, options } = this.#options
    try {
      return feed.session.exchange?.(given, options)
    } catch (thrown) {
      if (thrown instanceof FeedtapeError) return thrown
      throw thrown
    }
  }
}

/** An address without a path stands for a host: what is asked there stays. */
function redirected(url: string, instead: string | undefined): string {
  if (instead === undefined) return url
  const target = new URL(instead)
  if (target.pathname !== '/' || target.search !== '') return instead
  const { pathname, search } = new URL(url)
  return `${target.origin}${pathname}${search}`
}

function refusalOf({ expected, message, next }: FeedtapeError): Refusal {
  const reason = expected === undefined ? message : `${message}: expected ${expected}`
  return { reason, next: next ?? 'correct the credentials' }
}

import type { ChosenOptions, Feed } from '../feeds/index.ts'
import { durationText, type EpochMicros, type Micros } from '../model/time.ts'
import { type Backoff, createBackoff } from './backoff.ts'
import type { ConnectionEnd } from './connection.ts'
import { endText } from './end-text.ts'
import { ExpiryWatch } from './expiry.ts'
import { type Admission, Login } from './login.ts'
import { Notebook } from './notebook.ts'
import { completeOptions } from './options.ts'
import { pauseUnless } from './pause-unless.ts'
import type { SourceStatus, SourceSummary } from './progress.ts'
import type { SourceDoors, SourceEnding, SourceOptions } from './source.ts'
import { Tally } from './tally.ts'
import { QuoteWatch } from './watch.ts'

/** What a source is called, and whether anybody has to be told. */
export interface SourceName {
  readonly name: string
  readonly isOneOfMany: boolean
}

/** Logins are counted by venues: ten a minute at Tradovate (PARTNER), whatever else is asked. */
const SIGN_IN_REST: Micros = 6_000_000

/** What every source has, whatever it connects with: its account, its login, its pauses, its end. */
export class Station {
  readonly name: string
  readonly feed: Feed
  readonly options: ChosenOptions
  readonly doors: SourceDoors
  readonly tally = new Tally()
  readonly watch: QuoteWatch
  readonly notebook: Notebook
  readonly backoff: Backoff
  readonly #login: Login
  readonly #expiry = new ExpiryWatch()
  readonly #stop = new AbortController()
  #state: SourceStatus['state'] = 'connecting'
  #ending: SourceEnding | undefined

  constructor(options: SourceOptions, { name, isOneOfMany }: SourceName, doors: SourceDoors) {
    const { clock, onProgress, random, recording, shared, timers } = doors
    const { credentials = {}, exchangeUrl, feed, settings } = options
    this.name = name
    this.feed = feed
    this.options = completeOptions(feed, options.options)
    this.doors = doors
    this.watch = new QuoteWatch(feed, settings)
    this.notebook = new Notebook(recording, onProgress, isOneOfMany ? name : undefined)
    this.backoff = createBackoff(random)
    this.#login = new Login({
      feed,
      given: credentials,
      options: this.options,
      exchangeUrl,
      recording,
      notebook: this.notebook,
      clock,
      timers,
      signal: this.#stop.signal,
      shared,
      pause: wait => this.pause(wait),
    })
  }

  /** Aborted at the source's end. */
  get stopping(): AbortSignal {
    return this.#stop.signal
  }

  get ending(): SourceEnding | undefined {
    return this.#ending
  }

  get expires(): EpochMicros | undefined {
    return this.#login.expires
  }

  set state(state: SourceStatus['state']) {
    if (this.#ending === undefined) this.#state = state
  }

  end(ending: SourceEnding): void {
    if (this.#ending !== undefined) return
    this.state = 'ending'
    this.#ending = ending
    this.#stop.abort()
  }

  /** Behind its last entry. */
  ended(): void {
    this.#state = 'ended'
    this.#login.end()
  }

  /** What to connect with; `undefined` where there is nothing, and what follows of that is done. */
  async admit(): Promise<Extract<Admission, { kind: 'ready' }> | undefined> {
    const admission = await this.#login.admit()
    switch (admission.kind) {
      case 'ready':
        return this.#ending === undefined ? admission : undefined
      case 'refused':
        this.refuse(admission.refusal.reason, admission.refusal.next)
        return undefined
      case 'failed':
        if (this.#ending === undefined) this.tally.failed(admission)
        await this.recover(admission, SIGN_IN_REST)
        return undefined
      default:
        return admission satisfies never
    }
  }

  /** The venue's words might hold what we sent. */
  refuse(reason: string, next: string): void {
    this.end({ kind: 'refused', reason: this.notebook.safe(reason), next })
  }

  /** Behind an attempt that came to nothing, or a connection that ended: gives up, or waits, longer each time. */
  async recover(end: ConnectionEnd, atLeast: Micros = 0): Promise<void> {
    if (this.#ending !== undefined) return
    const refusal = this.tally.lastStraw(end)
    if (refusal !== undefined) {
      this.end({ kind: 'refused', ...refusal })
      return
    }
    const asked = end.kind === 'failed' ? (end.retryAfter ?? 0) : 0
    const wait = Math.max(this.backoff.next(), asked, atLeast)
    this.notebook.tell(`${endText(end)}; next try in ${durationText(wait)}`)
    await this.pause(wait)
  }

  /** Shown as waiting. */
  async pause(wait: Micros): Promise<void> {
    this.state = 'waiting'
    await this.rest(wait)
    this.state = 'connecting'
  }

  async rest(wait: Micros): Promise<void> {
    await pauseUnless(this.doors.timers, wait, this.#stop.signal)
  }

  noteExpiry(expires: EpochMicros | undefined): void {
    this.#login.noteEnd(expires)
  }

  /** True where the credentials have ended, the quotes with them, and fresh ones can be had. */
  lookAtCredentials(at: Micros): boolean {
    this.#login.look()
    if (this.#state !== 'connected') return false
    const quiet = this.watch.quietFor(at)
    const end = this.#expiry.look(this.expires, this.doors.clock.now(), quiet)
    if (end === undefined) return false
    this.notebook.note(end.text)
    return end.isOver && this.#login.canRefresh
  }

  /** What has to be said before the end. */
  finish(): void {
    for (const text of this.watch.delays()) this.notebook.note(text)
  }

  status(): SourceStatus {
    const { connections, framesReceived } = this.tally
    const { quotes, symbols } = this.watch
    return { name: this.name, state: this.#state, connections, framesReceived, quotes, symbols }
  }

  summary(at: Micros): SourceSummary {
    const { oversized, quotes, symbols, unwatched } = this.watch
    return {
      name: this.name,
      feed: this.feed.name,
      ending: this.#ending ?? { kind: 'stopped' },
      ...this.tally.figures(at),
      quotes,
      unwatched,
      oversized,
      symbols,
    }
  }
}

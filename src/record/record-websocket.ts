import type { ClientSession, Credentials, TokenExchange } from '../feeds/index.ts'
import type { Clock } from '../model/clock.ts'
import type { Random } from '../model/random.ts'
import { durationText, type Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'
import { createBackoff } from './backoff.ts'
import type { ConnectionEnd, FailedEnd } from './connection.ts'
import { endText } from './end-text.ts'
import { ExpiryWatch, NEAR } from './expiry.ts'
import { Notebook } from './notebook.ts'
import type { Progress, RecordEnding, RecordSummary, Status } from './progress.ts'
import type { Recording } from './recording.ts'
import { SelfWatch } from './self-watch.ts'
import { learnCredentials, signIn } from './sign-in.ts'
import { Tally } from './tally.ts'
import { Visit } from './visit.ts'
import { QuoteWatch } from './watch.ts'

export interface RecordOptions {
  readonly recording: Recording
  readonly symbols: readonly string[]
  readonly credentials: Credentials
  /** Instead of the feed's own address. */
  readonly url?: string
  /** Instead of the feed's own address for the exchange of credentials. */
  readonly exchangeUrl?: string
  readonly flags?: ReadonlySet<string>
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly limits: RecordLimits
  /** Ends the recording in order. */
  readonly signal: AbortSignal
  readonly onProgress?: (progress: Progress) => void
}

export interface RecordLimits {
  readonly for?: Micros
  /** Incoming frames of any opcode, over all connections. */
  readonly frames?: number
}

const TICK: Micros = 1_000_000
/** In bytes that wait for the disk at the end. */
const WORTH_A_WORD = 4 * 1024 * 1024
/** A venue that takes us in and hangs up at once is not asked at full speed. */
const LASTING: Micros = 30_000_000

/**
 * Records until a limit, a signal or a final refusal, through as many connections as it takes, and seals the tape.
 * Throws only for a broken invariant: what venues and disks do is in the summary.
 */
export async function recordWebSocket(options: RecordOptions): Promise<RecordSummary> {
  return await new Recorder(options).run()
}

class Recorder {
  readonly #options: RecordOptions
  readonly #recording: Recording
  readonly #tally = new Tally()
  readonly #watch: QuoteWatch
  readonly #expiry = new ExpiryWatch()
  readonly #notebook: Notebook
  readonly #self: SelfWatch
  readonly #onProgress: (progress: Progress) => void
  readonly #backoff
  readonly #stop = new AbortController()
  #ending: RecordEnding | undefined
  #state: Status['state'] = 'connecting'
  #credentials: Credentials | undefined
  #session: ClientSession | undefined
  #visit: Visit | undefined
  /** Since when the present connection is one that was taken in. */
  #settledAt: Micros | undefined
  #callOffTick = (): void => {}

  constructor(options: RecordOptions) {
    this.#options = options
    this.#recording = options.recording
    this.#watch = new QuoteWatch(options.recording.feed)
    this.#onProgress = options.onProgress ?? (() => {})
    this.#notebook = new Notebook(options.recording, this.#onProgress)
    this.#self = new SelfWatch(options.recording, this.#notebook, options.clock, options.timers)
    this.#backoff = createBackoff(options.random)
  }

  async run(): Promise<RecordSummary> {
    const { limits, signal, timers } = this.#options
    await this.#learn()
    const stopped = (): void => this.#end({ kind: 'stopped' })
    for (const reason of [signal, this.#recording.broken]) {
      reason.addEventListener('abort', stopped, { signal: this.#stop.signal })
      if (reason.aborted) stopped()
    }
    const callOffLimit =
      limits.for === undefined ? undefined : timers.after(limits.for, () => this.#end({ kind: 'time' }))
    this.#callOffTick = timers.after(TICK, () => this.#tick())
    this.#self.start()
    this.#recording.pressure.listen(isFull => this.#visit?.press(isFull))
    while (this.#ending === undefined) await this.#attempt()
    callOffLimit?.()
    this.#callOffTick()
    return await this.#finish(this.#ending)
  }

  /** Throws FeedtapeError `bad-config` before anything is sent, where a credential could not be hidden. */
  async #learn(): Promise<void> {
    try {
      learnCredentials(this.#recording, this.#options.credentials)
    } catch (thrown) {
      await this.#recording.seal()
      throw thrown
    }
  }

  /** One connection from sign-in to close, and the pause behind it. */
  async #attempt(): Promise<void> {
    this.#state = 'connecting'
    const end = (await this.#signIn()) ?? (this.#ending === undefined ? await this.#connect() : undefined)
    if (end === undefined || this.#ending !== undefined) return
    const refusal = this.#tally.lastStraw(end)
    if (refusal !== undefined) {
      this.#end({ kind: 'refused', ...refusal })
      return
    }
    const wait = Math.max(this.#backoff.next(), end.kind === 'failed' ? (end.retryAfter ?? 0) : 0)
    this.#notebook.tell(`${endText(end)}; next try in ${durationText(wait)}`)
    this.#state = 'waiting'
    await this.#pause(wait)
  }

  async #signIn(): Promise<FailedEnd | undefined> {
    const { clock, credentials } = this.#options
    const expires = this.#session?.expires
    const isFresh = expires === undefined || expires - clock.now() > NEAR
    if (this.#credentials !== undefined && isFresh) return undefined
    const exchange = this.#exchange()
    if (exchange === undefined) {
      this.#credentials = credentials
      return undefined
    }
    const result = await signIn(this.#recording, exchange, () => clock.now(), this.#stop.signal)
    switch (result.kind) {
      case 'signed-in':
        this.#credentials = result.credentials
        this.#notebook.tell('the cookie was exchanged for a token')
        return undefined
      case 'refused':
        this.#end({ kind: 'refused', ...result.refusal })
        return undefined
      case 'failed':
        this.#tally.failed(result.status)
        return result
      default:
        return result satisfies never
    }
  }

  /** What turns the given credentials into ones to connect with, where that is needed. */
  #exchange(): TokenExchange | undefined {
    const { credentials, exchangeUrl } = this.#options
    const exchange = this.#recording.feed.session.exchange?.(credentials)
    return exchange === undefined || exchangeUrl === undefined ? exchange : { ...exchange, url: exchangeUrl }
  }

  async #connect(): Promise<ConnectionEnd> {
    const { clock, flags, random, symbols, timers, url } = this.#options
    this.#session = this.#recording.feed.session.start({
      symbols,
      credentials: this.#credentials ?? {},
      random,
      ...(url === undefined ? {} : { url }),
      ...(flags === undefined ? {} : { flags }),
    })
    this.#visit = new Visit({
      recording: this.#recording,
      session: this.#session,
      notebook: this.#notebook,
      tally: this.#tally,
      watch: this.#watch,
      timers,
      now: () => clock.now(),
      onOpen: () => {
        this.#state = 'connected'
      },
      onSettled: () => {
        this.#settledAt = this.#recording.at()
      },
      onRefused: ({ reason, next }) => {
        // The venue's words might hold what we sent.
        this.#end({ kind: 'refused', reason: this.#notebook.safe(reason), next })
      },
      onFrame: () => this.#countFrame(),
    })
    const end = await this.#visit.ended
    const at = this.#recording.at()
    this.#visit = undefined
    if (this.#settledAt !== undefined && at - this.#settledAt > LASTING) this.#backoff.reset()
    this.#settledAt = undefined
    this.#tally.ended(end, at, this.#ending !== undefined)
    return end
  }

  #countFrame(): void {
    if (this.#tally.framesReceived !== this.#options.limits.frames) return
    this.#visit?.deafen()
    this.#end({ kind: 'frames' })
  }

  #tick(): void {
    this.#callOffTick = this.#options.timers.after(TICK, () => this.#tick())
    void this.#self.look()
    const at = this.#recording.at()
    this.#visit?.look(at)
    if (this.#state === 'connected') this.#lookAtCredential(at)
    this.#report()
  }

  #lookAtCredential(at: Micros): void {
    const end = this.#expiry.look(this.#session?.expires, this.#options.clock.now(), this.#watch.quietFor(at))
    if (end === undefined) return
    this.#notebook.note(end.text)
    if (end.isOver && this.#exchange() !== undefined) this.#visit?.close(1000, 'the credential ended')
  }

  #end(ending: RecordEnding): void {
    this.#ending ??= ending
    this.#state = 'ending'
    this.#visit?.close(1000, '')
    this.#stop.abort()
  }

  async #finish(ending: RecordEnding): Promise<RecordSummary> {
    for (const text of this.#watch.delays()) this.#notebook.note(text)
    this.#report()
    await this.#self.look()
    this.#self.stop()
    this.#tellWaiting()
    const elapsed = this.#recording.at()
    const sealed = await this.#recording.seal()
    const { failure } = this.#recording
    return {
      ending: failure === undefined ? ending : { kind: 'broken', error: failure },
      elapsed,
      ...this.#tally.figures(elapsed),
      entries: this.#recording.entries,
      written: this.#recording.entriesWritten,
      ...(sealed === undefined ? {} : { sealed: sealed.count }),
      bytes: this.#recording.bytesWritten,
      parts: this.#recording.parts,
      isGone: this.#self.isGone,
      quotes: this.#watch.quotes,
      unwatched: this.#watch.unwatched,
      symbols: this.#watch.symbols,
    }
  }

  #tellWaiting(): void {
    const waiting = this.#recording.bytesWaiting
    if (waiting < WORTH_A_WORD) return
    this.#notebook.tell(
      `${Math.round(waiting / 1024 / 1024)} MiB still wait for the disk; ending when it has them`,
    )
  }

  #pause(wait: Micros): Promise<void> {
    return new Promise(resolve => {
      const { signal } = this.#stop
      const over = (): void => {
        callOff()
        signal.removeEventListener('abort', over)
        resolve()
      }
      const callOff = this.#options.timers.after(wait, over)
      signal.addEventListener('abort', over)
    })
  }

  #report(): void {
    const { connections, framesReceived } = this.#tally
    const { quotes, symbols } = this.#watch
    const at = this.#recording.at()
    this.#onProgress({ kind: 'status', at, state: this.#state, connections, framesReceived, quotes, symbols })
  }
}

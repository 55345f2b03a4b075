import type { Clock } from '../model/clock.ts'
import { reasonOf } from '../model/errors.ts'
import type { Random } from '../model/random.ts'
import type { Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'
import type { Entry } from '../tape/index.ts'
import { Notebook } from './notebook.ts'
import { PolledSource } from './polled-source.ts'
import {
  type Progress,
  type RecordEnding,
  type RecordSummary,
  type SourceSummary,
  sumOf,
} from './progress.ts'
import type { Recording } from './recording.ts'
import { SelfWatch } from './self-watch.ts'
import { learnCredentials } from './sign-in.ts'
import { SocketSource } from './socket-source.ts'
import type { Source, SourceDoors, SourceOptions } from './source.ts'
import type { SourceName } from './station.ts'

export interface RecordOptions {
  readonly recording: Recording
  /** Of feeds that the recording's header names. */
  readonly sources: readonly SourceOptions[]
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  readonly limits: RecordLimits
  /** Ends the recording in order. */
  readonly signal: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /**
   * Given each entry that this session puts on the tape, in order, as a replay of the tape will read it: without
   * secrets, with its `seq` and its final `at`. What it throws is told and ends it, not the recording.
   */
  readonly entry?: (entry: Entry) => void
}

export interface RecordLimits {
  readonly for?: Micros
  /** Incoming frames of any opcode, chunks and answers, over all connections. */
  readonly frames?: number
}

const TICK: Micros = 1_000_000
/** In bytes that wait for the disk at the end. */
const WORTH_A_WORD = 4 * 1024 * 1024

/**
 * Records until a limit, a signal or the end of every source, through as many connections as it takes, and seals the
 * tape. Throws `bad-config` before anything is sent, where a credential could not be hidden; otherwise only for a
 * broken invariant: what venues and disks do is in the summary.
 */
export async function recordSession(options: RecordOptions): Promise<RecordSummary> {
  return await new Recorder(options).run()
}

class Recorder {
  readonly #options: RecordOptions
  readonly #recording: Recording
  readonly #sources: readonly Source[]
  readonly #notebook: Notebook
  readonly #self: SelfWatch
  readonly #onProgress: (progress: Progress) => void
  readonly #over = new AbortController()
  #messages = 0
  #ending: RecordEnding | undefined
  #callOffTick = (): void => {}

  constructor(options: RecordOptions) {
    const { clock, onProgress = () => {}, random, recording, timers } = options
    this.#options = options
    this.#recording = recording
    this.#onProgress = onProgress
    this.#notebook = new Notebook(recording, onProgress)
    this.#self = new SelfWatch(recording, this.#notebook, clock, timers)
    const onMessage = (): void => this.#countMessage()
    const between = { shared: new Map(), freeFrom: new Map() }
    const doors: SourceDoors = { recording, clock, timers, random, onProgress, onMessage, ...between }
    const names = namesOf(options.sources)
    this.#sources = options.sources.map((source, index) => {
      const name = { name: names[index] ?? source.feed.name, isOneOfMany: names.length > 1 }
      return createSource(source, name, doors)
    })
  }

  async run(): Promise<RecordSummary> {
    const { limits, signal, timers } = this.#options
    this.#handOn()
    await this.#learn()
    const stopped = (): void => this.#end({ kind: 'stopped' })
    for (const reason of [signal, this.#recording.broken]) {
      reason.addEventListener('abort', stopped, { signal: this.#over.signal })
      if (reason.aborted) stopped()
    }
    const callOffLimit =
      limits.for === undefined ? undefined : timers.after(limits.for, () => this.#end({ kind: 'time' }))
    this.#callOffTick = timers.after(TICK, () => this.#tick())
    this.#self.start()
    this.#recording.pressure.listen(isFull => {
      for (const source of this.#sources) source.press(isFull)
    })
    try {
      await Promise.all(this.#sources.map(source => this.#follow(source)))
    } finally {
      this.#over.abort()
      callOffLimit?.()
      this.#callOffTick()
    }
    return await this.#finish()
  }

  #handOn(): void {
    const { entry: hear } = this.#options
    if (hear === undefined) return
    this.#recording.listen(entry => {
      try {
        hear(entry)
      } catch (thrown) {
        this.#recording.listen(undefined)
        this.#notebook.note(
          `whoever listens failed at entry ${entry.seq} (${reasonOf(thrown)}): it hears no more, recording goes on`,
        )
      }
    })
  }

  /** The end of one is no end of the others; it is told where there are others. */
  async #follow(source: Source): Promise<void> {
    const ending = await source.run().catch((thrown: unknown) => {
      this.#end({ kind: 'stopped' })
      throw thrown
    })
    if (this.#sources.length === 1 || ending.kind === 'stopped') return
    const end = ending.kind === 'refused' ? `refused for good: ${ending.reason}` : 'all was asked'
    this.#notebook.note(`${source.name}: ${end}; it ends here`)
  }

  /** Throws FeedtapeError `bad-config` before anything is sent, where a credential could not be hidden. */
  async #learn(): Promise<void> {
    try {
      for (const { credentials = {}, feed } of this.#options.sources) {
        learnCredentials(this.#recording, feed.session.credentials, credentials)
      }
    } catch (thrown) {
      await this.#recording.seal()
      throw thrown
    }
  }

  #countMessage(): void {
    this.#messages += 1
    if (this.#messages !== this.#options.limits.frames) return
    for (const source of this.#sources) source.deafen()
    // So that what the last ones mean is known before the end.
    this.#recording.catchUp()
    this.#end({ kind: 'frames' })
  }

  #tick(): void {
    this.#callOffTick = this.#options.timers.after(TICK, () => this.#tick())
    void this.#self.look()
    const at = this.#recording.at()
    for (const source of this.#sources) source.look(at)
    this.#report()
  }

  #end(ending: RecordEnding): void {
    this.#ending ??= ending
    for (const source of this.#sources) source.stop()
  }

  async #finish(): Promise<RecordSummary> {
    for (const source of this.#sources) source.finish()
    this.#report()
    await this.#self.look()
    this.#self.stop()
    this.#tellWaiting()
    const elapsed = this.#recording.at()
    const sealed = await this.#recording.seal()
    const { failure } = this.#recording
    const sources = this.#sources.map(source => source.summary(elapsed))
    const ending = this.#ending ?? commonEnding(sources)
    return {
      ending: failure === undefined ? ending : { kind: 'broken', error: failure },
      sources,
      elapsed,
      ...sumOf(sources),
      entries: this.#recording.entries,
      written: this.#recording.entriesWritten,
      ...(sealed === undefined ? {} : { sealed: sealed.count }),
      bytes: this.#recording.bytesWritten,
      parts: this.#recording.parts,
      harms: await this.#recording.harms(),
    }
  }

  #tellWaiting(): void {
    const waiting = this.#recording.bytesWaiting
    if (waiting < WORTH_A_WORD) return
    this.#notebook.tell(
      `${Math.round(waiting / 1024 / 1024)} MiB still wait for the disk; ending when it has them`,
    )
  }

  #report(): void {
    const sources = this.#sources.map(source => source.status())
    this.#onProgress({ kind: 'status', at: this.#recording.at(), sources })
  }
}

function createSource(options: SourceOptions, name: SourceName, doors: SourceDoors): Source {
  const { feed } = options
  switch (feed.transport) {
    case 'websocket':
      return new SocketSource({ ...options, feed }, name, doors)
    case 'http':
      return new PolledSource({ ...options, feed }, name, doors)
    default:
      return feed satisfies never
  }
}

/** A feed that is there twice has its second source called `feed-2`. */
function namesOf(sources: readonly SourceOptions[]): readonly string[] {
  const counts = new Map<string, number>()
  return sources.map(({ feed: { name } }) => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return count === 1 ? name : `${name}-${count}`
  })
}

/** Nobody ended it: each source did by itself. */
function commonEnding(sources: readonly SourceSummary[]): RecordEnding {
  const [first, ...others] = sources.map(source => source.ending)
  const isRefused = first?.kind === 'refused' && others.every(ending => ending.kind === 'refused')
  return isRefused ? first : { kind: 'finished' }
}

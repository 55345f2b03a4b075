import type { Feed } from '../feeds/index.ts'
import type { Clock } from '../model/clock.ts'
import { FeedtapeError } from '../model/errors.ts'
import { type Random, randomInteger } from '../model/random.ts'
import { isoFromEpochMicros, type Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'
import {
  createRedactor,
  type Entry,
  type EntryDraft,
  FORMAT,
  type Header,
  type KnownSecret,
  type Redactor,
  type RotationRule,
  type Seal,
  TapeWriter,
} from '../tape/index.ts'
import { HalfSecrets } from './half-secrets.ts'
import { Pressure } from './pressure.ts'

export interface RecordingOptions {
  readonly path: string
  /** Whatever this recording is made for; each connection is of one of them. */
  readonly feeds: readonly Feed[]
  readonly clock: Clock
  readonly random: Random
  /** Our own version, for the header. */
  readonly version: string
  readonly overwrite?: boolean
  /** What was received is on the disk itself, not only with the system. */
  readonly fsync?: boolean
  readonly rotate?: RotationRule
  /** For the writer's own pauses; the machine's if there are none. */
  readonly timers?: Timers
  /** The venue is not a real one, and the tape shall say so. */
  readonly synthetic?: boolean
}

type Undated<D> = D extends unknown ? Omit<D, 'at'> : never

/** An entry before it has its time and its number. */
export type Happening = Undated<EntryDraft>

/** A wall clock that moved by more than this against the monotonic one has been set. */
const CLOCK_STEP = 500_000

/** Bytes for one UTF-16 unit of a secret at most: as `%E6%96%87` in a URL. */
const LONGEST_SPELLING = 9

/** A tape that is being written: the one place that stamps, hides and numbers what happens. */
export class Recording {
  readonly path: string
  readonly header: Header
  readonly redactor: Redactor
  /** Aborted when the disk gives up: nothing more is written, and `failure` says why. */
  readonly broken: AbortSignal
  /** The disk does not keep up: hold what comes. */
  readonly pressure: Pressure
  readonly #writer: TapeWriter
  readonly #clock: Clock
  /** The monotonic clock at the header's start. */
  readonly #origin: Micros
  #wallAhead: Micros
  readonly #feeds: readonly Feed[]
  /** By the connection's number, which counts from 1: whose secrets are looked for in its entries. */
  readonly #feedOf: (Feed | undefined)[] = [undefined]
  #exchanges = 0
  #longestSecret = 0
  readonly #halfSecrets = new HalfSecrets()
  #hasSaidUnsearched = false

  private constructor(
    options: RecordingOptions,
    header: Header,
    writer: TapeWriter,
    redactor: Redactor,
    times: { readonly origin: Micros; readonly wallAhead: Micros },
    broken: AbortSignal,
    pressure: Pressure,
  ) {
    this.path = options.path
    this.#feeds = options.feeds
    this.header = header
    this.redactor = redactor
    this.#writer = writer
    this.#clock = options.clock
    this.#origin = times.origin
    this.#wallAhead = times.wallAhead
    this.broken = broken
    this.pressure = pressure
  }

  /** Throws `file-exists` or `file-unwritable`. */
  static async create(options: RecordingOptions): Promise<Recording> {
    const { clock, fsync, overwrite, path, rotate, timers } = options
    const now = clock.now()
    const origin = clock.monotonic()
    const header: Header = {
      kind: 'header',
      format: FORMAT,
      id: randomHex(options.random, 32),
      start: isoFromEpochMicros(now),
      feeds: [...new Set(options.feeds.map(feed => feed.name))],
      generator: { name: 'feedtape', version: options.version },
      platform: `${process.platform} ${process.arch} node ${process.versions.node}`,
      clock: 'monotonic',
      redaction: 'hmac-sha256',
      ...(options.synthetic === true ? { synthetic: true } : {}),
    }
    const redactor = createRedactor()
    const breaking = new AbortController()
    const pressure = new Pressure()
    const writer = await TapeWriter.create(path, header, {
      redactor,
      ...(overwrite === undefined ? {} : { overwrite }),
      ...(fsync === undefined ? {} : { fsync }),
      ...(rotate === undefined ? {} : { rotate }),
      ...(timers === undefined ? {} : { timers }),
      onError: error => breaking.abort(error),
      onPressure: isFull => pressure.set(isFull),
    })
    return new Recording(
      options,
      header,
      writer,
      redactor,
      { origin, wallAhead: now - origin },
      breaking.signal,
      pressure,
    )
  }

  at(): Micros {
    return this.#clock.monotonic() - this.#origin
  }

  /** What we call ourselves where the feed says nothing else. */
  get userAgent(): string {
    const { name, version } = this.header.generator
    return `${name}/${version}`
  }

  nextConnection(feed: Feed): number {
    return this.#feedOf.push(feed) - 1
  }

  nextExchange(): number {
    this.#exchanges += 1
    return this.#exchanges
  }

  /** Gives the entry as it stands on the tape: without its secrets, with its number. */
  append(happening: Happening): Entry {
    const draft: EntryDraft = { ...happening, at: this.at() }
    const hasLooked = this.#learnFrom(draft)
    const entry = this.#writer.append(draft)
    if (!hasLooked) this.#sayUnsearched(entry)
    return entry
  }

  /** False where the value cannot be hidden, because it is too short or has no letter and no digit. */
  learn(secret: KnownSecret): boolean {
    this.#longestSecret = Math.max(this.#longestSecret, secret.value.length)
    const isLearned = this.redactor.learn(secret)
    if (isLearned) this.#halfSecrets.learn(secret.value, this.redactor.standIn(secret.value))
    return isLearned
  }

  /** How many bytes at the end of a stream's piece have to wait for the next: a known secret may begin there. */
  openIn(bytes: Buffer): number {
    return this.#halfSecrets.openIn(bytes)
  }

  /** In bytes, of any secret that is known, at most. */
  get longestSpelling(): number {
    return this.#longestSecret * LONGEST_SPELLING
  }

  /** An entry in which nobody could look is written all the same: what was known before is hidden in it. */
  #learnFrom(draft: EntryDraft): boolean {
    try {
      const feed = 'conn' in draft && draft.conn !== undefined ? this.#feedOf[draft.conn] : undefined
      if (feed !== undefined) this.#learnWith(feed, draft)
      // What is no connection's may be anybody's.
      else for (const any of this.#feeds) this.#learnWith(any, draft)
      return true
    } catch {
      return false
    }
  }

  #learnWith({ secrets }: Feed, draft: EntryDraft): void {
    for (const secret of secrets.find(draft)) this.learn(secret)
  }

  /** Once, and without the error's words, which may hold what was looked for. */
  #sayUnsearched({ seq }: Entry): void {
    if (this.#hasSaidUnsearched) return
    this.#hasSaidUnsearched = true
    const note = `the search for secrets failed at entry ${seq}: only those known before are hidden from there on`
    this.#writer.append({ kind: 'mark', at: this.at(), note })
  }

  /** Looks whether the wall clock was set, and keeps the step. */
  checkClock(): void {
    const ahead = this.#clock.now() - this.#clock.monotonic()
    const step = ahead - this.#wallAhead
    if (Math.abs(step) <= CLOCK_STEP) return
    this.#wallAhead = ahead
    this.append({ kind: 'clock', step })
  }

  get entries(): number {
    return this.#writer.entries
  }

  /** Entries that the system has. */
  get entriesWritten(): number {
    return this.#writer.entriesWritten
  }

  get bytesWritten(): number {
    return this.#writer.bytesWritten
  }

  /** Bytes of lines that wait for the disk. */
  get bytesWaiting(): number {
    return this.#writer.queuedBytes
  }

  get parts(): number {
    return this.#writer.parts
  }

  /** Whether the file was deleted while it is written. */
  async isGone(): Promise<boolean> {
    return this.failure === undefined && (await this.#writer.isGone())
  }

  /** Resolves when all that was taken is with the system, or cannot be. */
  async flush(): Promise<void> {
    await this.#writer.flush().catch(() => undefined)
  }

  get failure(): FeedtapeError | undefined {
    const reason: unknown = this.broken.reason
    return reason instanceof FeedtapeError ? reason : undefined
  }

  /** Ends the tape in order. `undefined` where the disk did not let us: then `failure` is set. */
  async seal(): Promise<Seal | undefined> {
    try {
      return await this.#writer.seal(this.at())
    } catch (thrown) {
      if (this.failure === undefined) throw thrown
      return undefined
    }
  }
}

function randomHex(random: Random, digits: number): string {
  return Array.from({ length: digits }, () => randomInteger(random, 0, 15).toString(16)).join('')
}

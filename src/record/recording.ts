import type { Feed } from '../feeds/index.ts'
import type { Clock } from '../model/clock.ts'
import { FeedtapeError } from '../model/errors.ts'
import type { Random } from '../model/random.ts'
import type { Micros } from '../model/time.ts'
import { systemTimers, type Timers } from '../model/timers.ts'
import {
  createRedactor,
  type Entry,
  type EntryDraft,
  type Harm,
  type Header,
  type KnownSecret,
  type Opcode,
  type Redactor,
  type RotationRule,
  type Seal,
  TapeWriter,
} from '../tape/index.ts'
import { FrameRate } from './frame-rate.ts'
import { type Arrival, Inbox, type Receiver } from './inbox.ts'
import { textOf } from './payload.ts'
import { Pressure } from './pressure.ts'
import { ReadSpacing } from './read-spacing.ts'
import { headerOf } from './recording-header.ts'
import { SecretSearch } from './secret-search.ts'

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

/** A tape that is being written: the one place that stamps, hides and numbers what happens. */
export class Recording {
  readonly path: string
  /** It may go on in another file. */
  readonly isRotated: boolean
  readonly header: Header
  readonly redactor: Redactor
  /** Aborted when the disk gives up: nothing more is written, and `failure` says why. */
  readonly broken: AbortSignal
  /** The disk does not keep up: hold what comes. */
  readonly pressure: Pressure
  readonly #writer: TapeWriter
  readonly #inbox: Inbox
  readonly #rate = new FrameRate()
  readonly #spacing: ReadSpacing
  readonly #clock: Clock
  /** The monotonic clock at the header's start. */
  readonly #origin: Micros
  #wallAhead: Micros
  readonly #secrets: SecretSearch
  #exchanges = 0
  #hasSaidUnsearched = false
  #listener: ((entry: Entry) => void) | undefined

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
    this.isRotated = options.rotate !== undefined
    this.header = header
    this.redactor = redactor
    this.#secrets = new SecretSearch(redactor, options.feeds)
    this.#writer = writer
    const { clock, timers = systemTimers } = options
    this.#inbox = new Inbox(arrival => this.#take(arrival), timers)
    this.#spacing = new ReadSpacing(clock, timers)
    this.#clock = clock
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
    const header = headerOf(options, now)
    const redactor = createRedactor()
    const breaking = new AbortController()
    const pressure = new Pressure()
    const writer = await TapeWriter.create(path, header, {
      redactor,
      ...(overwrite === undefined ? {} : { overwrite, removesOlderParts: overwrite }),
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
    return this.#secrets.nextConnection(feed)
  }

  nextExchange(): number {
    this.#exchanges += 1
    return this.#exchanges
  }

  /** Gives the entry as it stands on the tape: without its secrets, with its number. */
  append(happening: Happening): Entry {
    this.#inbox.empty()
    return this.#append({ ...happening, at: this.at() })
  }

  /** Takes a frame in as of now; in a flood it becomes an entry with others, before anything else does. */
  receive(op: Opcode, bytes: Buffer, receiver: Receiver): void {
    const now = this.#clock.monotonic()
    const rate = this.#rate.add(now)
    const at = now - this.#origin
    this.#inbox.add({ at, op, bytes, receiver, entry: undefined, text: undefined }, rate)
    this.#spacing.arrived(now, rate)
  }

  /** All that was received is an entry now, and its receivers have heard of it. */
  catchUp(): void {
    this.#inbox.empty()
  }

  #take(arrival: Arrival): void {
    const { at, bytes, op, receiver } = arrival
    const { conn } = receiver
    const text = textOf(bytes, op)
    if (op === 'text') arrival.text = text
    if (text !== undefined) arrival.entry = this.#append({ kind: 'frame', at, conn, dir: 'in', op, text })
    else {
      const base64 = bytes.toString('base64')
      arrival.entry = this.#append({ kind: 'frame', at, conn, dir: 'in', op, base64 })
    }
  }

  #append(draft: EntryDraft): Entry {
    // An entry in which nobody could look is written all the same.
    const hasLooked = this.#secrets.look(draft)
    const entry = this.#put(draft)
    if (!hasLooked) this.#sayUnsearched(entry)
    return entry
  }

  /**
   * From now on `listener` is given each entry that is put on the tape, once and in order, without its secrets and
   * with its number: what a replay of the tape reads. Rotation's `open {resumed}` is none of them, as it is none for
   * whoever reads the parts in a row. There is one that listens: the last that asked.
   */
  listen(listener: ((entry: Entry) => void) | undefined): void {
    this.#listener = listener
  }

  #put(draft: EntryDraft): Entry {
    const entry = this.#writer.append(draft)
    // On a disk that has given up nothing is put any longer.
    if (this.#listener !== undefined && !this.broken.aborted) this.#listener(entry)
    return entry
  }

  /** False where the value cannot be hidden, because it is too short or has no letter and no digit. */
  learn(secret: KnownSecret): boolean {
    return this.#secrets.learn(secret)
  }

  /** How many bytes at the end of a stream's piece have to wait for the next: a known secret may begin there. */
  openIn(bytes: Buffer): number {
    return this.#secrets.openIn(bytes)
  }

  /** In bytes, of any secret that is known, at most. */
  get longestSpelling(): number {
    return this.#secrets.longestSpelling
  }

  /** Once, and without the error's words, which may hold what was looked for. */
  #sayUnsearched({ at, seq }: Entry): void {
    if (this.#hasSaidUnsearched) return
    this.#hasSaidUnsearched = true
    const note = `the search for secrets failed at entry ${seq}: only those known before are hidden from there on`
    this.#put({ kind: 'mark', at, note })
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

  /** Files of an older recording that were removed at the beginning: they had the names of this one's parts. */
  get removedParts(): readonly string[] {
    return this.#writer.removedParts
  }

  /** What others have done to the files; nothing that counts where the disk itself has given up. */
  async harms(): Promise<readonly Harm[]> {
    return this.failure === undefined ? await this.#writer.harms() : []
  }

  /** Resolves when all that was taken is with the system, or cannot be. */
  async flush(): Promise<void> {
    this.#inbox.empty()
    await this.#writer.flush().catch(() => undefined)
  }

  get failure(): FeedtapeError | undefined {
    const reason: unknown = this.broken.reason
    return reason instanceof FeedtapeError ? reason : undefined
  }

  /** Ends the tape in order. `undefined` where the disk did not let us: then `failure` is set. */
  async seal(): Promise<Seal | undefined> {
    this.#inbox.close()
    try {
      return await this.#writer.seal(this.at())
    } catch (thrown) {
      if (this.failure === undefined) throw thrown
      return undefined
    }
  }
}

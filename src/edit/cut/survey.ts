import type { Micros } from '../../model/time.ts'
import type { Entry, Header } from '../../tape/entry.ts'
import type { ReaderOptions } from '../../tape/index.ts'
import { HoledTape } from '../holed-tape.ts'
import { Connections, isRequest } from './connections.ts'
import { Exchanges } from './exchanges.ts'
import { FrameReading } from './frame-reading.ts'
import { Lead } from './lead.ts'
import type { ReadFrame, Selection } from './selection.ts'

export interface CutWindow {
  /** Entries from here on, in µs since the tape's start. */
  readonly from: Micros
  /** Before here. */
  readonly to: Micros
}

/** What the first pass finds out. */
export interface Survey {
  /** The first number that is not before the cut. */
  readonly firstSeq: number
  /** The last number before its end; the tape may still grow. */
  readonly lastSeq: number
  /** Numbers before the cut that stay. */
  readonly lead: ReadonlySet<number>
  readonly connections: Connections
  readonly exchanges: Exchanges
  /** Frames in the window, and the bodies of polled exchanges. */
  readonly frames: number
  /** Of the slice: where the window ends, or the tape. */
  readonly endedAt: Micros
  readonly kinds: ReadonlySet<string>
  readonly names: ReadonlySet<string>
}

/** Kept for an error's text. */
const KEPT_FOR_ERRORS = 1_000

/** Reads the tape up to the end of the window. */
export async function survey(
  path: string,
  window: CutWindow,
  selection: Selection,
  reading: ReaderOptions,
): Promise<Survey> {
  const tape = await HoledTape.open(path, reading)
  const surveyor = new Surveyor(window, selection, tape.source.header)
  for await (const entry of tape) {
    if (entry.at >= window.to) return surveyor.finish(window.to)
    surveyor.apply(entry)
  }
  return surveyor.finish(Math.min(window.to, tape.source.seal?.at ?? 0))
}

class Surveyor {
  readonly #window: CutWindow
  readonly #selection: Selection
  readonly #reading = new FrameReading()
  readonly #connections = new Connections()
  readonly #exchanges = new Exchanges()
  readonly #lead: Lead
  readonly #seqs = new Set<number>()
  readonly #kinds = new Set<string>()
  readonly #names = new Set<string>()
  #firstSeq = 1
  #lastSeq = 0
  #lastAt = 0
  #frames = 0
  #isBefore = true

  constructor(window: CutWindow, selection: Selection, header: Header) {
    this.#lead = new Lead(header)
    this.#window = window
    this.#selection = selection
  }

  apply(entry: Entry): void {
    this.#exchanges.see(entry)
    this.#lastSeq = entry.seq
    this.#lastAt = entry.at
    const isBefore = entry.at < this.#window.from
    if (isBefore) this.#firstSeq = entry.seq + 1
    else if (this.#isBefore) this.#reach()
    if ('conn' in entry && entry.conn !== undefined && !this.#selection.takesConn(entry.conn)) return
    // Behind the cut a frame is looked into only where that decides whether it stays.
    const read = isBefore || this.#selection.isByContent ? this.#reading.apply(entry) : undefined
    if (isBefore) this.#before(entry, read)
    else this.#inside(entry, read)
  }

  finish(endedAt: Micros): Survey {
    if (this.#isBefore) this.#reach()
    for (const seq of this.#connections.beginnings()) this.#seqs.add(seq)
    return {
      firstSeq: this.#firstSeq,
      lastSeq: this.#lastSeq,
      lead: this.#seqs,
      connections: this.#connections,
      exchanges: this.#exchanges,
      frames: this.#frames,
      endedAt: Math.max(endedAt, this.#lastAt),
      kinds: this.#kinds,
      names: this.#names,
    }
  }

  /** The cut is reached: the state is what it is. */
  #reach(): void {
    this.#isBefore = false
    if (!this.#selection.isByContent) this.#connections.needOpen()
    for (const { seq, conn } of this.#lead.frames()) {
      this.#seqs.add(seq)
      this.#connections.need(conn)
    }
  }

  #before(entry: Entry, read: ReadFrame | undefined): void {
    if (read === undefined) {
      this.#connections.begin(entry)
      this.#lead.begin(entry)
      if (entry.kind === 'close' || (entry.kind === 'open' && entry.resumed !== true)) {
        this.#lead.disconnect(entry.conn)
      }
      // What is missing, and what the wall clock did, holds for all that follows.
      if (entry.kind === 'lost' || entry.kind === 'clock') this.#seqs.add(entry.seq)
      return
    }
    this.#note(read)
    this.#connections.asked(read)
    // The latest exchange, whose answer may be to come; by content it is kept where that is taken.
    if (entry.kind !== 'frame') {
      this.#lead.begin(entry)
      if (!this.#selection.isByContent) this.#connections.begin(entry)
    }
    if (!this.#selection.takes(read)) return
    this.#lead.apply(read.frame, read.observations, this.#exchanges.around(read.frame))
  }

  #inside(entry: Entry, read: ReadFrame | undefined): void {
    if (!this.#selection.isByContent) {
      if (this.#isMessage(entry)) this.#frames += 1
      if ('conn' in entry && entry.conn !== undefined) this.#connections.need(entry.conn)
    } else if (read !== undefined) {
      this.#note(read)
      if (!this.#selection.takes(read)) return
      this.#frames += 1
      this.#connections.need(read.frame.conn)
      this.#exchanges.keep(read.frame)
      for (const { seq } of this.#exchanges.around(read.frame)) if (seq < this.#firstSeq) this.#seqs.add(seq)
    }
  }

  #isMessage(entry: Entry): boolean {
    if (entry.kind === 'frame') return true
    return (entry.kind === 'request' || entry.kind === 'response') && this.#exchanges.isPolled(entry.conn)
  }

  #note({ packets, observations }: ReadFrame): void {
    if (!this.#selection.isByContent) return
    if (this.#kinds.size < KEPT_FOR_ERRORS)
      for (const { dir, kind } of packets) this.#kinds.add(`${dir}:${kind}`)
    if (this.#names.size < KEPT_FOR_ERRORS) for (const { name } of observations) this.#names.add(name)
  }
}

/** Whether an entry from the cut on stays. `read` is there where the selection looks into frames. */
export function staysInside(
  entry: Entry,
  read: ReadFrame | undefined,
  selection: Selection,
  { connections, exchanges }: Pick<Survey, 'connections' | 'exchanges'>,
): boolean {
  if (!('conn' in entry) || entry.conn === undefined) return true
  if (!selection.takesConn(entry.conn) || !connections.isNeeded(entry.conn)) return false
  if (read === undefined || !selection.isByContent) return true
  if (read.frame.kind !== 'frame') return exchanges.keeps(read.frame.exchange)
  return selection.takes(read) || isRequest(read.packets)
}

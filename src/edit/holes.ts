import type { Entry, Header, Lost, Seal, TapeWatcher } from '../tape/index.ts'

const NO_ENTRY = /^\{"kind":"(?:checkpoint|seal|header)"/

/** Goes along with a reader and makes a `lost` entry of each hole: what was damaged or missing between two entries. */
export class Holes implements TapeWatcher {
  #kept = 0
  #lost = 0
  /** The number that is due; 0 where the tape may begin with any. */
  #due = 1
  #isDerived = false
  #at = 0
  /** Damaged lines since the last entry that may have been entries, and what the first of them had. */
  #damaged = 0
  #reason = 'missing'

  /** Entries in all holes, at most. */
  get lost(): number {
    return this.#lost
  }

  /** The time of the last entry. */
  get at(): number {
    return this.#at
  }

  begin(header: Header): void {
    this.#isDerived = header.derived !== undefined
    if (this.#isDerived || header.part !== undefined) this.#due = 0
  }

  damaged(what: string, line: Buffer): void {
    if (NO_ENTRY.test(line.subarray(0, 24).toString('latin1'))) return
    if (this.#damaged++ === 0) this.#reason = what
  }

  segmentEnd(): void {
    // A hole is one whether a checkpoint stands in it or not.
  }

  before(entry: Entry): Lost | undefined {
    const isFirst = this.#kept === 0
    if (isFirst && entry.kind === 'open' && entry.resumed === true) this.#due = 0
    const due = this.#due === 0 ? Math.max(1, entry.seq - this.#damaged) : this.#due
    // A tape made from another one leaves numbers out: only damage makes it a hole.
    if (entry.seq <= due - 1 || (this.#isDerived && this.#damaged === 0)) return undefined
    return entry.seq === due ? undefined : this.#hole(due, entry.seq - 1)
  }

  keep(entry: Entry): void {
    this.#kept++
    this.#due = entry.seq + 1
    this.#at = entry.at
    this.#damaged = 0
    this.#reason = 'missing'
  }

  /** The seal's count knows how many there were; without it each damaged line may have been one. */
  atEnd(rest: Buffer, seal: Seal | undefined): Lost | undefined {
    if (seal === undefined && rest.length > 0) this.damaged('cut line', rest)
    const due = Math.max(1, this.#due)
    if (seal === undefined) return this.#damaged === 0 ? undefined : this.#hole(due, due + this.#damaged - 1)
    const missing = this.#isDerived ? seal.count - this.#kept - this.#lost : seal.count + 1 - due
    return missing <= 0 || this.#due === 0 ? undefined : this.#hole(due, due + missing - 1)
  }

  #hole(from: number, to: number): Lost {
    this.#lost += to - from + 1
    this.#due = to + 1
    return { kind: 'lost', seq: from, at: this.#at, from, to, reason: this.#reason }
  }
}

/** An entry whose time went back, at the time where the reader held it, with its own in `original`. */
export function withOriginal(entry: Entry, original: number): Entry {
  const hasOriginal = entry.kind === 'frame' || entry.kind === 'request' || entry.kind === 'response'
  return hasOriginal && entry.original === undefined ? { ...entry, original } : entry
}

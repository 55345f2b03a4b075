import type { Checkpoint, Entry, Header, Seal } from './entry.ts'
import type { ProblemLog } from './problems.ts'

export interface Place {
  readonly line: number
  readonly byteOffset: number
}

/**
 * Holds a tape to its numbers: `seq` goes up by one, `at` never goes down, and what checkpoints count is there.
 * What a damaged line explains is not reported a second time.
 */
export class OrderKeeper {
  /** The number of the entry that is due next. */
  due = 1
  /** The time of the entry before. */
  at = 0
  readonly #log: ProblemLog
  /** A tape made from another one keeps its numbers, and may leave some out. */
  readonly #isDerived: boolean
  readonly #isLaterPart: boolean
  #isFirst = true
  #count = 0
  /** Damaged lines since the last whole one: each may have been an entry. */
  #damaged = 0

  constructor(header: Header, log: ProblemLog) {
    this.#log = log
    this.#isDerived = header.derived !== undefined
    this.#isLaterPart = header.part !== undefined
  }

  damaged(): void {
    this.#damaged++
  }

  /** Takes an entry that is due; false, and nothing is taken, if there is anything to say about it. */
  takes(seq: number, at: number): boolean {
    if (seq !== this.due || at < this.at) return false
    this.#take(seq, at)
    return true
  }

  /** The entry as it may be handed on: not if its number has been, and with its time held where that goes back. */
  admit(entry: Entry, place: Place): Entry | undefined {
    if (this.#isFirst && this.#beginsAnywhere(entry)) this.due = entry.seq
    const { due, at } = this
    const numbers = { entry: due, expected: `seq ${due}`, found: `seq ${entry.seq}` }
    if (entry.seq < due) {
      this.#log.add({ ...place, what: 'entry again', ...numbers })
      return undefined
    }
    if (entry.seq - due > this.#damaged && !this.#isDerived) {
      this.#log.add({ ...place, what: 'entries missing', ...numbers })
    }
    this.#take(entry.seq, Math.max(at, entry.at))
    return this.#held(entry, at, { ...place, entry: entry.seq })
  }

  /** Holds a checkpoint or the seal against what came before it. */
  count<L extends Checkpoint | Seal>(line: L, place: Place): L {
    // A later part may hold nothing; how many stood before it, it does not know.
    if (this.#isFirst && this.#isLaterPart && !this.#isDerived) this.#count = line.count
    const most = this.#count + this.#damaged
    if (line.count < this.#count || line.count > most) {
      const expected = most === this.#count ? `count ${most}` : `count ${this.#count} to ${most}`
      this.#log.add({
        ...place,
        entry: this.due,
        what: 'count does not fit',
        expected,
        found: `count ${line.count}`,
      })
    }
    this.#count = Math.max(this.#count, line.count)
    if (!this.#isDerived) this.due = this.#count + 1
    this.#damaged = 0
    const before = this.at
    this.at = Math.max(before, line.at)
    return this.#held(line, before, { ...place, entry: this.due })
  }

  #beginsAnywhere(first: Entry): boolean {
    return this.#isDerived || this.#isLaterPart || (first.kind === 'open' && first.resumed === true)
  }

  #take(seq: number, at: number): void {
    this.due = seq + 1
    this.at = at
    this.#count = this.#isDerived ? this.#count + 1 : seq
    this.#damaged = 0
    this.#isFirst = false
  }

  #held<L extends Entry | Checkpoint | Seal>(line: L, before: number, place: Place & { entry: number }): L {
    if (line.at >= before) return line
    this.#log.add({
      ...place,
      what: 'time goes back',
      expected: `at ${before} or later`,
      found: `at ${line.at}`,
    })
    return { ...line, at: before }
  }
}

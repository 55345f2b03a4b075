import type { Micros } from '../../model/time.ts'
import type { Message } from '../../tape/entry.ts'

/** A frame before the cut, by its number, and the earlier ones without which it would be taken differently. */
export class LeadFrame {
  readonly seq: number
  readonly conn: number
  readonly at: Micros
  readonly #needs = new Set<LeadFrame>()

  constructor({ seq, conn, at }: Pick<Message, 'seq' | 'conn' | 'at'>) {
    this.seq = seq
    this.conn = conn
    this.at = at
  }

  needs(other: LeadFrame): void {
    if (other !== this) this.#needs.add(other)
  }

  /** These frames and, all the way down, what they need. */
  static closure(frames: Iterable<LeadFrame>): ReadonlySet<LeadFrame> {
    const all = new Set(frames)
    // A set's iteration goes on into what is added meanwhile; recursion could run deep.
    for (const frame of all) for (const other of frame.#needs) all.add(other)
    return all
  }
}

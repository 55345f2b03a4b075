import type { Micros } from '../../model/time.ts'
import type { Message } from '../../tape/entry.ts'
import { Reservoir } from './reservoir.ts'
import type { KindFacts } from './schema-facts.ts'
import { Stretches, StretchSum } from './stretches.ts'

/** Connections whose latest message of a kind is remembered. */
const MOST_CONNECTIONS = 1_000

/** When a message came: by the tape's clock where it has one, and after how many requests of its connection. */
export interface Moment {
  readonly at: Micros | undefined
  readonly asked: number
}

interface Latest {
  seq: number
  at: Micros | undefined
  asked: number
}

/**
 * From a message with a kind to the next one on its connection; several in one message came together. An answer comes
 * when it is asked for: from one to the next our own requests are counted, whose pace is not the venue's.
 */
export class Gaps {
  readonly #latest = new Map<number, Latest>()
  readonly #all = new Reservoir()
  readonly #stretches = new Stretches()
  readonly #sums = new StretchSum()
  readonly #counts = new StretchSum()
  readonly #lengths = new Map<number, StretchSum>()
  #unit: 'us' | 'requests' = 'us'

  add({ conn, kind, seq }: Message, { at, asked }: Moment): void {
    const latest = this.#latest.get(conn)
    if (latest === undefined) {
      if (this.#latest.size >= MOST_CONNECTIONS) this.#latest.clear()
      this.#latest.set(conn, { seq, at, asked })
      return
    }
    if (latest.seq === seq) return
    const gap = at === undefined || latest.at === undefined ? undefined : at - latest.at
    if (gap !== undefined) this.#all.add(gap)
    if (kind === 'response') {
      this.#unit = 'requests'
      this.#take(Math.max(asked - latest.asked, 1))
    } else if (gap !== undefined) this.#take(gap)
    latest.seq = seq
    latest.at = at
    latest.asked = asked
  }

  /** Connections are numbered anew. */
  beginTape(): void {
    this.#latest.clear()
  }

  result(): Pick<KindFacts, 'gaps' | 'gapUnit' | 'gapCounts' | 'gapSums' | 'gapLengths'> {
    const lengths = [...this.#lengths].toSorted(([one], [other]) => one - other)
    return {
      gaps: this.#all.result(),
      gapUnit: this.#unit,
      gapCounts: this.#counts.result(this.#stretches),
      gapSums: this.#sums.result(this.#stretches),
      gapLengths: lengths.map(([step, sums]) => ({ step, hits: sums.result(this.#stretches) })),
    }
  }

  #take(gap: number): void {
    this.#stretches.next()
    this.#sums.add(this.#stretches, gap)
    this.#counts.add(this.#stretches)
    const step = stepOfGap(gap)
    const known = this.#lengths.get(step) ?? new StretchSum()
    this.#lengths.set(step, known)
    known.add(this.#stretches)
  }
}

/** By half octaves: of 1 µs to a day there are 73. */
function stepOfGap(gap: number): number {
  return Math.floor(2 * Math.log2(Math.max(gap, 1)))
}

/** The longest gap of a step, and a little more: the next one begins there. */
export function endOfStep(step: number): number {
  return 2 ** ((step + 1) / 2)
}

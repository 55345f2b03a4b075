import { type Decimal, decimalSign, subtract, ZERO } from '../../model/decimal.ts'
import type { EpochMicros } from '../../model/time.ts'
import { amountsOf, isSamePart, netOf, PARTS, type Part } from './difference-parts.ts'
import type { RunEvent, RunPosition } from './run-lines.ts'

/** One position in both runs. */
export interface RunDifference {
  readonly instrument: string
  readonly label: string
  readonly book: string | undefined
  /** The latest event of each side; none where a run never held it. */
  readonly a: RunEvent | undefined
  readonly b: RunEvent | undefined
  /** Of both; `undefined` where they differ. */
  readonly currency: string | undefined
  /** net of B less net of A; `undefined` where one of them is not known, or they are in two currencies. */
  readonly difference: Decimal | undefined
  /** They add up to the difference. Only those that differ. */
  readonly parts: readonly DifferencePart[]
}

export interface DifferencePart {
  readonly part: Part
  /** Of the difference; `undefined` where that is not known. */
  readonly amount: Decimal | undefined
  /** Since when they have differed without a break, and what each side had last been told by then. */
  readonly since: PartSince | undefined
}

export interface PartSince {
  readonly at: EpochMicros
  readonly a: RunEvent | undefined
  readonly b: RunEvent | undefined
}

/** One position's latest events in both runs, and since when which part of them has differed. */
export class RunPair {
  /** As it is called at the end, in a book that both runs have. */
  readonly instrument: string
  readonly book: string | undefined
  readonly #latest: [RunEvent | undefined, RunEvent | undefined] = [undefined, undefined]
  readonly #end: [RunPosition | undefined, RunPosition | undefined] = [undefined, undefined]
  readonly #since = new Map<Part, PartSince>()

  constructor(instrument: string, book: string | undefined) {
    this.instrument = instrument
    this.book = book
  }

  take(side: 0 | 1, line: RunEvent | RunPosition): void {
    if (line.kind === 'event') this.#latest[side] = line
    else this.#end[side] = line
  }

  get isHeld(): boolean {
    return this.#latest.some(event => event !== undefined)
  }

  /** Behind all that happened at one time. */
  compare(at: EpochMicros): void {
    const [a, b] = this.#latest
    for (const part of PARTS) {
      if (part === 'point value') continue
      if (isSamePart(part, a, b)) this.#since.delete(part)
      else if (!this.#since.has(part)) this.#since.set(part, { at, a, b })
    }
  }

  difference(): RunDifference {
    const [a, b] = this.#latest
    const [endA, endB] = this.#end
    const pointValues = { a: endA?.pointValue ?? endB?.pointValue, b: endB?.pointValue ?? endA?.pointValue }
    const amounts = amountsOf(a, b, pointValues)
    const parts = PARTS.flatMap((part): DifferencePart[] => {
      const amount = amounts?.[part]
      const since = this.#since.get(part)
      const isNothing =
        amount === undefined ? since === undefined : decimalSign(amount) === 0 && since === undefined
      return isNothing ? [] : [{ part, amount, since }]
    })
    return {
      instrument: this.instrument,
      label: (b ?? a)?.label ?? '',
      book: this.book,
      a,
      b,
      currency: isSamePart('currency', a, b) ? (b ?? a)?.currency : undefined,
      difference: amounts === undefined ? undefined : subtract(netOf(b) ?? ZERO, netOf(a) ?? ZERO),
      parts,
    }
  }
}

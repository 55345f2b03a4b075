import type { Micros } from '../model/time.ts'
import { amountText } from './amount.ts'
import type { FieldSpec } from './fields.ts'
import { type Counted, FirstOnes } from './first-ones.ts'
import type { Which } from './side.ts'
import { type Change, type LateQuote, placeOf } from './side-quote.ts'

/** Finds quotes that are older, by the wire's own time, than what the other side had given before. */
export class LateWatch {
  readonly #newest = { a: new Map<number, Change>(), b: new Map<number, Change>() }
  readonly #found = { a: new FirstOnes<LateQuote>(), b: new FirstOnes<LateQuote>() }
  #lastOne = ''

  /** True where the change is older by more than `slack`, and another value. */
  apply(which: Which, { field, index }: FieldSpec, change: Change, slack: Micros): boolean {
    const { key, wireTime } = change
    if (wireTime === undefined) return false
    const own = this.#newest[which].get(index)?.wireTime
    if (own === undefined || wireTime >= own) this.#newest[which].set(index, change)
    const newer = this.#newest[which === 'a' ? 'b' : 'a'].get(index)
    if (newer?.wireTime === undefined || newer.key === key) return false
    const olderBy = newer.wireTime - wireTime
    if (olderBy <= slack) return false
    // The other fields of its packet are as late, and are one finding with it.
    const { packet, seq } = change.place
    const one = `${which} ${seq} ${packet}`
    if (one === this.#lastOne) return true
    this.#lastOne = one
    this.#found[which].add(() => ({
      field,
      value: amountText(change.value),
      place: placeOf(change),
      newer: { value: amountText(newer.value), place: placeOf(newer) },
      olderBy,
    }))
    return true
  }

  result(which: Which): Counted<LateQuote> {
    return this.#found[which].result()
  }
}

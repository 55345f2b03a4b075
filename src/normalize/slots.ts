import type { Decimal } from '../model/decimal.ts'

/** What stands for what is no number: nothing was said yet, `null`, and a mantissa past the safe integers. */
const NEVER = Number.NaN
const NONE = Number.NEGATIVE_INFINITY
const BIG = Number.POSITIVE_INFINITY

const ROWS = 256

/** Hands out rows of so many slots; a block of them goes with the last row that is in use. */
export class Slab {
  readonly #width: number
  #block = new Float64Array(0)
  #next = 0

  constructor(width: number) {
    this.#width = width
  }

  row(): Slots {
    if (this.#next === this.#block.length) {
      this.#block = new Float64Array(ROWS * this.#width).fill(NEVER)
      this.#next = 0
    }
    const row = new Slots(this.#block, this.#next)
    this.#next += this.#width
    return row
  }
}

/**
 * Finite numbers and decimals that are overwritten in place and read as fresh values. What is said about an
 * instrument stands for a second or more: kept as the decoder's own objects it outlives two scavenges, and dies in
 * the old generation, which V8 lets grow to several times what is live. A decimal takes two slots.
 */
export class Slots {
  readonly #numbers: Float64Array
  readonly #from: number
  #big: Map<number, bigint> | undefined

  constructor(numbers: Float64Array, from: number) {
    this.#numbers = numbers
    this.#from = from
  }

  /** `undefined` before anything was set. */
  number(slot: number): number | null | undefined {
    const value = this.#numbers[this.#from + slot] ?? NEVER
    if (value === NONE) return null
    return Number.isNaN(value) ? undefined : value
  }

  setNumber(slot: number, value: number | null): void {
    this.#numbers[this.#from + slot] = value ?? NONE
  }

  decimal(slot: number): Decimal | null | undefined {
    const mantissa = this.#numbers[this.#from + slot] ?? NEVER
    if (mantissa === NONE) return null
    if (Number.isNaN(mantissa)) return undefined
    // A small integer again: a scale that is a double would give all decimals another shape (model/decimal.ts).
    const scale = (this.#numbers[this.#from + slot + 1] ?? 0) | 0
    return { mantissa: mantissa === BIG ? (this.#big?.get(slot) ?? 0n) : mantissa, scale }
  }

  setDecimal(slot: number, value: Decimal | null): void {
    const at = this.#from + slot
    if (value === null) {
      this.#numbers[at] = NONE
      return
    }
    const { mantissa, scale } = value
    this.#numbers[at + 1] = scale
    if (typeof mantissa === 'number') {
      this.#numbers[at] = mantissa
      return
    }
    this.#numbers[at] = BIG
    this.#big ??= new Map()
    this.#big.set(slot, mantissa)
  }

  /** Takes over what stands in as many slots of another row. */
  copy(other: Slots, slot: number, count: number): void {
    for (let at = slot; at < slot + count; at += 1) {
      this.#numbers[this.#from + at] = other.#numbers[other.#from + at] ?? NEVER
    }
    const big = other.#big?.get(slot)
    if (big === undefined) return
    this.#big ??= new Map()
    this.#big.set(slot, big)
  }
}

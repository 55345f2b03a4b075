import type { EpochMicros, Micros } from '../model/time.ts'
import { amountText } from './amount.ts'
import { type Counted, FirstOnes } from './first-ones.ts'
import type { Both } from './pairing.ts'
import type { Place } from './place.ts'
import type { Which } from './side.ts'
import { type Change, placeOf } from './side-quote.ts'

/** A value that one side gave and the other did not. */
export interface MissingTick {
  readonly value: string
  readonly place: Place
}

interface Waiting {
  readonly side: Which
  readonly key: number
  /** On the pair's common time. */
  readonly time: EpochMicros
  /** The first value of a side is no change: it may be met, and is not missed. */
  readonly isFirst: boolean
  readonly change: Change
  isMet: boolean
}

export interface Matched {
  readonly met: number
  /** By the side that does not have them. */
  readonly missing: Both<Counted<MissingTick>>
}

/** Which changes of one side the other has too, in their order, each at most once. */
export class ChangeMatch {
  readonly #window: Micros
  readonly #onMet: (lag: Micros, at: EpochMicros) => void
  readonly #onMissed: (side: Which, change: Change, time: EpochMicros) => void
  readonly #byKey = { a: new Map<number, Waiting[]>(), b: new Map<number, Waiting[]>() }
  #waiting: Waiting[] = []
  #head = 0
  #met = 0
  readonly #missing = { a: new FirstOnes<MissingTick>(), b: new FirstOnes<MissingTick>() }

  /** `onMet` is told by how much b came behind a, by receipt; `onMissed` of a change that one side has alone. */
  constructor(
    window: Micros,
    onMet: (lag: Micros, at: EpochMicros) => void,
    onMissed: (side: Which, change: Change, time: EpochMicros) => void,
  ) {
    this.#window = window
    this.#onMet = onMet
    this.#onMissed = onMissed
  }

  /** Behind `expire` of the same time. */
  add(side: Which, key: number, time: EpochMicros, isFirst: boolean, change: Change): void {
    const met = this.#takeFirst(side === 'a' ? 'b' : 'a', key)
    if (met === undefined) {
      const waiting = { side, key, time, isFirst, change, isMet: false }
      const same = this.#byKey[side].get(key)
      if (same === undefined) this.#byKey[side].set(key, [waiting])
      else same.push(waiting)
      this.#waiting.push(waiting)
      return
    }
    met.isMet = true
    if (met.isFirst || isFirst) return
    this.#met += 1
    const later = change.at - met.change.at
    this.#onMet(side === 'b' ? later : -later, time)
  }

  /** What has waited longer than the window is missing on the other side. */
  expire(now: EpochMicros): void {
    for (;;) {
      const first = this.#waiting[this.#head]
      if (first === undefined || first.time >= now - this.#window) break
      this.#head += 1
      if (first.isMet) continue
      // Those that were met have left: it is the first of its value.
      this.#takeFirst(first.side, first.key)
      if (first.isFirst) continue
      const { change, side, time } = first
      this.#missing[side === 'a' ? 'b' : 'a'].add(() => ({
        value: amountText(change.value),
        place: placeOf(change),
      }))
      this.#onMissed(side, change, time)
    }
    if (this.#head > 64 && this.#head * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head)
      this.#head = 0
    }
  }

  #takeFirst(side: Which, key: number): Waiting | undefined {
    const same = this.#byKey[side].get(key)
    const first = same?.shift()
    if (same?.length === 0) this.#byKey[side].delete(key)
    return first
  }

  result(): Matched {
    const { a, b } = this.#missing
    return { met: this.#met, missing: { a: a.result(), b: b.result() } }
  }
}

import type { EpochMicros } from '../model/time.ts'

interface Held {
  readonly key: number
  readonly time: EpochMicros
}

const LEAST_KEPT = 64

/** What one instrument's fields were of late, in everybody's words. */
export class HeldValues<Field> {
  readonly #fields = new Map<Field, { held: Held[]; pruneAt: number }>()

  get isEmpty(): boolean {
    return this.#fields.size === 0
  }

  /** `keptFrom` says, now and then, what is asked for no more. */
  add(field: Field, key: number, time: EpochMicros, keptFrom: () => EpochMicros): void {
    const kept = this.#fields.get(field)
    if (kept === undefined) {
      this.#fields.set(field, { held: [{ key, time }], pruneAt: LEAST_KEPT })
      return
    }
    const { held } = kept
    if (held.at(-1)?.key === key) return
    held.push({ key, time })
    if (held.length < kept.pruneAt) return
    const from = keptFrom()
    // The one that stood at that time belongs to it.
    const first = held.findIndex(one => one.time > from)
    held.splice(0, Math.max((first < 0 ? held.length : first) - 1, 0))
    kept.pruneAt = 2 * held.length + LEAST_KEPT
  }

  /** Whether it was this between the two, what stood when they began included. */
  had(field: Field, key: number, from: EpochMicros, to: EpochMicros): boolean {
    const { held } = this.#fields.get(field) ?? { held: [] }
    for (const one of held.toReversed()) {
      if (one.time > to) continue
      if (one.key === key) return true
      if (one.time < from) return false
    }
    return false
  }
}

import type { Holding } from './holding.ts'

const NONE: readonly Holding[] = []

/** A ledger's positions, by key in the order of their first fills, and by instrument. */
export class Holdings {
  #byKey = new Map<string, Holding>()
  readonly #byInstrument = new Map<string, Holding[]>()

  all(): IterableIterator<Holding> {
    return this.#byKey.values()
  }

  get(key: string): Holding | undefined {
    return this.#byKey.get(key)
  }

  of(instrument: string): readonly Holding[] {
    return this.#byInstrument.get(instrument) ?? NONE
  }

  add(holding: Holding): void {
    holding.order = this.#byKey.size
    this.#byKey.set(holding.key, holding)
    const others = this.#byInstrument.get(holding.instrument)
    if (others === undefined) this.#byInstrument.set(holding.instrument, [holding])
    else others.push(holding)
  }

  /** What is held under a name is of this instrument, of which nothing is held yet. Each keeps its place. */
  move(from: string, to: string): readonly Holding[] {
    const moved = this.of(from)
    if (moved.length === 0) return NONE
    for (const holding of moved) holding.instrument = to
    this.#byInstrument.delete(from)
    this.#byInstrument.set(to, [...moved])
    this.#byKey = new Map([...this.#byKey.values()].map(holding => [holding.key, holding]))
    return moved
  }
}

import type { Which } from './side.ts'

/** What `--map` says: a name of b, and the name of a that it is to be held against. */
export type NameMap = ReadonlyMap<string, string>

/** Which instrument of the comparison a name is, and what is kept of it. */
export class Pairing<T> {
  readonly #canonical: (name: string) => string
  readonly #make: (instrument: string) => T
  readonly #map: NameMap
  readonly #pairs = new Map<string, T>()
  readonly #known = { a: new Map<string, T>(), b: new Map<string, T>() }

  constructor(canonical: (name: string) => string, map: NameMap, make: (instrument: string) => T) {
    this.#canonical = canonical
    this.#map = map
    this.#make = make
  }

  of(which: Which, name: string): T {
    const known = this.#known[which].get(name)
    if (known !== undefined) return known
    const instrument = this.#instrumentOf(which, name)
    let pair = this.#pairs.get(instrument)
    if (pair === undefined) {
      pair = this.#make(instrument)
      this.#pairs.set(instrument, pair)
    }
    this.#known[which].set(name, pair)
    return pair
  }

  /** Names mean other instruments from now on; what is kept of one goes along, where there is none of the other. */
  moved(from: string, to: string): void {
    const pair = this.#pairs.get(from)
    if (pair !== undefined && !this.#pairs.has(to)) {
      this.#pairs.delete(from)
      this.#pairs.set(to, pair)
    }
    this.forget()
  }

  forget(): void {
    this.#known.a.clear()
    this.#known.b.clear()
  }

  /** In the order of first sight. */
  all(): readonly (readonly [instrument: string, pair: T])[] {
    return [...this.#pairs]
  }

  #instrumentOf(which: Which, name: string): string {
    const own = this.#canonical(name)
    if (which === 'a') return own
    for (const [nameB, nameA] of this.#map) {
      if (nameB === name || this.#canonical(nameB) === own) return this.#canonical(nameA)
    }
    return own
  }
}

/** By side. */
export interface Both<T> {
  readonly a: T
  readonly b: T
}

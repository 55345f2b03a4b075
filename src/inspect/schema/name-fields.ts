import type { Observation } from '../../model/observation.ts'
import { leafPaths, stepsOf, valuesAt } from './field-paths.ts'

const MOST_NAMES = 10_000
/** Packets of a kind that are looked into: where names stand is soon known. */
const MOST_PACKETS = 200

/** Which fields hold names of instruments: another subscription has others, and that is no drift. */
export class NameFields {
  readonly #names = new Set<string>()
  readonly #kinds = new Map<
    string,
    { packets: number; readonly fields: Map<string, { texts: number; names: number }> }
  >()

  learn(observations: readonly Observation[]): void {
    for (const observation of observations) {
      if (this.#names.size >= MOST_NAMES) return
      this.#add(observation.name)
      if (observation.kind !== 'instrument') continue
      // What an instrument is called besides; its exchange and its type are words that many share.
      const { symbol, description, root, front } = observation
      for (const name of [symbol, description, root, front]) this.#add(name)
    }
  }

  look(kind: string, value: unknown): void {
    let known = this.#kinds.get(kind)
    if (known === undefined) {
      known = { packets: 0, fields: new Map() }
      this.#kinds.set(kind, known)
    }
    if (known.packets >= MOST_PACKETS) return
    known.packets += 1
    for (const path of leafPaths(value)) {
      for (const text of valuesAt(value, stepsOf(path))) {
        if (typeof text !== 'string') continue
        const field = known.fields.get(path) ?? { texts: 0, names: 0 }
        known.fields.set(path, field)
        field.texts += 1
        if (this.#names.has(text)) field.names += 1
      }
    }
  }

  isName(kind: string, path: string): boolean {
    const field = this.#kinds.get(kind)?.fields.get(path)
    return field !== undefined && field.names * 2 > field.texts
  }

  #add(name: string | undefined): void {
    if (name !== undefined && name !== '') this.#names.add(name)
  }
}

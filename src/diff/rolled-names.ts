import type { EpochMicros } from '../model/time.ts'
import type { Roll } from './roll-watch.ts'
import type { Which } from './side.ts'

export interface Meaning {
  /** The name itself, or the contract that it has gone over to. */
  readonly means: string
  /** What it meant until just now. */
  readonly left?: string
}

/** What continuous names mean by the time, as far as their values have shown that. */
export class RolledNames {
  readonly #names = { a: new Map<string, Roll[]>(), b: new Map<string, Roll[]>() }
  readonly #meanings = { a: new Map<string, string>(), b: new Map<string, string>() }

  constructor(rolls: readonly Roll[]) {
    for (const roll of rolls) {
      const known = this.#names[roll.which].get(roll.name)
      if (known === undefined) this.#names[roll.which].set(roll.name, [roll])
      else known.push(roll)
    }
  }

  /** Asked in the order of the side's receipt. */
  of(which: Which, name: string, at: EpochMicros): Meaning {
    const roll = this.#names[which].get(name)?.findLast(one => one.at <= at)
    if (roll === undefined) return { means: name }
    const means = roll.to
    if (this.#meanings[which].get(name) === means) return { means }
    this.#meanings[which].set(name, means)
    return { means, left: roll.from }
  }
}

import { readSymbol } from '../instruments/index.ts'
import type { QuoteUpdate } from '../model/observation.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { keyOf } from './amount.ts'
import { HeldValues } from './held-values.ts'
import type { Both } from './pairing.ts'
import type { Which } from './side.ts'

/** A continuous name that one side goes on to use for another contract. */
export interface Roll {
  readonly which: Which
  readonly name: string
  readonly from: string
  readonly to: string
  /** Of the first word of the other contract, by receipt on its side. */
  readonly at: EpochMicros
}

/** The names of an instrument that both sides used at the beginning. */
export interface NamedInstrument {
  readonly instrument: string
  readonly names: Both<ReadonlySet<string>>
}

/** How values of one instrument are laid beside each other. */
export interface Alignment {
  /** By how much b comes behind a. */
  readonly lag: Micros
  /** Within which the same value is the same change. */
  readonly window: Micros
}

const PRICES = ['last', 'bid', 'ask'] as const
type Price = (typeof PRICES)[number]

/** Of the other contract alone, before it is believed: prices return, but not so often and at the same moments. */
const ENOUGH = 5

interface Run {
  /** Of the first value that is the new contract's alone, and of what was said within two windows before it. */
  at: EpochMicros
  latestAt: EpochMicros
  /** Values of the new contract that are not the old one's. */
  hits: number
  /** Of neither. */
  misses: number
}

/** A continuous name, and the contract that it means at the time. */
interface Alias {
  readonly which: Which
  readonly name: string
  readonly root: string
  means: string
  /** By the contract that it may have gone over to. */
  readonly runs: Map<string, Run>
  readonly values: Map<Price, number>
}

interface Waiting {
  readonly alias: Alias
  readonly price: Price
  readonly key: number
  readonly at: EpochMicros
  /** On the time of a. */
  readonly time: EpochMicros
  readonly window: Micros
}

/**
 * A wire may say just once which contract a continuous name means, and the other side's name rolls on without a word.
 * Then its prices are no longer those of the one contract, at any moment, and always those of another.
 */
export class RollWatch {
  readonly rolls: Roll[] = []
  readonly #align: (instrument: string) => Alignment
  readonly #aliases = { a: new Map<string, Alias>(), b: new Map<string, Alias>() }
  /** Contracts by the names that can mean nothing else. */
  readonly #contracts = { a: new Map<string, string>(), b: new Map<string, string>() }
  readonly #held = new Map<string, Both<HeldValues<Price>>>()
  readonly #roots = new Map<string, string>()
  readonly #reach = { a: Number.NEGATIVE_INFINITY, b: Number.NEGATIVE_INFINITY }
  /** Whether any name could roll. */
  readonly #isNeeded: boolean
  #waiting: Waiting[] = []
  #head = 0

  constructor(instruments: readonly NamedInstrument[], align: (instrument: string) => Alignment) {
    this.#align = align
    for (const { instrument, names } of instruments) {
      const contract = readSymbol(instrument)
      if (contract.kind !== 'dated') continue
      for (const which of ['a', 'b'] as const) {
        for (const name of names[which]) this.#know(which, name, instrument, contract.root)
      }
    }
    this.#isNeeded = this.#aliases.a.size + this.#aliases.b.size > 0
  }

  update(which: Which, { fields, name }: QuoteUpdate, at: EpochMicros): void {
    const alias = this.#aliases[which].get(name)
    const contract = alias?.means ?? this.#contracts[which].get(name)
    if (contract === undefined || !this.#isNeeded) return
    const { lag, window } = this.#align(contract)
    const time = which === 'a' ? at : at - lag
    for (const price of PRICES) {
      const value = fields[price]
      if (value == null) continue
      const key = keyOf(value)
      if (alias === undefined)
        this.#held.get(contract)?.[which].add(price, key, time, () => this.#keptFrom(contract))
      else if (alias.values.get(price) !== key) {
        alias.values.set(price, key)
        this.#waiting.push({ alias, price, key, at, time, window })
      }
    }
  }

  /** Up to where a side has been read, in its own time: what has waited long enough is judged. */
  reached(which: Which, at: EpochMicros): void {
    this.#reach[which] = at
    for (;;) {
      const first = this.#waiting[this.#head]
      if (first === undefined || this.#nowOf(first.alias.means) < first.time + first.window) break
      this.#head += 1
      this.#judge(first)
    }
    if (this.#head > 64 && this.#head * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#head)
      this.#head = 0
    }
  }

  #know(which: Which, name: string, instrument: string, root: string): void {
    this.#roots.set(instrument, root)
    if (readSymbol(name).kind === 'continuous') {
      const alias = { which, name, root, means: instrument, runs: new Map(), values: new Map() }
      this.#aliases[which].set(name, alias)
    } else {
      this.#contracts[which].set(name, instrument)
      if (this.#held.has(instrument)) return
      this.#held.set(instrument, { a: new HeldValues(), b: new HeldValues() })
    }
  }

  /** Up to where both have been read, on the time of a. */
  #nowOf(contract: string): EpochMicros {
    return Math.min(this.#reach.a, this.#reach.b - this.#align(contract).lag)
  }

  /** What is older is asked for no more. */
  #keptFrom(contract: string): EpochMicros {
    const now = this.#nowOf(contract) - this.#align(contract).window
    const oldest = this.#waiting[this.#head]
    return oldest === undefined ? now : Math.min(now, oldest.time - oldest.window)
  }

  #judge({ alias, at, key, price, time, window }: Waiting): void {
    const had = (contract: string): boolean => {
      const held = this.#held.get(contract)
      const [from, to] = [time - window, time + window]
      return held?.a.had(price, key, from, to) === true || held?.b.had(price, key, from, to) === true
    }
    // Nothing is known of a contract that nobody speaks of by its own name.
    const { a, b } = this.#held.get(alias.means) ?? {}
    if (a?.isEmpty !== false && b?.isEmpty !== false) return
    const isOld = had(alias.means)
    for (const contract of this.#held.keys()) {
      if (contract === alias.means || this.#roots.get(contract) !== alias.root) continue
      if (isGoneOver(alias.runs, contract, at, window, isOld, had(contract))) {
        const { means, name, which } = alias
        this.rolls.push({ which, name, from: means, to: contract, at: alias.runs.get(contract)?.at ?? at })
        alias.means = contract
        alias.runs.clear()
        return
      }
    }
  }
}

/** Counts one more value, and says whether the name means the contract by now. */
function isGoneOver(
  runs: Map<string, Run>,
  contract: string,
  at: EpochMicros,
  window: Micros,
  isOld: boolean,
  isNew: boolean,
): boolean {
  const run = runs.get(contract)
  if (!isNew) {
    if (isOld) runs.delete(contract)
    else if (run !== undefined) run.misses += 1
    return false
  }
  if (run === undefined) {
    runs.set(contract, { at, latestAt: at, hits: isOld ? 0 : 1, misses: 0 })
    return false
  }
  if (run.hits === 0 && at - run.latestAt > 2 * window) run.at = at
  run.latestAt = at
  if (!isOld) run.hits += 1
  return run.hits >= ENOUGH && run.hits >= 2 * run.misses
}

import { readSymbol } from '../instruments/index.ts'
import type { PairDiff } from './pair-diff.ts'
import type { NamedInstrument, Roll } from './roll-watch.ts'
import type { Which } from './side.ts'

/** What one side says of a contract under a continuous name, against what the other says of it. */
interface AliasPair {
  readonly which: Which
  readonly name: string
  readonly contract: string
  /** In which the contract's own names are held against each other. */
  readonly main: PairDiff
  readonly pair: PairDiff
}

/**
 * A side that speaks of a contract both under its own name and under a continuous one says all of it twice. Each is held
 * against the other side on its own: as one, the right word of the one would hide the wrong one of the other.
 */
export class AliasPairs {
  readonly #pairs: readonly AliasPair[]
  readonly #beside = new Map<PairDiff, AliasPair[]>()

  constructor(
    instruments: readonly NamedInstrument[],
    rolls: readonly Roll[],
    mainOf: (contract: string) => PairDiff,
    make: (contract: string) => PairDiff,
  ) {
    const pairs: AliasPair[] = []
    for (const { instrument: contract, names } of instruments) {
      for (const which of ['a', 'b'] as const) {
        const own = [...names[which]]
        if (own.every(isContinuous)) continue
        const rolled = rolls.filter(roll => roll.which === which && roll.to === contract)
        for (const name of new Set([...own.filter(isContinuous), ...rolled.map(roll => roll.name)])) {
          pairs.push({ which, name, contract, main: mainOf(contract), pair: make(contract) })
        }
      }
    }
    this.#pairs = pairs
    for (const one of pairs) {
      const known = this.#beside.get(one.main)
      if (known === undefined) this.#beside.set(one.main, [one])
      else known.push(one)
    }
  }

  /** Where what a side says under this name stands for itself. */
  of(which: Which, name: string, contract: () => string): PairDiff | undefined {
    const own = this.#pairs.filter(one => one.name === name && one.which === which)
    return own.length === 0 ? undefined : own.find(one => one.contract === contract())?.pair
  }

  /** In which the words of this side about the contract count, too. */
  beside(which: Which, main: PairDiff): readonly PairDiff[] {
    return this.#beside.get(main)?.flatMap(one => (one.which === which ? [] : one.pair)) ?? NONE
  }

  all(): readonly (readonly [contract: string, pair: PairDiff, name: string])[] {
    return this.#pairs.map(({ contract, name, pair }) => [contract, pair, name])
  }
}

const NONE: readonly PairDiff[] = []

function isContinuous(name: string): boolean {
  return readSymbol(name).kind === 'continuous'
}

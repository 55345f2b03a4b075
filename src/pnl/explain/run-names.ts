import { spellingOf } from '../../instruments/index.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { RunLine } from './run-lines.ts'

/** Those that a wire has named stand on no line. */
const NO_ROOTS: ReadonlySet<string> = new Set()

/**
 * What an instrument is called at the end of a run. What was held under a bare name is its instrument's once that is
 * known, and the events before say the bare name still.
 */
export class RunNames {
  /** As the positions at the end have them. */
  readonly #final = new Set<string>()
  readonly #met = new Set<string>()
  readonly #words = new Map<string, string>()
  /** Of what a word has meant the first: what was held under it before stays there. */
  readonly #rolls = new Map<string, string>()
  #start: EpochMicros | undefined

  take(line: RunLine): void {
    switch (line.kind) {
      case 'event':
        this.#met.add(line.instrument)
        return
      case 'position':
        this.#final.add(line.instrument)
        return
      case 'identity':
        for (const word of line.words) this.#words.set(word, line.instrument)
        return
      case 'roll':
        if (!this.#rolls.has(line.word)) this.#rolls.set(line.word, line.from)
        return
      case 'summary':
        this.#start = line.start
        return
      default:
        return
    }
  }

  /** At the end. */
  get all(): readonly string[] {
    return [...this.#final]
  }

  isHeld(name: string): boolean {
    return this.#final.has(name)
  }

  /** From each name that is a position's no longer to the one that is. Where that cannot be told it is left out. */
  moves(): ReadonlyMap<string, string> {
    const gone = [...this.#met].filter(name => !this.#final.has(name))
    return new Map(gone.flatMap(name => this.#heirs(name).map(heir => [name, heir] as const)))
  }

  /** The instruments that a name means: by itself, by its spelling with or without an exchange, or as a word. */
  meaning(name: string): readonly string[] {
    const heirs = [this.#words.get(name), this.moves().get(name)]
    return [...this.#final].filter(
      instrument => instrument === name || heirs.includes(instrument) || this.#isSpelt(name, instrument),
    )
  }

  /** One or none. */
  #heirs(name: string): readonly string[] {
    const bySpelling = onlyOne([...this.#final].filter(full => this.#isSpelt(name, full)))
    return [...this.#saidOf(name, this.#rolls), ...this.#saidOf(name, this.#words), ...bySpelling]
      .filter(to => this.#final.has(to))
      .slice(0, 1)
  }

  /** What is said of the very name, or of the one word that is the same but for its spelling. */
  #saidOf(name: string, words: ReadonlyMap<string, string>): readonly string[] {
    const said = words.get(name)
    if (said !== undefined) return [said]
    return onlyOne([...words].flatMap(([word, is]) => (this.#isSpelt(name, word) ? [is] : [])))
  }

  /** `NQ1!` is `CME_MINI:NQ1!`, and `NQZ6` in a run of 2026 `CME_MINI:NQZ2026`. */
  #isSpelt(name: string, full: string): boolean {
    const facts = { date: this.#start, roots: NO_ROOTS }
    const [one, other] = [spellingOf(name, facts), spellingOf(full, facts)]
    return one.ticker === other.ticker && (one.exchange === undefined || one.exchange === other.exchange)
  }
}

/** Of two neither is meant for sure. */
function onlyOne(names: readonly string[]): readonly string[] {
  return new Set(names).size === 1 ? names.slice(0, 1) : []
}

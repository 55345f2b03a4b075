import { type EquationSource, isSameVoice, strengthOf } from './identity.ts'
import { type WirePlace, type WireSource, wireSource } from './wire-place.ts'

/** In the order in which they are believed. */
export const FACT_SOURCES = ['config', 'wire', 'table'] as const
export type FactSource = (typeof FACT_SOURCES)[number]

export const FACT_NAMES = ['pointValue', 'tickSize', 'currency'] as const
export type FactName = (typeof FACT_NAMES)[number]

/** Two sources that disagree about one value. */
export interface Contradiction {
  readonly instrument: string
  /** `contract`: what a word names. `front`: what a continuous symbol means at the time. */
  readonly value: FactName | 'contract' | 'front'
  /** Of the two, the one that is believed. */
  readonly kept: FactText
  readonly other: FactText
  /** What the table's own sources say about a tick on which they differ. */
  readonly note?: string
}

export interface FactText {
  readonly source: FactSource | WireSource | 'spelling'
  readonly text: string
  /** Where it was said: the tape's id and the entry. */
  readonly tape?: string
  readonly seq?: number
}

export function textOfWire(text: string, place: WirePlace | undefined): FactText {
  const source = wireSource(place)
  return place === undefined ? { source, text } : { source, text, tape: place.tape, seq: place.seq }
}

/** Contradictions, each once for its sources and texts, in the order of discovery. */
export class Contradictions {
  readonly #found = new Map<string, Contradiction>()

  note(found: Contradiction): void {
    const { instrument, value, kept, other } = found
    if (kept.text === other.text) return
    const key = `${instrument} ${value} ${kept.source} ${kept.text} ${other.source} ${other.text}`
    if (!this.#found.has(key)) this.#found.set(key, found)
  }

  /** Those of this instrument: under another name they are found anew. */
  forget(instrument: string): void {
    for (const [key, found] of this.#found) if (found.instrument === instrument) this.#found.delete(key)
  }

  /** A word that is one contract already is said to be another. */
  contract(instrument: string, kept: Meaning, other: Meaning): void {
    this.note({ instrument, value: 'contract', kept: textOf(kept), other: textOf(other) })
  }

  /** Whether a continuous word goes over to what is said anew: who speaks again has rolled it, others contradict. */
  isRolled(instrument: string, before: Meaning, after: Meaning): boolean {
    if (isSameVoice(before.source, after.source)) return true
    const isStronger = strengthOf(after.source) > strengthOf(before.source)
    const [kept, other] = isStronger ? [after, before] : [before, after]
    this.note({ instrument, value: 'front', kept: textOf(kept), other: textOf(other) })
    return isStronger
  }

  all(): readonly Contradiction[] {
    return [...this.#found.values()]
  }
}

/** What a word means, and by whom. */
export interface Meaning {
  readonly name: string
  readonly source: EquationSource
}

function textOf({ name, source }: Meaning): FactText {
  if (source.kind === 'wire') return textOfWire(name, source.place)
  return { source: source.kind === 'config' ? 'config' : 'spelling', text: name }
}

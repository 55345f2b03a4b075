import { type WirePlace, type WireSource, wireSource } from './wire-place.ts'

/** Why two words are one instrument. */
export type EquationSource =
  /** Two spellings: `NQZ6` on a recording of 2026 and `CME_MINI:NQZ2026`. */
  | { readonly kind: 'spelling' }
  /** A word without an exchange, and the one instrument that has this ticker. */
  | { readonly kind: 'ticker' }
  /** The user's `is`. */
  | { readonly kind: 'config' }
  /** `symbol` names what the facts are of, `front` and `isFront` the contract that a continuous word means. */
  | {
      readonly kind: 'wire'
      readonly says: 'symbol' | 'front' | 'isFront'
      readonly place: WirePlace | undefined
    }

export type WireSays = Extract<EquationSource, { kind: 'wire' }>['says']

/** Config before wire; and of a wire what it says of the very word before what it says of a product. */
export function strengthOf(source: EquationSource): number {
  if (source.kind === 'config') return 3
  if (source.kind !== 'wire') return 0
  return source.says === 'isFront' ? 1 : 2
}

/** Whether it is one feed that speaks again, and in the same way. */
export function isSameVoice(one: EquationSource, other: EquationSource): boolean {
  if (one.kind !== 'wire' || other.kind !== 'wire') return false
  return one.says === other.says && one.place?.feed === other.place?.feed
}

export interface Equation {
  readonly word: string
  readonly is: string
  readonly source: EquationSource
}

/** One market in all the words that were met for it. */
export interface Identity {
  /** The fullest of its words. */
  readonly name: string
  /** The others, each with what it was equated to; nearest to the name first. */
  readonly words: readonly Equation[]
}

/** A continuous word that meant one contract, and another from some place on. */
export interface Roll {
  readonly word: string
  readonly from: string
  /** The word itself where nobody says any longer what it means. */
  readonly to: string
  readonly source: EquationSource
}

/** Every word that is reached from `name`, by the equation that reaches it first. */
export function wordsFrom(name: string, equations: readonly Equation[]): readonly Equation[] {
  const reached = new Set([name])
  const words: Equation[] = []
  for (const is of reached) {
    for (const { word: one, is: other, source } of equations) {
      const word = one === is ? other : other === is ? one : undefined
      if (word === undefined || reached.has(word)) continue
      reached.add(word)
      words.push({ word, is, source })
    }
  }
  return words
}

/** A source as lines and reports show it: by whom, by which of its words, and where. */
export interface SourceText {
  readonly by: 'spelling' | 'ticker' | 'config' | WireSource
  readonly says?: WireSays
  readonly tape?: string
  readonly seq?: number
}

export function sourceTextOf(source: EquationSource): SourceText {
  if (source.kind !== 'wire') return { by: source.kind }
  const { place, says } = source
  const at = place === undefined ? {} : { tape: place.tape, seq: place.seq }
  return { by: wireSource(place), says, ...at }
}

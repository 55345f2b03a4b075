import type { EpochMicros } from '../model/time.ts'
import { contractYear } from './contract-year.ts'
import { CONTRACTS_BY_ROOT } from './contracts.ts'
import { exchangeOf, type InstrumentSymbol, MONTH_LETTERS, readSymbol } from './symbol.ts'

/** A word taken apart so that spellings of one thing give the same. */
export interface Spelling {
  readonly kind: 'decorated' | 'id' | InstrumentSymbol['kind']
  /** For roots of the table the exchange's own name (CME for CME_MINI), else as written; absent in a bare word. */
  readonly exchange?: string
  /** `NQZ2026` for every spelling of a contract, `NQ1!`, `JUNIPER`. */
  readonly ticker: string
  /** Of a continuous or dated one. */
  readonly root?: string
  /** 1 is the front; of a continuous one. */
  readonly position?: number
}

export interface SpellingFacts {
  /** Of the recording: it decides the decade of a one-digit year. */
  readonly date: EpochMicros | undefined
  /** Roots that a wire has called so, beside those of the table. */
  readonly roots: ReadonlySet<string>
}

/** Contract ids of venues that number their contracts. */
const ID = /^\d+$/

export function spellingOf(word: string, { date, roots }: SpellingFacts): Spelling {
  if (word.startsWith('=')) return { kind: 'decorated', ticker: word }
  if (ID.test(word)) return { kind: 'id', ticker: word }
  const read = readSymbol(word)
  const exchange = exchangeOf(read)
  const at = exchange === undefined ? {} : { exchange }
  if (read.kind === 'ticker') return { kind: 'ticker', ...at, ticker: read.ticker }
  const { root } = read
  if (read.kind === 'continuous') {
    const { position } = read
    return { kind: 'continuous', ...at, root, position, ticker: `${root}${position}!` }
  }
  // KLBN4 and KLBN34 may be two shares: a month and a year only where the root is known to be a future's.
  const year = CONTRACTS_BY_ROOT.has(root) || roots.has(root) ? contractYear(read.year, date) : undefined
  const letter = MONTH_LETTERS.charAt(read.month - 1)
  return { kind: 'dated', ...at, root, ticker: `${root}${letter}${year ?? read.year}` }
}

const KINDS: readonly Spelling['kind'][] = ['decorated', 'id', 'ticker', 'continuous', 'dated']

/** Which of two words says more, and then by code units: an order that no order of learning changes. */
export function isBetterName(word: string, than: string): boolean {
  const [one, other] = [merits(word), merits(than)]
  for (const [index, merit] of one.entries()) {
    const difference = merit - (other[index] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return word < than
}

function merits(word: string): readonly number[] {
  const { kind } = spellingOf(word, { date: undefined, roots: NO_ROOTS })
  const colon = kind === 'decorated' ? -1 : word.indexOf(':')
  return [KINDS.indexOf(kind), colon, kind === 'dated' ? word.length : 0]
}

const NO_ROOTS: ReadonlySet<string> = new Set()

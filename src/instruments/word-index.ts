import type { Spelling } from './spelling.ts'

/** A word that another is one with by its letters alone. */
export interface Match {
  readonly word: string
  readonly is: string
  readonly kind: 'spelling' | 'ticker'
}

interface Ticker {
  bare: string | undefined
  /** The first word of each exchange, in the order of first sight. */
  readonly full: Map<string, string>
}

/** Words by their spelling: the same one in other letters, and the full names that a bare one could mean. */
export class WordIndex {
  readonly #tickers = new Map<string, Ticker>()

  /** Takes a word in, and gives the one that it is, if there is one. */
  add(word: string, { ticker, exchange }: Spelling): Match | undefined {
    const known = this.#tickers.get(ticker) ?? { bare: undefined, full: new Map() }
    this.#tickers.set(ticker, known)
    return exchange === undefined ? addBare(known, word) : addFull(known, word, exchange)
  }

  bare(ticker: string): string | undefined {
    return this.#tickers.get(ticker)?.bare
  }

  full(ticker: string, exchange: string): string | undefined {
    return this.#tickers.get(ticker)?.full.get(exchange)
  }

  /** One of each exchange that has this ticker. */
  fulls(ticker: string): readonly string[] {
    return [...(this.#tickers.get(ticker)?.full.values() ?? [])]
  }
}

function addBare(known: Ticker, word: string): Match | undefined {
  if (known.bare === word) return undefined
  if (known.bare !== undefined) return { word, is: known.bare, kind: 'spelling' }
  known.bare = word
  const [first] = known.full.values()
  return first === undefined ? undefined : { word, is: first, kind: 'ticker' }
}

function addFull(known: Ticker, word: string, exchange: string): Match | undefined {
  const same = known.full.get(exchange)
  if (same === word) return undefined
  if (same !== undefined) return { word, is: same, kind: 'spelling' }
  known.full.set(exchange, word)
  if (known.bare === undefined || known.full.size > 1) return undefined
  return { word: known.bare, is: word, kind: 'ticker' }
}

import { FeedtapeError } from '../model/errors.ts'

/**
 * A position or the config may name an instrument without its exchange (`NQ1!`): it is the one instrument that
 * has this ticker. While none has come the name stands for itself; a second one makes it ambiguous.
 */
export class AliasBook {
  /** Bare names, and the instrument that each was found to be. */
  readonly #meaning = new Map<string, string | undefined>()
  readonly #bareOf = new Map<string, string>()
  readonly #onMeaning: (bare: string, instrument: string) => void
  /** Grows when a name finds its instrument. */
  revision = 0

  /** `names` are those that positions and config use. Throws `ambiguous` when they contradict each other. */
  constructor(names: Iterable<string>, onMeaning: (bare: string, instrument: string) => void) {
    this.#onMeaning = onMeaning
    const all = [...new Set(names)]
    for (const name of all) if (tickerOf(name) === name) this.#meaning.set(name, undefined)
    for (const name of all) this.see(name)
  }

  /** An instrument at first sight. Throws `ambiguous` when a bare name now has two meanings. */
  see(instrument: string): void {
    const ticker = tickerOf(instrument)
    if (ticker === instrument || !this.#meaning.has(ticker)) return
    const known = this.#meaning.get(ticker)
    if (known === instrument) return
    if (known !== undefined) throw ambiguous(ticker, known, instrument)
    this.#meaning.set(ticker, instrument)
    this.#bareOf.set(instrument, ticker)
    this.revision += 1
    this.#onMeaning(ticker, instrument)
  }

  /** The instrument that a name means as far as is known. */
  instrumentFor(name: string): string {
    return this.#meaning.get(name) ?? name
  }

  /** The bare name that stands for this instrument, if there is one. */
  bareNameOf(instrument: string): string | undefined {
    return this.#bareOf.get(instrument)
  }
}

/** `NQ1!` of `CME_MINI:NQ1!`; `={…}` names are no tickers and stand for themselves. */
function tickerOf(name: string): string {
  return name.startsWith('=') ? name : name.slice(name.indexOf(':') + 1)
}

function ambiguous(ticker: string, first: string, second: string): FeedtapeError {
  return new FeedtapeError('ambiguous', `the instrument ${ticker} has two meanings`, {
    where: 'the positions or the config',
    expected: 'a name that one instrument has',
    found: `${first} and ${second}`,
    next: 'write the exchange with it',
  })
}

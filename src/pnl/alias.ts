import { FeedtapeError } from '../model/errors.ts'

/**
 * A position may name an instrument without its exchange (`NQ1!`): it is the one instrument of the tape that
 * has this ticker. While none has come the name stands for itself; a second one makes it ambiguous.
 */
export class AliasBook {
  readonly #bare = new Map<string, string | undefined>()
  readonly #byQuote = new Map<string, string>()
  /** Grows when a name finds its instrument. */
  revision = 0

  /** A name that a position uses. */
  use(name: string): void {
    if (!name.includes(':') && !this.#bare.has(name)) this.#bare.set(name, undefined)
  }

  /** An instrument of the tape, at first sight. Throws `ambiguous` when a bare name now has two meanings. */
  see(instrument: string): void {
    const ticker = instrument.slice(instrument.indexOf(':') + 1)
    if (ticker === instrument || !this.#bare.has(ticker)) return
    const known = this.#bare.get(ticker)
    if (known === instrument) return
    if (known !== undefined) throw ambiguous(ticker, known, instrument)
    this.#bare.set(ticker, instrument)
    this.#byQuote.set(instrument, ticker)
    this.revision += 1
  }

  /** What positions call this instrument of the tape. */
  nameFor(instrument: string): string {
    return this.#byQuote.get(instrument) ?? instrument
  }

  /** The tape's instrument for a name that a position uses. */
  instrumentFor(name: string): string {
    return this.#bare.get(name) ?? name
  }
}

function ambiguous(ticker: string, first: string, second: string): FeedtapeError {
  return new FeedtapeError('ambiguous', `the instrument ${ticker} has two meanings on this tape`, {
    where: 'the positions file',
    expected: 'a name that one instrument has',
    found: `${first} and ${second}`,
    next: 'write the exchange with it',
  })
}

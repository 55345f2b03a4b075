import { identityOf } from './name.ts'

/**
 * Which names mean one instrument, as far as is known. A name without an exchange (`NQ1!`) is the one instrument
 * that has this ticker; while none has come it stands for itself, and with a second one it is ambiguous and goes
 * on to mean the first.
 */
export class Identities {
  /** Full names by ticker, in the order of first sight. */
  readonly #byTicker = new Map<string, string[]>()
  readonly #bare = new Set<string>()
  readonly #onFound: (bare: string, instrument: string) => void

  /** `onFound` is told once when a bare name that was in use turns out to be an instrument. */
  constructor(onFound: (bare: string, instrument: string) => void = () => {}) {
    this.#onFound = onFound
  }

  /** The instrument that a name means now. The name counts as seen. */
  canonical(name: string): string {
    const identity = identityOf(name)
    // A decorated name is neither bare nor full: it stands for itself.
    if (identity.startsWith('=')) return identity
    const colon = identity.indexOf(':')
    if (colon >= 0) {
      this.#see(identity, identity.slice(colon + 1))
      return identity
    }
    const meaning = this.#byTicker.get(identity)?.[0]
    if (meaning !== undefined) return meaning
    this.#bare.add(identity)
    return identity
  }

  /** The instruments that a bare name could mean, where they are several. */
  candidates(name: string): readonly string[] {
    const known = this.#byTicker.get(identityOf(name)) ?? []
    return known.length > 1 ? known : []
  }

  #see(instrument: string, ticker: string): void {
    const known = this.#byTicker.get(ticker)
    if (known !== undefined) {
      if (!known.includes(instrument)) known.push(instrument)
      return
    }
    this.#byTicker.set(ticker, [instrument])
    if (this.#bare.delete(ticker)) this.#onFound(ticker, instrument)
  }
}

import type { Standing } from '../../tape/entry.ts'
import { delayOfMode } from '../tradingview/update-mode.ts'
import type { ReadAnswer } from './read-answer.ts'

/** What a person should be told of the answers, each thing once. */
export interface Advice {
  onGood(read: ReadAnswer, flaw: string | undefined): readonly string[]
  /** Told again when it comes back after answers that were good. */
  onTrouble(text: string): readonly string[]
}

export function createAdvice(standing: Standing, market: string): Advice {
  const missing = new Set<string>()
  const modes = new Set<string>()
  const flaws = new Set<string>()
  const troubles = new Set<string>()

  function ofFlaw(flaw: string | undefined): readonly string[] {
    if (flaw === undefined || flaws.has(flaw)) return []
    flaws.add(flaw)
    return [`not all of the answer could be used: ${flaw}`]
  }

  function ofMissing(read: ReadAnswer): readonly string[] {
    const fresh = read.missing.filter(ticker => !missing.has(ticker))
    for (const ticker of fresh) missing.add(ticker)
    if (fresh.length === 0) return []
    return [
      `no row for ${listed(fresh)} in the market ${market}: the scanner leaves out what it does not know there; ` +
        'look at the exchange before the colon, or choose another market',
    ]
  }

  function ofModes(read: ReadAnswer): readonly string[] {
    const names = new Map<string, string[]>()
    for (const observation of read.observations) {
      const mode = observation.kind === 'quote' ? observation.fields.mode : undefined
      if (typeof mode !== 'string' || modes.has(mode) || delayOfMode(mode) === 0) continue
      names.set(mode, [...(names.get(mode) ?? []), observation.name])
    }
    return [...names].map(([mode, tickers]) => {
      modes.add(mode)
      return `${listed(tickers)}: ${mode}${declared(mode)}${WAYS_OUT[standing]}`
    })
  }

  return {
    onGood(read, flaw) {
      troubles.clear()
      return [...ofFlaw(flaw), ...ofMissing(read), ...ofModes(read)]
    },
    onTrouble(text) {
      if (troubles.has(text)) return []
      troubles.add(text)
      return [text]
    },
  }
}

function declared(mode: string): string {
  const delay = delayOfMode(mode)
  return delay === undefined ? ', not in real time' : ` declares a delay of ${delay} s`
}

const WAYS_OUT: Readonly<Record<Standing, string>> = {
  guest: '; the cookie of an account with real-time data lifts it',
  widget: '',
  login: '; the cookie did not lift it: it may be expired, or the account has no real-time data there',
}

const MOST_NAMES = 5

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMES
  const shown = names.slice(0, MOST_NAMES).join(', ')
  return more > 0 ? `${shown} and ${more} more` : shown
}

import { CONTRACTS_BY_ROOT, type Contract } from './contracts.ts'

/** What an instrument's plain name says by itself. Whether such a thing exists is for the table and the wire. */
export type InstrumentSymbol = TickerSymbol | ContinuousSymbol | DatedSymbol

interface ListedAt {
  /** The prefix before the colon, as written; absent in a bare name. */
  readonly exchange?: string
}

/** `NSE:JUNIPER`, `BINANCE:BTCUSDT`, `NYSE:ES`: no future, or none that its name gives away. */
export interface TickerSymbol extends ListedAt {
  readonly kind: 'ticker'
  readonly ticker: string
}

/** `CME_MINI:NQ1!`: the front contract, whichever that is; `NQ2!` is the one behind it. */
export interface ContinuousSymbol extends ListedAt {
  readonly kind: 'continuous'
  readonly root: string
  readonly position: number
}

/** `CME_MINI:NQZ2026`, `NQZ26`, `NQZ6`. */
export interface DatedSymbol extends ListedAt {
  readonly kind: 'dated'
  readonly root: string
  /** 1 … 12. */
  readonly month: number
  /** As written: one digit leaves the decade open, and a name alone cannot close it. */
  readonly year: string
}

/** January to December. */
export const MONTH_LETTERS = 'FGHJKMNQUVXZ'
/** One digit of position: a root may itself end in a digit (`CNX5001!` is the first CNX500). */
const CONTINUOUS = /^([A-Z0-9&_.]+)([1-9])!$/
const DATED = /^([A-Z0-9&_.]+)([FGHJKMNQUVXZ])(\d|\d\d|\d{4})$/

/** Reads a plain name. A TradingView `={…}` is unwrapped first (`decorationOf`). */
export function readSymbol(name: string): InstrumentSymbol {
  const colon = name.indexOf(':')
  const ticker = name.slice(colon + 1)
  const at: ListedAt = colon < 0 ? {} : { exchange: name.slice(0, colon) }
  const continuous = CONTINUOUS.exec(ticker)
  if (continuous !== null) {
    const [, root = '', position] = continuous
    return { kind: 'continuous', ...at, root, position: Number(position) }
  }
  const dated = DATED.exec(ticker)
  if (dated !== null) {
    const [, root = '', letter = '', year = ''] = dated
    return { kind: 'dated', ...at, root, month: MONTH_LETTERS.indexOf(letter) + 1, year }
  }
  return { kind: 'ticker', ...at, ticker }
}

/** TradingView's prefixes for the exchanges of the table, where they are not the exchange's own name. */
const EXCHANGES: ReadonlyMap<string, string> = new Map([
  ['CME_MINI', 'CME'],
  ['CBOT_MINI', 'CBOT'],
  ['NYMEX_MINI', 'NYMEX'],
  ['COMEX_MINI', 'COMEX'],
])

/** The exchange's own name where the root is of the table: CME_MINI and CME list one NQ. */
export function exchangeOf(symbol: InstrumentSymbol): string | undefined {
  const { exchange } = symbol
  if (exchange === undefined || symbol.kind === 'ticker' || !CONTRACTS_BY_ROOT.has(symbol.root))
    return exchange
  return EXCHANGES.get(exchange) ?? exchange
}

/**
 * The built-in contract that a plain name means. Roots match whole (`SIL` is not `SI`), another exchange's
 * contract of the same root is not ours (`ICEEUR:SI1!`), and no root has two rows, so a bare name is decided.
 */
export function contractOf(name: string): Contract | undefined {
  const read = readSymbol(name)
  if (read.kind === 'ticker') return undefined
  const contract = CONTRACTS_BY_ROOT.get(read.root)
  if (contract === undefined || read.exchange === undefined) return contract
  return exchangeOf(read) === contract.exchange ? contract : undefined
}

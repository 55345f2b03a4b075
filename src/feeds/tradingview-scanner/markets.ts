/**
 * The scanner's markets: those of tradingview.md section 2, and the countries that shner-elmo/TradingView-Screener
 * lists from the venue's own page (data/markets.json).
 */
const WORLDWIDE = [
  'global', 'bond', 'bonds', 'cfd', 'coin', 'crypto', 'economics2', 'forex', 'futures', 'options',
] as const // biome-ignore format: a list

const COUNTRIES = [
  'america', 'argentina', 'australia', 'austria', 'bahrain', 'bangladesh', 'belgium', 'brazil', 'canada', 'chile',
  'china', 'colombia', 'cyprus', 'czech', 'denmark', 'egypt', 'estonia', 'finland', 'france', 'germany', 'greece',
  'hongkong', 'hungary', 'iceland', 'india', 'indonesia', 'ireland', 'israel', 'italy', 'japan', 'kenya', 'korea',
  'ksa', 'kuwait', 'latvia', 'lithuania', 'luxembourg', 'malaysia', 'mexico', 'morocco', 'netherlands',
  'newzealand', 'nigeria', 'norway', 'pakistan', 'peru', 'philippines', 'poland', 'portugal', 'qatar', 'romania',
  'rsa', 'russia', 'serbia', 'singapore', 'slovakia', 'spain', 'srilanka', 'sweden', 'switzerland', 'taiwan',
  'thailand', 'tunisia', 'turkey', 'uae', 'uk', 'venezuela', 'vietnam',
] as const // biome-ignore format: a list

export const MARKETS: ReadonlySet<string> = new Set([...WORLDWIDE, ...COUNTRIES])
const STOCK_MARKETS: ReadonlySet<string> = new Set(COUNTRIES)

/** `NQ1!`, `ES2!`: a continuous future, whatever its exchange. */
const CONTINUOUS = /^[A-Z0-9_]+:[^:!]+\d!$/

/**
 * The market that is asked where none is chosen. Only what a name says for sure decides: a prefix such as NSE or
 * ICEUS is in several markets, and in the wrong one a ticker has no row (`/brazil/scan` leaves futures out).
 * `global` answers for shares, indexes, yields and futures alike.
 */
export function marketOf(tickers: readonly string[]): string {
  return tickers.length > 0 && tickers.every(ticker => CONTINUOUS.test(ticker)) ? 'futures' : 'global'
}

const PRICE = ['close', 'change', 'change_abs', 'volume', 'open', 'high', 'low', 'update_mode']
const BOOK = ['bid', 'ask']
const FACTS = ['description', 'type', 'exchange', 'currency', 'pricescale', 'minmov', 'fractional']

/** Bid and ask: listed by the venue itself (coin, options), by tradingview.md, or asked for by several clients. */
const BOOK_MARKETS: ReadonlySet<string> = new Set(['bond', 'bonds', 'coin', 'crypto', 'forex', 'options'])

/**
 * What is asked for where no columns are chosen: all that is read, as far as the market is known to have it, since
 * one unknown column makes the whole answer an error.
 */
export function columnsOf(market: string): readonly string[] {
  const isStocks = STOCK_MARKETS.has(market)
  const book = isStocks || BOOK_MARKETS.has(market) ? BOOK : []
  const state = isStocks || market === 'futures' ? ['current_session'] : []
  return [...PRICE, ...book, ...state, ...FACTS]
}

/** Its field list has neither (metainfo), and asked for them it answers `Unknown field "bid"` (tradingview.md 2). */
export function hasNoBook(market: string): boolean {
  return market === 'futures'
}

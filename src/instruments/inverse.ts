import { decorationOf } from './name.ts'
import { readSymbol } from './symbol.ts'

/**
 * Inverse contracts: worth a fixed sum of dollars, and paid in the coin, so that P&L is size × (1/entry − 1/price) in
 * that coin and (price − entry) × size of nothing. Any coin: venues list new ones every month.
 */
const COIN = '([A-Z0-9]{2,10}?)'
const MONTH = '[FGHJKMNQUVXZ](?:\\d\\d|\\d{4})'
/** BTCUSD.P, BTCUSDPERP, BTCUSD_PERP, BTCUSD_250328, BTCUSDH26. Behind `USDT` or `USDC` nothing of it stands. */
const ENDING = `(?:\\.P|_?PERP|[_-]?\\d{6}|${MONTH})`

const OF_DOLLARS = new RegExp(`^${COIN}USD${ENDING}$`)
/** Where a pair without an ending is the perpetual too. */
const OF_DOLLARS_OR_BARE = new RegExp(`^${COIN}USD${ENDING}?$`)

/** By the prefix of the name. The venues' own lists of instruments call these inverse, coin-margined or COIN-M. */
const KNOWN: ReadonlyMap<string, RegExp> = new Map([
  // XBTUSD, XBTUSD.P, XBTZ24. Its other coins in dollars are quantos, and linear in bitcoin.
  ['BITMEX', new RegExp(`^(?:(XBT|BTC)(?:USD|EUR)(?:\\.P|${MONTH})?|(XBT)(?:${MONTH})?)$`)],
  // "Inverse Perpetual: BTCUSD, ETHUSD; Inverse Futures: BTCUSDH23" (its page of enums).
  ['BYBIT', OF_DOLLARS_OR_BARE],
  // TradingView's BTCUSD.P and BTCUSDPERP, Binance's own BTCUSD_PERP and BTCUSD_241227. BTCUSD is spot.
  ['BINANCE', OF_DOLLARS],
  // Linear ones have an underscore: BTC_USDC-PERPETUAL.
  ['DERIBIT', new RegExp(`^(?:${COIN}USD(?:\\.P|PERP)|${COIN}-(?:PERPETUAL|\\d{1,2}[A-Z]{3}\\d\\d))$`)],
  ['OKX', new RegExp(`^(?:${COIN}USD${ENDING}|${COIN}-USD-(?:SWAP|\\d{6}))$`)],
])

/**
 * Venues with contracts of both kinds, of whose names nothing was seen that tells one from the other for sure. These are
 * taken for inverse: without a point value they have no P&L, and as linear they would have a wrong one.
 */
const BY_CAUTION: ReadonlyMap<string, RegExp> = new Map([
  ['BINGX', OF_DOLLARS],
  ['BITGET', new RegExp(`^${COIN}USD(?:${ENDING}|_DMCBL)$`)],
  ['COINEX', OF_DOLLARS],
  ['GATE', OF_DOLLARS],
  ['GATEIO', OF_DOLLARS],
  ['HTX', OF_DOLLARS],
  ['HUOBI', OF_DOLLARS],
  // Its PI is "perpetual inverse"; XBTUSD is spot.
  ['KRAKEN', new RegExp(`^(?:${COIN}USD\\.PI|[PF]I_${COIN}USD(?:_\\d{6})?)$`)],
  // XBTUSDM in dollars, XBTUSDTM in USDT.
  ['KUCOIN', new RegExp(`^(?:${COIN}USD${ENDING}|${COIN}USDM(?:\\.P)?)$`)],
  ['MEXC', OF_DOLLARS],
  ['OKEX', OF_DOLLARS],
  ['PHEMEX', OF_DOLLARS_OR_BARE],
])

/** Words that no linear contract has at any venue. `XBTUSD` alone is also Kraken's spot pair. */
const BARE = new RegExp(`^(?:${COIN}USD_(?:PERP|\\d{6})|${COIN}-PERPETUAL|${COIN}-USD-(?:SWAP|\\d{6}))$`)

/** Coins whose letters are also those of another with a stablecoin behind it: BNB in dollars, BN in BUSD. */
const COINS = new Set([
  ...['ARB', 'BNB', 'CKB', 'SHIB', '1000SHIB'],
  ...[
    'BTC',
    'XBT',
    'ETH',
    'XRP',
    'EOS',
    'SOL',
    'LTC',
    'ADA',
    'DOT',
    'LINK',
    'BCH',
    'DOGE',
    'TRX',
    'ETC',
    'FIL',
  ],
  ...['AVAX', 'UNI', 'MANA', 'XLM', 'NEAR', 'ATOM', 'MATIC', 'AAVE', 'AXS', 'SAND', 'SUI', 'TON'],
])
/** What BUSD, FDUSD, PYUSD and TUSD leave of themselves in front of `USD`. */
const STABLE_ENDS = ['FD', 'PY', 'B', 'T'] as const
/** What is worth a dollar, or is no coin: nothing is paid in it. */
const NO_COINS = new Set(['USDC', 'USDT', 'USDE', 'DAI', 'EUR', 'GBP', 'AUD', 'JPY', 'CHF', 'XAU', 'XAG'])

/** What it is paid in, where the name is that of an inverse contract. The config's `kind` has the last word. */
export function coinOfInverse(instrument: string, fullName: string | undefined): string | undefined {
  const symbol = decorationOf(instrument)?.symbol ?? instrument
  const word = readSymbol(symbol).exchange === undefined ? (fullName ?? symbol) : symbol
  const colon = word.indexOf(':')
  const venue = word.slice(0, colon)
  const pattern = colon < 0 ? BARE : (KNOWN.get(venue) ?? BY_CAUTION.get(venue))
  const match = pattern?.exec(word.slice(colon + 1))
  const coin = match?.slice(1).find(group => group !== undefined)
  if (coin === undefined || NO_COINS.has(coin) || isStablePair(coin)) return undefined
  return coin === 'XBT' ? 'BTC' : coin
}

/** `BTCB` of BTCBUSD. Many coins end in T (APT): of those only one that leaves a known coin is none. */
function isStablePair(coin: string): boolean {
  if (COINS.has(coin)) return false
  return STABLE_ENDS.some(end => coin.endsWith(end) && (end !== 'T' || COINS.has(coin.slice(0, -1))))
}

/** A wire's own word for its kind of contract: Bybit says `InversePerpetual`, OKX `inverse`. */
export function isInverseType(type: string | undefined): boolean {
  return type !== undefined && /inverse/i.test(type)
}

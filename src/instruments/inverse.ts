import { decorationOf } from './name.ts'
import { readSymbol } from './symbol.ts'

/**
 * Inverse contracts: worth a fixed sum of dollars, and paid in the coin, so that P&L is size × (1/entry − 1/price) in
 * that coin and (price − entry) × size of nothing. The coins are those that Binance (COIN-M) and Bybit list so; a
 * list, because `BTCBUSD` and `BNBUSD` cannot be told apart by their letters.
 */
const COIN =
  '(BTC|XBT|ETH|XRP|EOS|SOL|LTC|ADA|DOT|LINK|BCH|BNB|DOGE|TRX|ETC|FIL|AVAX|UNI|MANA|XLM|NEAR|ATOM|MATIC|AAVE|AXS|SAND)'
const MONTH = '[FGHJKMNQUVXZ](?:\\d\\d|\\d{4})'

/** By the prefix of the name. The venues' own lists of instruments call these inverse, coin-margined or COIN-M. */
const VENUES: ReadonlyMap<string, RegExp> = new Map([
  // XBTUSD, XBTUSD.P, XBTZ24. ETHUSD there is a quanto, and linear in bitcoin.
  ['BITMEX', new RegExp(`^(XBT)(?:USD|EUR)?(?:\\.P|${MONTH})?$`)],
  // "Inverse Perpetual: BTCUSD, ETHUSD; Inverse Futures: BTCUSDH23" (its page of enums).
  ['BYBIT', new RegExp(`^${COIN}USD(?:\\.P|${MONTH})?$`)],
  // TradingView's BTCUSD.P and BTCUSDPERP, Binance's own BTCUSD_PERP and BTCUSD_241227.
  ['BINANCE', new RegExp(`^${COIN}USD(?:\\.P|_?PERP|_\\d{6}|${MONTH})$`)],
  ['DERIBIT', /^(BTC|ETH)(?:USD(?:\.P|PERP)|-PERPETUAL|-\d{1,2}[A-Z]{3}\d\d)$/],
  ['OKX', new RegExp(`^${COIN}(?:USD(?:\\.P|${MONTH})|-USD-(?:SWAP|\\d{6}))$`)],
])

/** Words that no linear contract has at any venue. `XBTUSD` alone is also Kraken's spot pair. */
const BARE = new RegExp(`^(?:${COIN}USD_(?:PERP|\\d{6})|(BTC|ETH)-PERPETUAL|${COIN}-USD-SWAP)$`)

/** What it is paid in, where the name is that of a known inverse contract. */
export function coinOfInverse(instrument: string, fullName: string | undefined): string | undefined {
  const symbol = decorationOf(instrument)?.symbol ?? instrument
  const word = readSymbol(symbol).exchange === undefined ? (fullName ?? symbol) : symbol
  const colon = word.indexOf(':')
  const pattern = colon < 0 ? BARE : VENUES.get(word.slice(0, colon))
  const match = pattern?.exec(word.slice(colon + 1))
  const coin = match?.slice(1).find(group => group !== undefined)
  return coin === 'XBT' ? 'BTC' : coin
}

/** A wire's own word for its kind of contract: Bybit says `InversePerpetual`, OKX `inverse`. */
export function isInverseType(type: string | undefined): boolean {
  return type !== undefined && /inverse/i.test(type)
}

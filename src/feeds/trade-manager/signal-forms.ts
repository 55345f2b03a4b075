import type { SignalObservation, SignalPosition } from '../../model/account.ts'
import { type Decimal, decimalFromText, negate } from '../../model/decimal.ts'

/** What a line says; the rest of a signal is the line itself. */
export type SignalWords = Pick<SignalObservation, 'name' | 'action'> &
  Partial<Pick<SignalObservation, 'strategy' | 'timeframe' | 'side' | 'quantity' | 'price' | 'position'>>

export type Groups = Readonly<Record<string, string | undefined>>

const NUMBER = String.raw`\d{1,30}(?:\.\d{1,30})?`
const PRICE = `-?${NUMBER}`
/** Neither tickers nor timeframes have a blank: whatever a strategy calls itself, there is one reading. */
const HEAD = String.raw`Strategy: (?<strategy>.+), Ticker: (?<ticker>[^\s,]+), Timeframe: (?<timeframe>[^\s,]+)`
const TRADE = `(?<quantity>${NUMBER}) (?<side>BUY|SELL) at (?<price>${PRICE})`

/** `[RECORDER] OPEN — Strategy: ROG-15SV, Ticker: NQ1!, Timeframe: 15 — 1 BUY at 24958.5` (transcribed). */
const OPEN = new RegExp(String.raw`^\[RECORDER\] OPEN — ${HEAD} — ${TRADE}$`, 'u')
/** `[RECORDER] ADD — Strategy: DCA-MYM, Ticker: MYM1!, Timeframe: 15s — Position: 3 BUY at 47430.33` (real). */
const ADD = new RegExp(String.raw`^\[RECORDER\] ADD — ${HEAD} — Position: ${TRADE}$`, 'u')
/** `...Closed at 24959.0`: all that is public of a close. */
const CLOSED = new RegExp(String.raw`(?<![\p{L}\p{N}])Closed at (?<price>${PRICE})(?=$|[\s;]|,(?!\d))`, 'u')
const ONLY_CLOSED = new RegExp(String.raw`^[.…\s]{0,9}Closed at ${PRICE}$`, 'u')

/** By the built-in forms; `undefined` for a line of another. */
export function knownSignal(bare: string): SignalWords | undefined {
  const open = OPEN.exec(bare)
  if (open?.groups !== undefined) return signalOf('open', open.groups, false)
  const add = ADD.exec(bare)
  if (add?.groups !== undefined) return signalOf('add', add.groups, true)
  const closed = CLOSED.exec(bare)
  return closed?.groups === undefined ? undefined : signalOf('close', closed.groups, false)
}

/** Whether no more of a close stands there than its fragment: there is no ticker to be found in it. */
export function isFragment(bare: string): boolean {
  return ONLY_CLOSED.test(bare)
}

/**
 * What named groups say. `sets`: quantity and price are the position behind the signal, at its rounded average.
 * `undefined` where a group holds what cannot be read as what it should be.
 */
export function signalOf(
  action: SignalObservation['action'],
  groups: Groups,
  sets: boolean,
): SignalWords | undefined {
  const side = sideOf(groups['side'])
  const quantity = decimalOf(groups['quantity'])
  const price = decimalOf(groups['price'])
  if (side === null || quantity === null || price === null) return undefined
  const { strategy, timeframe, ticker = '' } = groups
  const head = {
    name: ticker,
    action,
    ...(strategy === undefined ? {} : { strategy }),
    ...(timeframe === undefined ? {} : { timeframe }),
    ...(side === undefined ? {} : { side }),
  }
  if (sets) {
    const position = positionOf(side, quantity, price)
    return position === undefined ? undefined : { ...head, position }
  }
  return {
    ...head,
    ...(quantity === undefined ? {} : { quantity }),
    ...(price === undefined ? {} : { price }),
  }
}

function positionOf(
  side: 'buy' | 'sell' | undefined,
  quantity: Decimal | undefined,
  averagePrice: Decimal | undefined,
): SignalPosition | undefined {
  if (side === undefined || quantity === undefined || averagePrice === undefined) return undefined
  return { quantity: side === 'buy' ? quantity : negate(quantity), averagePrice, isRounded: true }
}

/** `undefined` where nothing is said, `null` where it is no side. */
function sideOf(word: string | undefined): 'buy' | 'sell' | null | undefined {
  if (word === undefined) return undefined
  if (/^(?:buy|long)$/i.test(word)) return 'buy'
  return /^(?:sell|short)$/i.test(word) ? 'sell' : null
}

/** `24959.0`, `24,959.0`. */
function decimalOf(word: string | undefined): Decimal | null | undefined {
  if (word === undefined) return undefined
  const plain = /^-?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(word) ? word.replaceAll(',', '') : word
  return decimalFromText(plain) ?? null
}

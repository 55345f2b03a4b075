import {
  absolute,
  add,
  compare,
  type Decimal,
  decimalEquals,
  decimalSign,
  minimum,
  negate,
} from '../../model/decimal.ts'
import type { PositionChange } from '../position.ts'
import { changeOf } from './signal-exact.ts'
import {
  CHANGED,
  CHANGED_IN_DOUBT,
  count,
  endUnsaid,
  fill,
  holdUnpriced,
  incomplete,
  isPriceUnknown,
  NOT_KNOWN,
  type Outcome,
  remarked,
  SAID_AGAIN,
  SET,
  type SignalRoom,
  type Turn,
} from './signal-turn.ts'

/**
 * Opens from flat. Where something is open in its key, that one's end was not said (the log's CLOSE lines are known in
 * part only): what the signal says is held now, on whichever side, and the one before ended at a price that nobody knows.
 */
export function open(room: SignalRoom, turn: Turn): Outcome {
  const change = changeOf(turn.word)
  if (change === undefined) return incomplete(room, turn)
  if (isHeldAlready(room, turn, change)) {
    remarked(room, turn, 'repeated')
    return SAID_AGAIN
  }
  const isOpen = decimalSign(turn.held) !== 0
  if (isOpen) {
    remarked(room, turn, 'opensOnOpen')
    endUnsaid(room, turn)
  }
  fill(room, isOpen ? afterItsEnd(turn) : turn, change)
  count(room, turn, signedOf(change))
  return { ...SET, deal: change }
}

/** Adds a size at a price to what is open, on its side. */
export function addTo(room: SignalRoom, turn: Turn): Outcome {
  const { word, held } = turn
  const side = word.side ?? sideOf(held)
  const change = changeOf({ ...word, ...(side === undefined ? {} : { side }) })
  if (change === undefined) return incomplete(room, turn)
  const isOnItsSide = side === sideOf(held)
  if (!isOnItsSide) contradicted(room, turn, change)
  // What stands on the other side, or was open before the first word, is not known.
  if (!isOnItsSide && decimalSign(held) !== 0) return NOT_KNOWN
  count(room, turn, add(held, signedOf(change)))
  return deal(room, turn, change, isOnItsSide ? CHANGED : CHANGED_IN_DOUBT)
}

/** Closes what its key holds, all of it unless it says how much; never more. */
export function close(room: SignalRoom, turn: Turn): Outcome {
  const { word, held } = turn
  const { price, quantity } = word
  const side = sideOf(held)
  if (side === undefined) {
    remarked(room, turn, 'closesOfNothing')
    return SAID_AGAIN
  }
  if (price === undefined || (quantity !== undefined && decimalSign(quantity) <= 0)) {
    return incomplete(room, turn)
  }
  const open = absolute(held)
  const closed = quantity === undefined ? open : minimum(quantity, open)
  const change = { side: opposite(side), quantity: closed, price } as const
  if (quantity !== undefined && compare(quantity, open) > 0) contradicted(room, turn, { ...change, quantity })
  const after = add(held, signedOf(change))
  count(room, turn, after)
  return deal(room, turn, change, decimalSign(after) === 0 ? SET : CHANGED)
}

/** An order that was done: it opens, adds, closes, or turns the position round. */
export function trade(room: SignalRoom, turn: Turn): Outcome {
  const change = changeOf(turn.word)
  if (change === undefined) return incomplete(room, turn)
  count(room, turn, add(turn.held, signedOf(change)))
  return deal(room, turn, change, CHANGED)
}

/** Applies an order at its price. What it closes of a position at a price that nobody knows made nobody knows what. */
export function deal(room: SignalRoom, turn: Turn, change: PositionChange, outcome: Outcome): Outcome {
  const { held } = turn
  const signed = signedOf(change)
  const after = add(held, signed)
  const isUnpriced = isPriceUnknown(room, turn)
  if (!isUnpriced || decimalSign(held) === decimalSign(signed)) {
    fill(room, turn, change)
    if (isUnpriced) holdUnpriced(room, turn, after)
    return { ...outcome, deal: change }
  }
  if (decimalSign(after) === decimalSign(signed)) {
    endUnsaid(room, turn)
    fill(room, afterItsEnd(turn), { ...change, quantity: absolute(after) })
  } else holdUnpriced(room, turn, after)
  return CHANGED_IN_DOUBT
}

export function signedOf({ side, quantity }: Pick<PositionChange, 'side' | 'quantity'>): Decimal {
  return side === 'buy' ? quantity : negate(quantity)
}

/** The key, where it holds nothing any more. */
export function afterItsEnd(turn: Turn): Turn {
  return { ...turn, held: { mantissa: 0, scale: 0 } }
}

/** The order that makes a position of this sign. */
export function sideOf(held: Decimal): 'buy' | 'sell' | undefined {
  const sign = decimalSign(held)
  return sign === 0 ? undefined : sign > 0 ? 'buy' : 'sell'
}

function opposite(side: 'buy' | 'sell'): 'buy' | 'sell' {
  return side === 'buy' ? 'sell' : 'buy'
}

function isHeldAlready({ ledger }: SignalRoom, { key, held }: Turn, change: PositionChange): boolean {
  const average = ledger.position(key)?.average
  return (
    average !== undefined && decimalEquals(held, signedOf(change)) && decimalEquals(average, change.price)
  )
}

/** The signal supposes another position than the signals before it made. */
function contradicted({ counts, ledger }: SignalRoom, turn: Turn, change: PositionChange): void {
  const { origin, instrument, label, key, held } = turn
  counts.contradict({
    ...origin,
    instrument,
    label,
    said: { quantity: signedOf(change), average: change.price },
    made: { quantity: held, average: ledger.position(key)?.average },
  })
}

import {
  absolute,
  add,
  compare,
  type Decimal,
  decimalEquals,
  decimalSign,
  negate,
  subtract,
} from '../../model/decimal.ts'
import { averagePrice, type Position, type PositionChange } from '../position.ts'
import { changeOf, isRoundingOf, madeBy } from './signal-exact.ts'
import { afterItsEnd, deal, sideOf, signedOf } from './signal-rules.ts'
import {
  CHANGED_IN_DOUBT,
  count,
  endUnsaid,
  exactBefore,
  holdUnpriced,
  incomplete,
  type Outcome,
  remarked,
  SAID_AGAIN,
  SET,
  type SignalRoom,
  type Turn,
} from './signal-turn.ts'
import type { PositionAfter } from './signal-word.ts'

/** What is held now by the signal's word, size and average: it holds, also where other words make something else. */
export function set(room: SignalRoom, turn: Turn, position: PositionAfter, average: Decimal): Outcome {
  const { word, instrument, label, key, held, at, origin } = turn
  const { quantity, isRounded = false } = position
  const isFlat = decimalSign(quantity) === 0
  const before = room.ledger.position(key)?.average
  const made = madeBy(exactBefore(room, turn), word)
  if (made === undefined && !isFlat && isSame(held, before, quantity, average)) {
    remarked(room, turn, 'repeated')
    return SAID_AGAIN
  }
  const order = word.action === 'trade' ? changeBy(turn, orderOf(turn, quantity)) : changeOf(word)
  const size = order === undefined ? undefined : add(held, signedOf(order))
  const isOdd = made === undefined ? isOddSize(turn, quantity, size) : !isRoundingOf(position, made)
  if (isOdd) {
    const then = made === undefined ? { quantity: held, average: before } : sizeOf(made)
    room.counts.contradict({ ...origin, instrument, label, said: { quantity, average }, made: then })
  }
  const outcome = endOf(room, turn, order, quantity)
  const { place } = origin
  const stated = {
    quantity,
    averagePrice: isFlat ? undefined : average,
    average: isRounded ? ('rounded' as const) : ('stated' as const),
    ...(place === undefined ? {} : { place }),
  }
  room.ledger.state(instrument, stated, at, label)
  room.exact.set(instrument, label, isOdd ? undefined : made)
  if (isRounded && !isFlat) room.counts.rounded += 1
  count(room, turn, quantity)
  return outcome
}

/** What it does not hold any more was closed by its order, at that price; what else has ended, where nobody said. */
function endOf(room: SignalRoom, turn: Turn, order: PositionChange | undefined, quantity: Decimal): Outcome {
  const { held } = turn
  const size = order === undefined ? held : add(held, signedOf(order))
  if (isLess(quantity, size)) return CHANGED_IN_DOUBT
  const isClosing = order !== undefined && decimalEquals(quantity, size) && isLess(size, held)
  return isClosing ? deal(room, turn, order, SET) : SET
}

/**
 * How much is held now by the signal's word, after its order. Where the signals before it make another size, the word
 * holds as far as its price goes: flat, or all that its order opened.
 */
export function reach(room: SignalRoom, turn: Turn, after: Decimal): Outcome {
  const { word, held, origin, instrument, label } = turn
  const { price } = word
  const order = orderOf(turn, after)
  if (decimalSign(order) === 0) {
    remarked(room, turn, 'repeated')
    return SAID_AGAIN
  }
  if (price === undefined) return incomplete(room, turn)
  if (decimalSign(after) === 0 && decimalSign(held) === 0) {
    remarked(room, turn, 'closesOfNothing')
    return SAID_AGAIN
  }
  const made = add(held, order)
  count(room, turn, after)
  if (decimalEquals(made, after)) return fillSigned(room, turn, order, price, SET)
  const exact = madeBy(exactBefore(room, turn), word)
  const average = exact === undefined ? undefined : averagePrice(exact)
  const said = { quantity: after, average: undefined }
  room.counts.contradict({ ...origin, instrument, label, said, made: { quantity: made, average } })
  if (decimalSign(after) === 0) return flatten(room, turn, order, price)
  // What the order met was nothing, or the other side: all that is held now was opened by it.
  if (decimalSign(subtract(after, order)) * decimalSign(after) <= 0) {
    if (decimalSign(held) !== 0) endUnsaid(room, turn)
    return fillSigned(room, afterItsEnd(turn), after, price, SET)
  }
  if (decimalSign(made) === decimalSign(after)) return fillSigned(room, turn, order, price, CHANGED_IN_DOUBT)
  holdUnpriced(room, turn, after)
  return CHANGED_IN_DOUBT
}

/** All is closed at the order's price, unless the order goes the other way: then it closed what nobody heard of. */
function flatten(room: SignalRoom, turn: Turn, order: Decimal, price: Decimal): Outcome {
  const { held } = turn
  if (decimalSign(order) !== decimalSign(held)) return fillSigned(room, turn, negate(held), price, SET)
  endUnsaid(room, turn)
  return CHANGED_IN_DOUBT
}

/** What was bought, below zero sold: as it is said, else what leads from what is held to what is said. */
function orderOf({ word, held }: Turn, after: Decimal): Decimal {
  const { side, quantity } = word
  if (side === undefined || quantity === undefined) return subtract(after, held)
  return signedOf({ side, quantity })
}

function fillSigned(room: SignalRoom, turn: Turn, order: Decimal, price: Decimal, outcome: Outcome): Outcome {
  const change = changeBy({ ...turn, word: { ...turn.word, price } }, order)
  return change === undefined ? outcome : deal(room, turn, change, outcome)
}

function changeBy({ word }: Turn, order: Decimal): PositionChange | undefined {
  const side = sideOf(order)
  return changeOf({ ...word, ...(side === undefined ? {} : { side }), quantity: absolute(order) })
}

/** Another size than its own order makes, or an ADD to what is open that leaves no more of it. */
function isOddSize({ word, held }: Turn, quantity: Decimal, size: Decimal | undefined): boolean {
  if (size !== undefined) return !decimalEquals(size, quantity)
  if (word.action !== 'add' || decimalSign(held) === 0) return false
  return isLess(quantity, held) || compare(absolute(quantity), absolute(held)) === 0
}

/** Some of what was held, or all of it, has ended. */
function isLess(quantity: Decimal, held: Decimal): boolean {
  if (decimalSign(held) === 0) return false
  return decimalSign(held) !== decimalSign(quantity) || compare(absolute(quantity), absolute(held)) < 0
}

function isSame(held: Decimal, before: Decimal | undefined, quantity: Decimal, average: Decimal): boolean {
  return before !== undefined && decimalEquals(held, quantity) && decimalEquals(before, average)
}

function sizeOf(position: Position) {
  return { quantity: position.quantity, average: averagePrice(position) }
}

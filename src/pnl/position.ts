import {
  absolute,
  add,
  compare,
  type Decimal,
  decimalSign,
  multiply,
  multiplyDivide,
  negate,
  ONE,
  subtract,
  ZERO,
} from '../model/decimal.ts'

const COST_DIGITS = 12
const AVERAGE_DIGITS = 10

/**
 * What is held, in price × quantity units: times the point value it is money, exactly. So nothing is lost while
 * the point value is not known yet.
 */
export interface Position {
  /** Above zero is long. */
  readonly quantity: Decimal
  /** Σ signed quantity × price of what is open: of the same sign as the quantity where prices are positive. */
  readonly openCost: Decimal
  readonly realized: Decimal
  /** In money. */
  readonly fees: Decimal
  /** Held, and nobody has said at what price. */
  readonly isCostUnknown?: true | undefined
  /** What its source says of it instead of `realized`. */
  readonly realizedWord?: Decimal | 'unknown'
}

export const FLAT: Position = { quantity: ZERO, openCost: ZERO, realized: ZERO, fees: ZERO }

export interface PositionChange {
  readonly side: 'buy' | 'sell'
  /** Above zero. */
  readonly quantity: Decimal
  readonly price: Decimal
  readonly fee?: Decimal
}

/**
 * The position after a fill, by `average`: a reduction takes openCost × closed ÷ quantity, rounded half to even at
 * 10^−12, or at the cost's own last digit where that is finer, and the rest stays; closing everything takes all of it,
 * so that at flat nothing is left. A fill beyond flat closes everything and opens the remainder at its price.
 */
export function applyFill(position: Position, fill: PositionChange): Position {
  const { quantity: held, openCost } = position
  const signed = fill.side === 'buy' ? fill.quantity : negate(fill.quantity)
  const quantity = add(held, signed)
  const fees = fill.fee === undefined ? position.fees : add(position.fees, fill.fee)
  if (decimalSign(held) * decimalSign(signed) >= 0) {
    return { ...position, quantity, openCost: add(openCost, multiply(signed, fill.price)), fees }
  }
  const isPartial = compare(fill.quantity, absolute(held)) < 0
  const closed = isPartial ? negate(signed) : held
  // Of a cost that is finer than that, a share of dust would be none.
  const digits = Math.max(COST_DIGITS, openCost.scale)
  const cost = isPartial ? multiplyDivide(openCost, closed, held, digits) : openCost
  return {
    quantity,
    openCost: isPartial ? subtract(openCost, cost) : multiply(quantity, fill.price),
    realized: add(position.realized, subtract(multiply(closed, fill.price), cost)),
    fees,
  }
}

/** What a position is by somebody's word: its cost is that of its average. What the word leaves out stays. */
export function heldAs({ quantity, averagePrice, realized }: Held): Omit<Position, 'realized' | 'fees'> {
  const isCostUnknown = averagePrice === undefined && decimalSign(quantity) !== 0 ? true : undefined
  return {
    quantity,
    openCost: multiply(quantity, averagePrice ?? ZERO),
    isCostUnknown,
    ...(realized === undefined ? {} : { realizedWord: realized }),
  }
}

/** `undefined` where the source's word is that it is not known. */
export function realizedOf({ realized, realizedWord }: Position): Decimal | undefined {
  return realizedWord === 'unknown' ? undefined : (realizedWord ?? realized)
}

interface Held {
  readonly quantity: Decimal
  readonly averagePrice: Decimal | undefined
  readonly realized?: Decimal | 'unknown'
}

/** What the open quantity would bring at this price, beyond its cost. */
export function unrealizedAt(position: Position, price: Decimal): Decimal {
  return subtract(multiply(position.quantity, price), position.openCost)
}

/** For display only, at 10 digits after the point: nothing is computed from it. `undefined` at flat. */
export function averagePrice({ quantity, openCost, isCostUnknown }: Position): Decimal | undefined {
  return decimalSign(quantity) === 0 || isCostUnknown
    ? undefined
    : multiplyDivide(openCost, ONE, quantity, AVERAGE_DIGITS)
}

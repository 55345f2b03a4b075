import {
  compare,
  type Decimal,
  decimalFromText,
  decimalSign,
  multiply,
  multiplyDivide,
  ONE,
} from '../model/decimal.ts'
import type { InstrumentFacts } from '../model/observation.ts'
import { decorationOf } from './name.ts'
import { contractOf, readSymbol } from './symbol.ts'

/** What one source says about one instrument; absent is silence. */
export interface Say {
  readonly pointValue?: Decimal | undefined
  readonly tickSize?: Decimal | undefined
  readonly currency?: string | undefined
  /** What is disputed about the tick. */
  readonly note?: string | undefined
}

/** The finest tick that is met is 2^−8 of a point; no price scale needs more digits than this. */
const TICK_DIGITS = 40

export function sayOfWire(facts: InstrumentFacts): Say {
  return {
    pointValue: positive(facts.pointValue) ?? pointValueOfTick(facts) ?? spotPointValue(facts),
    tickSize: tickOf(facts),
    // TradingView sends an empty currency for what has none, such as an index.
    currency: facts.currency === '' ? undefined : facts.currency,
  }
}

/**
 * A spot pair is worth 1 a point in its quote currency. Only where the wire's own word is `spot`: `forex` and
 * the older `bitcoin` and `crypto` also stand on lot-sized, inverse and leveraged things, where 1 is wrong.
 */
function spotPointValue(facts: InstrumentFacts): Decimal | undefined {
  return facts.type === 'spot' ? ONE : undefined
}

/** What a tick is worth ÷ the tick: what a point is worth. */
function pointValueOfTick(facts: InstrumentFacts): Decimal | undefined {
  return quotient(positive(facts.tickValue), tickOf(facts))
}

/** As written out, or minMove ÷ priceScale; none where the tick depends on the price. */
function tickOf(facts: InstrumentFacts): Decimal | undefined {
  const steps = (facts.variableTickSize ?? '').trim().split(/\s+/).length
  if (steps > 1) return undefined
  return positive(facts.tickSize) ?? quotient(positive(facts.minMove), positive(facts.priceScale))
}

/** Where it is one finite decimal. */
function quotient(value: Decimal | undefined, by: Decimal | undefined): Decimal | undefined {
  if (value === undefined || by === undefined) return undefined
  const result = multiplyDivide(value, ONE, by, TICK_DIGITS)
  return compare(multiply(result, by), value) === 0 ? result : undefined
}

/** A zero or negative value of a contract or a tick says nothing. */
function positive(value: Decimal | undefined): Decimal | undefined {
  return value !== undefined && decimalSign(value) > 0 ? value : undefined
}

/**
 * The built-in table's say. A bare name is looked up as the venue's full name for it, where the wire has told
 * that, so that another exchange's `SI1!` does not get COMEX's value. The table speaks of prices in the
 * contract's own currency and is silent about anything else.
 */
export function sayOfTable(instrument: string, fullName: string | undefined): Say {
  const decoration = decorationOf(instrument)
  if (decoration === undefined || (decoration.metric ?? 'price') !== 'price') return {}
  const isBare = readSymbol(decoration.symbol).exchange === undefined
  const contract = contractOf(isBare ? (fullName ?? decoration.symbol) : decoration.symbol)
  if (contract === undefined || (decoration.currency ?? contract.currency) !== contract.currency) return {}
  return {
    pointValue: decimalFromText(contract.pointValue),
    tickSize: decimalFromText(contract.tickSize),
    currency: contract.currency,
    note: contract.note,
  }
}

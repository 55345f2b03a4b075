import { compare, type Decimal, decimalSign, multiply, multiplyDivide, ONE } from '../../model/decimal.ts'
import type { InstrumentFacts, Observation } from '../../model/observation.ts'
import type { QuoteFields, WireFields } from '../../model/quote.ts'
import { type NumberReader, priceFromText } from '../numbers.ts'
import { isRecord, type ReadBody } from './message.ts'

/**
 * `{"ticker": "ES1!", "prices": {"ask": 6723.25, "bid": 6723.0}, "tickinfo": {"step": 0.25, "amnt": 12.5}}`:
 * `step` is the tick, `amnt` what it is worth, as the page's own P&L has it ((bid − Open_Price) / step · amnt).
 */
export function readData(data: unknown, numbers: NumberReader, wire: WireFields | undefined): ReadBody {
  if (!isRecord(data)) return { observations: [], problems: ['data is no object'] }
  const { ticker: name, prices, tickinfo } = data
  if (typeof name !== 'string' || name === '') return { observations: [], problems: ['ticker is no name'] }
  const problems: string[] = []
  const observations: Observation[] = []
  const facts = readFacts(name, recordIn(tickinfo, 'tickinfo', problems), numbers, problems)
  if (facts !== undefined) observations.push(facts)
  const fields = readPrices(recordIn(prices, 'prices', problems), numbers, problems)
  if (Object.keys(fields).length > 0 || wire !== undefined) {
    const kept = wire === undefined ? {} : { wire }
    observations.push({ kind: 'quote', session: '', name, fields, ...kept })
  }
  return { observations, problems }
}

function readPrices(prices: WireFields, numbers: NumberReader, problems: string[]): QuoteFields {
  const bid = decimalIn(prices, 'bid', numbers, problems)
  const ask = decimalIn(prices, 'ask', numbers, problems)
  return { ...(bid === undefined ? {} : { bid }), ...(ask === undefined ? {} : { ask }) }
}

function readFacts(
  name: string,
  tickinfo: WireFields,
  numbers: NumberReader,
  problems: string[],
): InstrumentFacts | undefined {
  const tickSize = decimalIn(tickinfo, 'step', numbers, problems) ?? undefined
  const tickValue = decimalIn(tickinfo, 'amnt', numbers, problems) ?? undefined
  if (tickSize === undefined && tickValue === undefined) return undefined
  const pointValue = pointValueOf(tickSize, tickValue)
  return {
    kind: 'instrument',
    session: '',
    name,
    ...(pointValue === undefined ? {} : { pointValue }),
    ...(tickSize === undefined ? {} : { tickSize }),
    ...(tickValue === undefined ? {} : { tickValue }),
  }
}

/** No contract's point value needs more digits; a quotient that does is no finite decimal. */
const DIGITS = 40

/** amnt ÷ step where that is one finite decimal above zero. */
export function pointValueOf(step: Decimal | undefined, amnt: Decimal | undefined): Decimal | undefined {
  if (step === undefined || amnt === undefined) return undefined
  if (decimalSign(step) <= 0 || decimalSign(amnt) <= 0) return undefined
  // 12.5 ÷ 0.25 is 1250 ÷ 25: nearly every contract has a whole point value, and each DATA asks for it.
  const [above, below] = [Number(amnt.mantissa) * 10 ** step.scale, Number(step.mantissa) * 10 ** amnt.scale]
  if (above <= Number.MAX_SAFE_INTEGER && below <= Number.MAX_SAFE_INTEGER && above % below === 0) {
    return { mantissa: above / below, scale: 0 }
  }
  const value = multiplyDivide(amnt, ONE, step, DIGITS)
  return compare(multiply(value, step), amnt) === 0 ? value : undefined
}

/** As a number or, for the page's arithmetic takes either, in a string; absent is unchanged and null is none now. */
function decimalIn(
  from: WireFields,
  key: string,
  numbers: NumberReader,
  problems: string[],
): Decimal | null | undefined {
  const raw = Object.hasOwn(from, key) ? from[key] : undefined
  if (raw === undefined) return undefined
  const value = typeof raw === 'string' ? priceFromText(raw) : numbers.decimal(raw)
  if (value === undefined) problems.push(`${key} is no number`)
  return value
}

function recordIn(value: unknown, key: string, problems: string[]): WireFields {
  if (isRecord(value)) return value
  if (value !== undefined) problems.push(`${key} is no object`)
  return {}
}

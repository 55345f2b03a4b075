import { compare, type Decimal, decimalSign, multiply, multiplyDivide, ONE } from '../../model/decimal.ts'
import type { InstrumentFacts } from '../../model/observation.ts'
import type { Market } from '../feed.ts'
import { dataText } from './encode.ts'
import { pointValueOf } from './read-data.ts'

/** DATA as the venue sends it for an instrument: always both prices, null where there is none. */
export function marketText(name: string, market: Market): string {
  const { bid = null, ask = null } = market.quote(name) ?? {}
  const ticker = tickerOf(name)
  const tick = tickOf(ticker, market.facts(name))
  const quote = { fields: { bid, ask } }
  return (
    dataText(ticker, quote, tick) ??
    dataText(ticker, quote, undefined) ??
    dataText(ticker, NO_PRICES, undefined) ??
    ''
  )
}

const NO_PRICES = { fields: { bid: null, ask: null } }

/** `NQ1!`: no ticker of this wire names an exchange. */
function tickerOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1) || name
}

function tickOf(ticker: string, facts: InstrumentFacts | undefined): InstrumentFacts | undefined {
  const step = facts?.tickSize ?? stepOf(facts)
  if (step === undefined || decimalSign(step) <= 0) return undefined
  const amnt =
    facts?.tickValue ?? (facts?.pointValue === undefined ? undefined : multiply(step, facts.pointValue))
  const pointValue = pointValueOf(step, amnt)
  return {
    kind: 'instrument',
    session: '',
    name: ticker,
    tickSize: step,
    ...(amnt === undefined ? {} : { tickValue: amnt }),
    ...(pointValue === undefined ? {} : { pointValue }),
  }
}

/** minMove ÷ priceScale where that is one finite decimal. */
function stepOf(facts: InstrumentFacts | undefined): Decimal | undefined {
  const { minMove, priceScale } = facts ?? {}
  if (minMove === undefined || priceScale === undefined || decimalSign(priceScale) <= 0) return undefined
  const step = multiplyDivide(minMove, ONE, priceScale, 40)
  return compare(multiply(step, priceScale), minMove) === 0 ? step : undefined
}

import type { Decimal } from '../../model/decimal.ts'
import type {
  BarObservation,
  DepthLevel,
  DepthObservation,
  InstrumentFacts,
  TradeObservation,
} from '../../model/observation.ts'
import { timeToWire } from '../tradovate/time.ts'
import { idOfName, numberText, objectText } from './write-number.ts'

/** Of `chart 9`, as a chart is called whose request is not there: the only name that a chart itself carries. */
function chartIdOf(name: string): string | undefined {
  return /^chart (0|[1-9]\d{0,29})$/.exec(name)?.[1]
}

export function depthText({ asks, bids, name, time }: DepthObservation): string | undefined {
  const id = idOfName(name)
  const timestamp = time === undefined ? undefined : timeToWire(time)
  const bidTexts = bids.map(levelText)
  const askTexts = asks.map(levelText)
  const isWhole = [...bidTexts, ...askTexts].every(text => text !== undefined)
  if (id === undefined || !isWhole || (time !== undefined && timestamp === undefined)) return undefined
  return objectText([
    ['contractId', id],
    ['timestamp', timestamp === undefined ? undefined : `"${timestamp}"`],
    ['bids', `[${bidTexts.join(',')}]`],
    ['offers', `[${askTexts.join(',')}]`],
  ])
}

function levelText({ price, size }: DepthLevel): string | undefined {
  const priced = numberText(price)
  const sized = numberText(size)
  if (priced === undefined || sized === undefined) return undefined
  return objectText([
    ['price', priced],
    ['size', sized],
  ])
}

export function barText(bar: BarObservation): string | undefined {
  const { close, high, interval, low, name, open, time, updateTime, volume, which } = bar
  const id = chartIdOf(name)
  const isBeyond = interval !== undefined || volume !== undefined || updateTime !== undefined
  const timestamp = timeToWire(time)
  const prices = [open, high, low, close].map(numberText)
  if (id === undefined || isBeyond || which !== 'history' || timestamp === undefined) return undefined
  if (prices.some(price => price === undefined)) return undefined
  const [opened, highest, lowest, closed] = prices
  const text = objectText([
    ['timestamp', `"${timestamp}"`],
    ['open', opened],
    ['high', highest],
    ['low', lowest],
    ['close', closed],
  ])
  return objectText([
    ['id', id],
    ['bars', `[${text}]`],
  ])
}

/** A tick from a base of 0, in steps of its own last digit. */
export function tickText({ name, price, size, time, updateTime }: TradeObservation): string | undefined {
  const id = chartIdOf(name)
  const step = numberText({ mantissa: 1, scale: price.scale })
  const steps = numberText({ mantissa: price.mantissa, scale: 0 })
  const sized = size === undefined ? undefined : numberText(size)
  if (id === undefined || step === undefined || steps === undefined || updateTime !== undefined)
    return undefined
  if (size !== undefined && sized === undefined) return undefined
  if (time !== undefined && (time % 1000 !== 0 || time < 0 || !Number.isSafeInteger(time))) return undefined
  const tick = objectText([
    ['t', time === undefined ? undefined : '0'],
    ['p', steps],
    ['s', sized],
  ])
  return objectText([
    ['id', id],
    ['bp', '0'],
    ['bt', time === undefined ? undefined : String(time / 1000)],
    ['ts', step],
    ['tks', `[${tick}]`],
  ])
}

const OF_PRODUCT = ['root', 'pointValue', 'tickSize', 'type', 'description', 'fractional'] as const
const OF_MATURITY = ['expires', 'isFront'] as const
const SAYABLE: ReadonlySet<string> = new Set([
  'kind',
  'session',
  'name',
  'symbol',
  ...OF_PRODUCT,
  ...OF_MATURITY,
])

/**
 * The answers to three look-ups, the contract's last: then all is known at once. A maturity is told from other
 * answers by its expiry, and a product by its values, so these have to be there.
 */
export function factsEntities(facts: InstrumentFacts): readonly string[] | undefined {
  const id = idOfName(facts.name)
  if (id === undefined || facts.symbol === undefined) return undefined
  if (!Object.keys(facts).every(key => SAYABLE.has(key))) return undefined
  const hasProduct = OF_PRODUCT.some(key => facts[key] !== undefined)
  const hasMaturity = hasProduct || OF_MATURITY.some(key => facts[key] !== undefined)
  const product = hasProduct ? productText(id, facts) : ''
  const maturity = hasMaturity ? maturityText(id, facts) : ''
  if (product === undefined || maturity === undefined) return undefined
  const contract = objectText([
    ['id', id],
    ['name', JSON.stringify(facts.symbol)],
    ['contractMaturityId', id],
  ])
  return [product, maturity, contract].filter(text => text !== '')
}

function maturityText(id: string, { expires, isFront }: InstrumentFacts): string | undefined {
  const expiry = expires === undefined ? undefined : timeToWire(expires)
  if (expiry === undefined) return undefined
  return objectText([
    ['id', id],
    ['productId', id],
    ['expirationDate', `"${expiry}"`],
    ['isFront', isFront === undefined ? undefined : String(isFront)],
  ])
}

function productText(id: string, facts: InstrumentFacts): string | undefined {
  const { description, fractional, pointValue, root, tickSize, type } = facts
  const point = decimalText(pointValue)
  const tick = decimalText(tickSize)
  if (root === undefined || point === undefined || tick === undefined) return undefined
  return objectText([
    ['id', id],
    ['name', JSON.stringify(root)],
    ['productType', textOf(type)],
    ['description', textOf(description)],
    ['valuePerPoint', point],
    ['priceFormatType', fractional === undefined ? undefined : fractional ? '"Fractional"' : '"Decimal"'],
    ['tickSize', tick],
  ])
}

function decimalText(value: Decimal | undefined): string | undefined {
  return value === undefined ? undefined : numberText(value)
}

function textOf(value: string | undefined): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value)
}

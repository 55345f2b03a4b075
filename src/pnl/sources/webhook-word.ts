import { absolute, type Decimal, decimalSign, decimalText, negate, ZERO } from '../../model/decimal.ts'
import { FeedtapeError } from '../../model/errors.ts'
import type { PositionAfter, SignalWord } from './signal-word.ts'
import type { BodyReader, BodyValues } from './webhook-body.ts'
import {
  type BodyField,
  type SignalsMapping,
  WEBHOOK_ACTIONS,
  type WebhookAction,
} from './webhook-mapping.ts'
import { type BodyValue, decimalIn, positiveIn, textIn, wordIn } from './webhook-value.ts'

type Side = 'buy' | 'sell'
const SIDES: Readonly<Record<string, Side>> = { buy: 'buy', sell: 'sell', long: 'buy', short: 'sell' }
type Standing = 'long' | 'short' | 'flat'
const STANDINGS: Readonly<Record<string, Standing>> = { long: 'long', short: 'short', flat: 'flat' }
const THEMSELVES: Readonly<Record<string, WebhookAction>> = Object.fromEntries(
  WEBHOOK_ACTIONS.map(action => [action, action]),
)

export const UNKNOWN: SignalWord = { action: 'unknown', name: '' }

export interface WordReader {
  /** What a body says; a word of `action` that means nothing makes it unknown. Throws `bad-positions`. */
  read(body: BodyValues, where: string): SignalWord
}

export function wordReader(mapping: SignalsMapping, bodies: BodyReader): WordReader {
  const { actions } = mapping
  const meanings =
    actions === undefined
      ? THEMSELVES
      : Object.fromEntries(Object.entries(actions).map(([word, action]) => [word.toLowerCase(), action]))
  return {
    read(body, where) {
      const of = (field: BodyField): BodyValue => {
        return { value: body.values[field], where: `${where} ${bodies.nameOf(field) ?? field}` }
      }
      const said = textIn(of('action'))?.toLowerCase()
      const action = said === undefined ? body.action : Object.hasOwn(meanings, said) ? meanings[said] : null
      if (action === null) return UNKNOWN
      const word = wordOf(action, of)
      // Without an action only what is held behind it says what was done.
      if (action === undefined && word.position === undefined) return UNKNOWN
      checkWhole(word, of)
      return word
    },
  }
}

function wordOf(action: WebhookAction | undefined, of: (field: BodyField) => BodyValue): SignalWord {
  const [strategy, timeframe] = [textIn(of('strategy')), textIn(of('timeframe'))]
  const ordered = action === 'buy' || action === 'sell' ? action : undefined
  const side = ordered ?? wordIn(of('side'), SIDES)
  const quantity = positiveIn(of('quantity'))
  const price = decimalIn(of('price'))
  const position = positionOf(of)
  return {
    action: action === undefined || action === 'buy' || action === 'sell' ? 'trade' : action,
    name: textIn(of('ticker')) ?? '',
    ...(strategy === undefined ? {} : { strategy }),
    ...(timeframe === undefined ? {} : { timeframe }),
    ...(side === undefined ? {} : { side }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(price === undefined ? {} : { price }),
    ...(position === undefined ? {} : { position }),
  }
}

/** TradingView's position_size has its sign, market_position_size has not: then market_position says the side. */
function positionOf(of: (field: BodyField) => BodyValue): PositionAfter | undefined {
  const size = decimalIn(of('position'))
  const standing = wordIn(of('marketPosition'), STANDINGS)
  if (size === undefined && standing !== 'flat') return undefined
  const quantity = size === undefined ? ZERO : standing === 'short' ? negate(absolute(size)) : size
  if (standing !== undefined && !isStanding(quantity, standing)) {
    throw new FeedtapeError('bad-positions', 'a signal says two positions', {
      where: of('position').where,
      expected: `what ${of('marketPosition').where} says: ${standing}`,
      found: decimalText(quantity),
      next: 'correct the mapping: both are what is held behind the order',
    })
  }
  const averagePrice = decimalIn(of('average'))
  if (averagePrice === undefined || decimalSign(quantity) === 0) return { quantity }
  return { quantity, averagePrice, isRounded: true }
}

function isStanding(quantity: Decimal, standing: Standing): boolean {
  const sign = decimalSign(quantity)
  return standing === 'flat' ? sign === 0 : standing === 'long' ? sign > 0 : sign < 0
}

/** A mapping that misses its field would else be silence. A close without a ticker is counted: logs have such, too. */
function checkWhole(word: SignalWord, of: (field: BodyField) => BodyValue): void {
  const { action, name, side, quantity, price, position } = word
  const isByItsWord = position !== undefined
  const missing: readonly (readonly [BodyField, boolean])[] = [
    ['ticker', name === '' && action !== 'close'],
    ['price', price === undefined && position?.averagePrice === undefined],
    ['quantity', quantity === undefined && action !== 'close' && !isByItsWord],
    ['side', side === undefined && action === 'open' && !isByItsWord],
  ]
  const [field] = missing.find(([, isMissing]) => isMissing) ?? []
  if (field === undefined) return
  throw new FeedtapeError('bad-positions', `a signal has no ${field}`, {
    where: of(field).where,
    expected: `a ${field}, as its action ${JSON.stringify(of('action').value ?? action)} needs it`,
    found: 'nothing',
    next: `correct "signals.${field}" in the config, or the line`,
  })
}

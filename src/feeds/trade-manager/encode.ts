import { type Decimal, decimalEquals } from '../../model/decimal.ts'
import type { InstrumentFacts, Observation, QuoteUpdate } from '../../model/observation.ts'
import type { Encode } from '../feed.ts'
import { floatText, objectText, stringText } from './python-json.ts'
import { pointValueOf } from './read-data.ts'
import { writeLogs } from './write-logs.ts'
import { writeTrades } from './write-trades.ts'

/** The inverse of decode: one message says one instrument's quote, or some positions, or some lines of the log. */
export const encode: Encode = {
  // One message is one packet: there is no framing.
  frame: payloads => payloads.join(''),
  message(observations) {
    const [first] = observations
    switch (first?.kind) {
      case 'quote':
      case 'instrument':
        return writeData(observations)
      case 'position':
        return writeTrades(observations)
      case 'signal':
        return writeLogs(observations)
      default:
        return undefined
    }
  },
  cannot: {
    'quote last': 'DATA has bid and ask only',
    'quote lastSize, lastTime': 'there is no last trade',
    'quote bidSize, askSize': 'prices only',
    'quote bidTime, askTime': 'no message has a time',
    'quote volume, open, high, low, previousClose, change, changePercent, openTime': 'nothing of the day',
    'quote extended, extendedTime, extendedChange, extendedChangePercent': 'no hours are told apart',
    'quote mode, delay, marketState': 'how it streams is not said',
    'quote and instrument decimals':
      'not 10^100 (“none”), and no non-integer of more than 15 significant digits (binary noise)',
    'quote without a field, several names': 'a DATA is one instrument’s bid and ask',
    instrument:
      'step and amnt only: tickSize, tickValue, and a pointValue that is their quotient and nothing else',
    position:
      'only as a snapshot, without time, trade date, openPnl, realizedPnl; an account’s name is not “Unknown”',
    signal: 'only what its line says in a known form, all of a message with the same mis-decoding; no time',
    'trade, bar, depth, fill, fill-pair, fee, order, balance': 'not on this socket',
  },
}

/** Facts, then the quote, as they are read; at most one of each, of one ticker. */
function writeData(observations: readonly Observation[]): string | undefined {
  const facts = observations.filter(one => one.kind === 'instrument')
  const quotes = observations.filter(one => one.kind === 'quote')
  if (facts.length > 1 || quotes.length > 1 || facts.length + quotes.length < observations.length)
    return undefined
  if (observations.length === 2 && observations[0]?.kind !== 'instrument') return undefined
  const [instrument] = facts
  const [quote] = quotes
  const { name, session } = instrument ?? quote ?? { name: '', session: '' }
  if (name === '' || session !== '') return undefined
  if (instrument !== undefined && quote !== undefined && quote.name !== name) return undefined
  if (quote !== undefined && quote.session !== '') return undefined
  return dataText(name, quote, instrument)
}

export function dataText(
  name: string,
  quote: Pick<QuoteUpdate, 'fields'> | undefined,
  facts: InstrumentFacts | undefined,
): string | undefined {
  const prices = quote === undefined ? undefined : pricesText(quote)
  const tickinfo = facts === undefined ? undefined : tickinfoText(facts)
  if ((quote !== undefined && prices === undefined) || (facts !== undefined && tickinfo === undefined)) {
    return undefined
  }
  const data = objectText([
    ['ticker', stringText(name)],
    ...(prices === undefined ? [] : [['prices', prices] as const]),
    ...(tickinfo === undefined ? [] : [['tickinfo', tickinfo] as const]),
  ])
  return objectText([
    ['type', '"DATA"'],
    ['data', data],
  ])
}

function pricesText({ fields }: Pick<QuoteUpdate, 'fields'>): string | undefined {
  const { bid, ask, ...rest } = fields
  if (Object.values(rest).some(value => value !== undefined)) return undefined
  return membersText([
    ['ask', ask],
    ['bid', bid],
  ])
}

function tickinfoText(facts: InstrumentFacts): string | undefined {
  const { kind, session, name, tickSize, tickValue, pointValue, ...rest } = facts
  if (Object.values(rest).some(value => value !== undefined)) return undefined
  const quotient = pointValueOf(tickSize, tickValue)
  const isSaid =
    pointValue === undefined || quotient === undefined
      ? pointValue === quotient
      : decimalEquals(pointValue, quotient)
  return isSaid
    ? membersText([
        ['step', tickSize],
        ['amnt', tickValue],
      ])
    : undefined
}

/** `undefined` where there is nothing to say, or a value that would not come back. */
function membersText(
  values: readonly (readonly [key: string, value: Decimal | null | undefined])[],
): string | undefined {
  const members: (readonly [string, string])[] = []
  for (const [key, value] of values) {
    if (value === undefined) continue
    const json = value === null ? 'null' : floatText(value)
    if (json === undefined) return undefined
    members.push([key, json])
  }
  return members.length === 0 ? undefined : objectText(members)
}

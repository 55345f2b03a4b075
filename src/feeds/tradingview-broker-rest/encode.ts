import type { Observation } from '../../model/observation.ts'
import { QUOTE_FIELD_NAMES } from '../../model/quote.ts'
import type { HttpEncode, HttpExchange } from '../http-plan.ts'
import { carry, streamOf } from './wire.ts'
import { writeHistory, writeSymbolInfo } from './write-answer.ts'
import { writeDailyBar, writeQuote, writeTrade } from './write-line.ts'

const SIDES = /^(?:bid|ask)/
const NO_FIELDS = Object.fromEntries(
  QUOTE_FIELD_NAMES.filter(field => !SIDES.test(field)).map(field => [
    `quote ${field}`,
    'a quote of this wire is bid and ask: trades and the day come as such',
  ]),
)

/** The inverse of decode for what one exchange can say: decode(encode(x)) is x. */
export const encode: HttpEncode = {
  carry,
  message,
  cannot: {
    ...NO_FIELDS,
    'quote whose bid and ask have different times': 'one t for both',
    'a time that is no whole second, or 0': 'epoch seconds, and 0 is none',
    numbers: 'not 10^100 (“none”), and no non-integer of more than 15 significant digits (binary noise)',
    'trade or bar updateTime': 'not on this wire',
    'bar (current) but of the day, bar (previous)': 'f:"d" is the day’s; everything else is asked for',
    'bars of one history of several names or lengths, or only some with a volume': 'columns of one request',
    'instrument expires, variableTickSize, tickSize, tickValue, front, isFront': 'not known of any column',
    'instrument with an empty text': 'empty says nothing',
    'instruments, histories and lines in one message': 'endpoints of their own',
    'anything with a session or without a name': 'this wire has no sessions, and names what it speaks of',
    'depth, account, signal': 'not on this wire',
  },
}

function message(observations: readonly Observation[]): HttpExchange | undefined {
  const facts = observations.filter(one => one.kind === 'instrument')
  const history = observations.filter(one => one.kind === 'bar').filter(bar => bar.which === 'history')
  if (observations.length === 0) return undefined
  if (facts.length === observations.length) return writeSymbolInfo(facts)
  if (history.length === observations.length) return writeHistory(history)
  const lines = observations.map(writeLine)
  return lines.some(line => line === undefined) ? undefined : streamOf([lines.join('')])
}

function writeLine(observation: Observation): string | undefined {
  switch (observation.kind) {
    case 'trade':
      return writeTrade(observation)
    case 'quote':
      return writeQuote(observation)
    case 'bar':
      return writeDailyBar(observation)
    default:
      return undefined
  }
}

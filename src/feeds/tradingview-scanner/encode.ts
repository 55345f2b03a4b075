import type { Observation } from '../../model/observation.ts'
import type { HttpEncode, HttpExchange } from '../http-plan.ts'
import { carry, SCANNER } from './wire.ts'
import { type WrittenRow, writeFacts, writeQuote } from './write-row.ts'

/** The inverse of decode for all that a scan's answer can say: decode(encode(x)) is x. */
export const encode: HttpEncode = {
  carry,
  message,
  cannot: {
    'quote lastSize': 'no market lists a size',
    'quote lastTime': 'no column is a trade’s time: last_bar_update_time is the bar’s, the rest is not known',
    'quote bidSize': 'no market lists a size',
    'quote bidTime': 'bid and ask have no time on this wire',
    'quote askSize': 'no market lists a size',
    'quote askTime': 'bid and ask have no time on this wire',
    'quote previousClose': 'no column is the close of the day before; change_abs is against it',
    'quote openTime': 'what `time` means has no evidence',
    'quote extended': 'premarket_close and postmarket_close are two columns that stay, not one price of now',
    'quote extendedTime': 'no column has it',
    'quote extendedChange': 'against the same two columns',
    'quote extendedChangePercent': 'against the same two columns',
    'quote delay': 'only as the word of update_mode declares it, and only together with it',
    'quote and instrument decimals':
      'not 10^100 (“none”), and no non-integer of more than 15 significant digits (binary noise)',
    'quotes with different fields': 'every row of an answer has the same columns',
    'quote or instrument without a field, session or name': 'a row is named, and has no session',
    'instrument symbol, root, expires, variableTickSize, tickSize, tickValue, front, isFront':
      'not known of any column',
    'trade, bar, depth, account, signal': 'not on this wire',
  },
}

interface Draft {
  readonly name: string
  facts: WrittenRow | undefined
  quote: WrittenRow | undefined
}

function message(observations: readonly Observation[]): HttpExchange | undefined {
  const drafts = draftsOf(observations)
  if (drafts === undefined || drafts.length === 0) return undefined
  const quoted = columnsIn(drafts.map(draft => draft.quote))
  // A value that is left out of a row cannot be said: null would be "none now".
  if (drafts.some(({ quote }) => (quote?.size ?? 0) !== quoted.length)) return undefined
  // Of a fact, null says nothing.
  const columns = [...columnsIn(drafts.map(draft => draft.facts)), ...quoted]
  const rows = drafts.map(({ name, facts, quote }) => {
    const values = columns.map(column => quote?.get(column) ?? facts?.get(column) ?? 'null')
    return `{"s":${JSON.stringify(name)},"d":[${values.join(',')}]}`
  })
  const tickers = [...new Set(drafts.map(({ name }) => name))]
  return {
    request: {
      method: 'POST',
      url: `${SCANNER}/global/scan`,
      headers: [['Content-Type', 'application/json']],
      body: JSON.stringify({ symbols: { tickers }, columns }),
    },
    answer: {
      status: 200,
      headers: [['Content-Type', 'application/json']],
      body: `{"totalCount":${rows.length},"data":[${rows.join(',')}]}`,
    },
  }
}

/** One row each; facts and the quote behind them are one. `undefined` where something cannot be said. */
function draftsOf(observations: readonly Observation[]): readonly Draft[] | undefined {
  const drafts: Draft[] = []
  for (const observation of observations) {
    if (observation.kind !== 'quote' && observation.kind !== 'instrument') return undefined
    const { session, name } = observation
    if (session !== '' || name === '') return undefined
    const isQuote = observation.kind === 'quote'
    const row = isQuote ? writeQuote(observation.fields) : writeFacts(observation)
    if (row === undefined || row.size === 0) return undefined
    const last = drafts.at(-1)
    if (isQuote && last?.name === name && last.quote === undefined) last.quote = row
    else drafts.push({ name, facts: isQuote ? undefined : row, quote: isQuote ? row : undefined })
  }
  return drafts
}

function columnsIn(rows: readonly (WrittenRow | undefined)[]): readonly string[] {
  return [...new Set(rows.flatMap(row => [...(row?.keys() ?? [])]))]
}

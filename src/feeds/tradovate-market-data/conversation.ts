import { type Decimal, decimalSign } from '../../model/decimal.ts'
import { jsonText } from '../../model/errors.ts'
import type { QuoteFields } from '../../model/quote.ts'
import type { Conversation, ConversationOptions, ConversationPlan } from '../feed.ts'
import { createContractDesk, symbolOf } from '../tradovate/contract-desk.ts'
import { bodyOf, type ClientRequest, endpointKey } from '../tradovate/request.ts'
import { idsOf, meaningsOf, replyText, rewritten, startVenue } from '../tradovate/venue.ts'
import { loginVenue } from '../tradovate/venue-http.ts'
import { depthText } from './write-others.ts'
import { quoteText, sayableFields } from './write-quote.ts'

export const conversation: ConversationPlan = {
  path: '/v1/websocket',
  // `h` after 2.5 s in which nothing else came (JT).
  beatEvery: 2_500_000,
  // "Cut after about 15 s silence" is what one source says.
  silence: 15_000_000,
  http: loginVenue,
  start,
  meanings: meaningsOf,
  idsOf,
  rewrite: rewritten,
}

interface Subscriptions {
  readonly quotes: Set<string>
  readonly doms: Set<string>
  readonly histograms: Set<string>
}

function start({ market, now }: ConversationOptions): Conversation {
  const desk = createContractDesk(market)
  const wanted: Subscriptions = { quotes: new Set(), doms: new Set(), histograms: new Set() }
  let charts = 0

  const quoteItem = (name: string, fields: QuoteFields): readonly string[] => {
    const text = quoteText(String(desk.idOf(name)), sayableFields(fields, now()))
    return text === undefined ? [] : [`{"e":"md","d":{"quotes":[${text}]}}`]
  }
  const depthItem = (name: string): readonly string[] => {
    const { ask, askSize, bid, bidSize } = market.quote(name) ?? {}
    const place = { kind: 'depth', session: '', name: String(desk.idOf(name)), time: now() } as const
    const text = depthText({ ...place, bids: levels(bid, bidSize), asks: levels(ask, askSize) })
    return text === undefined ? [] : [`{"e":"md","d":{"doms":[${text}]}}`]
  }

  function subscribe(request: ClientRequest, names: Set<string>, item: (name: string) => readonly string[]) {
    const symbol = symbolOf(request)
    if (symbol === undefined) return [replyText(request.id, 400, NO_SYMBOL)]
    const name = desk.nameOf(symbol)
    if (name === undefined) return [unknownSymbol(request.id, symbol)]
    names.add(name)
    return [replyText(request.id, 200), ...item(name)]
  }

  function unsubscribe(request: ClientRequest, names: Set<string>) {
    const name = desk.nameOf(symbolOf(request))
    if (name !== undefined) names.delete(name)
    return [replyText(request.id, 200)]
  }

  /** Bars and ticks of the past are not the market's to give: history ends at once. */
  function chart(request: ClientRequest): readonly string[] {
    const symbol = bodyOf(request)['symbol']
    if (desk.nameOf(symbol) === undefined) return [unknownSymbol(request.id, symbol)]
    charts += 2
    const ids = { historicalId: charts, realtimeId: charts - 1 }
    return [replyText(request.id, 200, ids), `{"e":"chart","d":{"charts":[{"id":${charts},"eoh":true}]}}`]
  }

  function answer(request: ClientRequest): readonly string[] | undefined {
    switch (endpointKey(request.endpoint)) {
      case 'md/subscribequote':
        return subscribe(request, wanted.quotes, name => quoteItem(name, market.quote(name) ?? {}))
      case 'md/unsubscribequote':
        return unsubscribe(request, wanted.quotes)
      case 'md/subscribedom':
        return subscribe(request, wanted.doms, depthItem)
      case 'md/unsubscribedom':
        return unsubscribe(request, wanted.doms)
      case 'md/subscribehistogram':
        return subscribe(request, wanted.histograms, () => [])
      case 'md/unsubscribehistogram':
        return unsubscribe(request, wanted.histograms)
      case 'md/getchart':
        return chart(request)
      case 'md/cancelchart':
        return [replyText(request.id, 200)]
      default:
        return desk.answer(request)
    }
  }

  return startVenue({
    answer,
    moved: (name, fields) => [
      ...(wanted.quotes.has(name) ? quoteItem(name, fields) : []),
      ...(wanted.doms.has(name) && touchesBook(fields) ? depthItem(name) : []),
    ],
  })
}

function levels(price: Decimal | null | undefined, size: Decimal | null | undefined) {
  return price && size && decimalSign(size) > 0 ? [{ price, size }] : []
}

function touchesBook({ ask, askSize, bid, bidSize }: QuoteFields): boolean {
  return [ask, askSize, bid, bidSize].some(value => value !== undefined)
}

/** In the words of issue #32, where the body stood on the query line. */
const NO_SYMBOL =
  'No usable value for symbol\nDid not find value which can be converted into java.lang.String'

/** That it comes inside `s:200` is how business failures come; its words are not known, and made here. */
function unknownSymbol(id: string, symbol: unknown): string {
  const said = typeof symbol === 'string' ? symbol : jsonText(symbol)
  return replyText(id, 200, { errorText: `Symbol is not known: ${said}` })
}

/** What a client may ask on a socket. */
export interface Endpoint {
  /** The spelling that packets are named by; on the wire case does not matter. */
  readonly name: string
  /** A client's message, with an id of 1. */
  readonly sample: string
  readonly seen: string
  /** The item that answers it. */
  readonly answer: string
  readonly answerSeen: string
  /** Whether the answer gives observations. */
  readonly isRead?: true
}

const OK = '{"s":200,"i":1}'
const OFFICIAL = 'official documentation (tradovate-and-trade-manager.md 3)'
const UNSEEN = 'made here: what it answers is in no documentation and no capture'
const LOOKED_UP =
  'official OpenAPI and QV (2026-09-21): parameters on the query line; made here with its values'

function market(name: string, body: string, seen = OFFICIAL): Endpoint {
  return { name, sample: `${name}\n1\n\n${body}`, seen, answer: OK, answerSeen: UNSEEN }
}

function lookup(name: string, query: string, entity: string): Endpoint {
  const answer = `{"s":200,"i":1,"d":${entity}}`
  return {
    name,
    sample: `${name}\n1\n${query}\n`,
    seen: LOOKED_UP,
    answer,
    answerSeen: LOOKED_UP,
    isRead: true,
  }
}

const SYMBOL = '{"symbol":"NQZ6"}'
const CHART =
  '{"symbol":"NQZ6","chartDescription":{"underlyingType":"MinuteBar","elementSize":1,"elementSizeUnit":"UnderlyingUnits","withHistogram":false},"timeRange":{"asMuchAsElements":1}}'
const CONTRACT =
  '{"id":3267315,"name":"NQZ6","contractMaturityId":46577,"status":"DefinitionChecked","providerTickSize":0.25}'

export const ENDPOINTS: readonly Endpoint[] = [
  {
    name: 'authorize',
    sample: 'authorize\n1\n\nsynthetic',
    seen: 'five clients; the token stands raw, a JSON-quoted one is taken too',
    answer: OK,
    answerSeen: 'demo_user_socket_2026-06-14, issue #56: success has no d',
  },
  lookup('contract/find', 'name=NQZ6', CONTRACT),
  lookup('contract/item', 'id=3267315', CONTRACT),
  lookup(
    'contractMaturity/item',
    'id=46577',
    '{"id":46577,"productId":7,"expirationMonth":202612,"expirationDate":"2026-12-18T14:30Z","isFront":true}',
  ),
  lookup(
    'product/item',
    'id=7',
    '{"id":7,"name":"NQ","currencyId":1,"productType":"Futures","description":"E-Mini NASDAQ 100","valuePerPoint":20.0,"priceFormatType":"Decimal","priceFormat":-2,"tickSize":0.25}',
  ),
  lookup('currency/item', 'id=1', '{"id":1,"name":"USD","symbol":"$"}'),
  market('md/subscribeQuote', SYMBOL),
  market('md/unsubscribeQuote', SYMBOL),
  market('md/subscribeDOM', SYMBOL),
  market('md/unsubscribeDOM', SYMBOL),
  market('md/subscribeHistogram', SYMBOL),
  market('md/unsubscribeHistogram', SYMBOL),
  {
    ...market('md/getChart', CHART),
    answer: '{"s":200,"i":1,"d":{"historicalId":32,"realtimeId":31}}',
    answerSeen: 'official documentation',
  },
  market('md/cancelChart', '{"subscriptionId":31}', `${OFFICIAL}: sources do not agree which id it wants`),
]

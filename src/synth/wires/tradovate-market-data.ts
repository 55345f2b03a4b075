import { tradovateMarketData } from '../../feeds/tradovate-market-data/index.ts'
import type { QuoteField, QuoteFields } from '../../model/quote.ts'
import type { Carried } from '../declares.ts'
import { MADE_UP_TOKEN } from '../made-up.ts'
import { talk } from '../socket-talk.ts'
import type { Truth } from '../truth.ts'
import { type FactName, factsOf, tickOf } from '../truth-markets.ts'
import type { Wire } from '../wire.ts'

const MILLISECOND = 1_000
const FIELDS: readonly QuoteField[] = [
  'last', 'lastSize', 'bid', 'bidSize', 'bidTime', 'ask', 'askSize', 'askTime', 'volume', 'open', 'high', 'low',
] // biome-ignore format: a list

const FACTS: readonly FactName[] = ['currency', 'description', 'pointValue', 'fractional']

/** Contract ids and only what changed, the last trade repeated with each change of the book, times to the millisecond. */
export const tradovateMarketDataWire: Wire = {
  feed: tradovateMarketData,
  declare(truth) {
    return {
      carried: contractsOf(truth, FIELDS),
      cannot: {
        ...tradovateMarketData.encode.cannot,
        'shares and coins': 'futures only',
        'when a side last changed, behind a reconnect': 'a snapshot has its own time',
        'a roll': 'which contract is the front one is told at the look-up, once',
      },
      hasSnapshot: true,
      stampsSnapshots: true,
      precision: { bidTime: MILLISECOND, askTime: MILLISECOND },
      plants: ['wrong-price', 'lost-update', 'wrong-multiplier', 'swapped-sides', 'late', 'stale'],
    }
  },
  render(scene) {
    const { names, now } = scene.view
    talk(scene, {
      feed: tradovateMarketData,
      symbols: names,
      credentials: { mdToken: MADE_UP_TOKEN, token: MADE_UP_TOKEN },
      now: () => now() - (now() % MILLISECOND),
      says: ({ fields, name }, before, conversation) => {
        return conversation.moved(name, { ...repeatedTrade(fields, before), ...fields })
      },
    })
  },
}

/** Of issue #54: whoever counts trades in it gets about three times as many. */
function repeatedTrade(fields: QuoteFields, { last, lastSize }: QuoteFields): QuoteFields {
  const hasSide = fields.bid != null || fields.ask != null
  return hasSide && last !== undefined && lastSize !== undefined ? { last, lastSize } : {}
}

/** What Tradovate knows of futures: named by contract, each with the product behind it. */
export function contractsOf({ markets }: Truth, fields: readonly QuoteField[]): readonly Carried[] {
  return markets.flatMap(({ contract, facts, key, product }) => {
    if (contract === undefined) return []
    const { expires, isFront, symbol } = contract
    const tickSize = tickOf({ product })
    const own = { name: symbol, symbol, root: product.root, tickSize, expires, isFront }
    return [{ market: key, name: symbol, fields, facts: { ...factsOf(facts, FACTS), ...own } }]
  })
}

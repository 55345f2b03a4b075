import { tradingviewSocket } from '../../feeds/tradingview-socket/index.ts'
import type { QuoteField, QuoteFields } from '../../model/quote.ts'
import { isSame } from '../exchange.ts'
import { MADE_UP_TOKEN } from '../made-up.ts'
import { talk } from '../socket-talk.ts'
import type { Wire } from '../wire.ts'

const SECOND = 1_000_000
/** What CME’s quotes are late for who is not logged in. */
const GUEST_DELAY = 600

const FIELDS: readonly QuoteField[] = [
  'last', 'lastTime', 'bid', 'bidSize', 'ask', 'askSize', 'volume', 'open', 'high', 'low', 'previousClose', 'change',
  'changePercent', 'openTime', 'marketState',
] // biome-ignore format: a list

/** Partial updates in framed packets, times to the second; a guest’s futures are ten minutes late, and declared so. */
export const tradingviewSocketWire: Wire = {
  feed: tradingviewSocket,
  declare({ markets }, random) {
    const isGuest = random.next() < 0.3
    return {
      carried: markets.map(({ facts, key, product }) => {
        const delay = isGuest && product.kind === 'future' ? GUEST_DELAY : 0
        const mode = delay === 0 ? 'streaming' : `delayed_streaming_${delay}`
        return { market: key, name: key, fields: FIELDS, facts, delay, mode }
      }),
      cannot: {
        ...tradingviewSocket.encode.cannot,
        'the contract behind a continuous symbol':
          'no key of a quote names it: a roll is a jump of the price',
      },
      hasSnapshot: true,
      precision: { lastTime: SECOND, openTime: SECOND },
      plants: ['wrong-price', 'lost-update', 'wrong-multiplier', 'swapped-sides', 'late', 'stale'],
    }
  },
  render(scene) {
    const { names } = scene.view
    const isGuest = scene.declares.carried.some(({ delay }) => delay !== 0)
    talk(scene, {
      feed: tradingviewSocket,
      symbols: names,
      credentials: isGuest ? {} : { token: MADE_UP_TOKEN },
      says: ({ fields, name }, before, conversation) => {
        return conversation.moved(name, tradedAgain(fields, before))
      },
    })
  },
}

/** A trade at the same price comes as `lp_time` alone (tradingview.md 1.7). */
function tradedAgain(fields: QuoteFields, before: QuoteFields): QuoteFields {
  const { last, ...rest } = fields
  const isSecondNew =
    Math.floor((fields.lastTime ?? 0) / SECOND) > Math.floor((before.lastTime ?? 0) / SECOND)
  return last !== undefined && isSame(last, before.last) && isSecondNew ? rest : fields
}

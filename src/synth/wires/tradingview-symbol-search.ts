import { tradingviewSymbolSearch } from '../../feeds/tradingview-symbol-search/index.ts'
import { askNext } from '../exchange-talk.ts'
import { type FactName, factsOf } from '../truth-markets.ts'
import type { Wire } from '../wire.ts'

const FACTS: readonly FactName[] = ['exchange', 'type', 'currency', 'description']
const WAY = { least: 30_000, most: 180_000 }
const PACE = 1_000_000

/** Which instruments there are, and no price: a search for each product’s root. */
export const tradingviewSymbolSearchWire: Wire = {
  feed: tradingviewSymbolSearch,
  declare({ markets }) {
    return {
      carried: markets.map(({ facts, key }) => {
        return { market: key, name: key, fields: [], facts: factsOf(facts, FACTS) }
      }),
      cannot: tradingviewSymbolSearch.encode.cannot,
      hasSnapshot: true,
      precision: {},
      plants: [],
    }
  },
  render(scene) {
    const { random, script, truth, view } = scene
    const { conversation, session } = tradingviewSymbolSearch
    const venue = conversation.start({ market: view, random, now: view.now })
    const client = session.start({
      symbols: [...new Set(truth.markets.map(({ product }) => product.root))],
      credentials: {},
      random,
    })
    const plan = { client, venue, conn: script.nextConnection(), way: WAY }
    let at = truth.start + 150_000
    for (;;) {
      const answered = askNext(scene, plan, at)
      if (answered === undefined) return
      at += answered.pause ?? PACE
    }
  },
}

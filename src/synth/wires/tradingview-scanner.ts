import type { HttpConversation } from '../../feeds/index.ts'
import { tradingviewScanner } from '../../feeds/tradingview-scanner/index.ts'
import type { QuoteField } from '../../model/quote.ts'
import type { EpochMicros } from '../../model/time.ts'
import { timesOf } from '../agenda.ts'
import { askNext } from '../exchange-talk.ts'
import { MADE_UP_TOKEN } from '../made-up.ts'
import type { Product } from '../products.ts'
import { oneOf } from '../seeds.ts'
import { type FactName, factsOf } from '../truth-markets.ts'
import type { Scene, Wire } from '../wire.ts'

type Kind = Product['kind']

const SLOWEST = 1_000_000
const PACES = [500_000, 750_000, SLOWEST]
/** From one scan to the next of the same moment, and to its answer. */
const APART = 3_000
const WAY = { least: 12_000, most: 60_000 }

const DAY: readonly QuoteField[] = ['last', 'volume', 'open', 'high', 'low', 'change', 'changePercent']
const FIELDS: Readonly<Record<Kind, readonly QuoteField[]>> = {
  future: [...DAY, 'marketState'],
  share: [...DAY, 'bid', 'ask', 'marketState'],
  coin: [...DAY, 'bid', 'ask'],
}
const FACTS: readonly FactName[] = [
  'exchange', 'type', 'currency', 'description', 'priceScale', 'minMove', 'fractional',
] // biome-ignore format: a list
/** Each kind is in a market of its own, with columns of its own. */
const MARKETS: Readonly<Record<Kind, string>> = {
  future: 'futures',
  share: 'america',
  coin: 'crypto',
}

/** Asked again and again: what happens between two polls is not seen, and nothing has a time. */
export const tradingviewScannerWire: Wire = {
  feed: tradingviewScanner,
  declare({ markets }, random) {
    return {
      carried: markets.map(({ facts, key, product }) => {
        const of = { market: key, name: key, fields: FIELDS[product.kind] }
        return { ...of, facts: factsOf(facts, FACTS), delay: 0, mode: 'streaming' }
      }),
      cannot: {
        ...tradingviewScanner.encode.cannot,
        'ticks between polls': 'it is asked at a pace, and tells what stands then',
        'quote bid, ask of futures': 'the futures market has no such columns',
        'quote marketState of coins': 'the crypto market is not asked for current_session',
        'the contract behind a continuous symbol': 'no column names it',
      },
      hasSnapshot: true,
      precision: {},
      poll: oneOf(random, PACES),
      plants: ['wrong-price', 'lost-update', 'swapped-sides', 'late', 'stale'],
    }
  },
  render(scene) {
    const { declares, end, random, truth, view } = scene
    const venue = tradingviewScanner.conversation.start({ market: view, random, now: view.now })
    const kinds = new Set(truth.markets.map(({ product }) => product.kind))
    const sources = [...kinds].map(kind => startSource(scene, venue, kind))
    const polls = timesOf(truth.start, end - WAY.most, declares.poll ?? SLOWEST).map(at => {
      return {
        at,
        run: () => {
          for (const [n, ask] of sources.entries()) ask(at + n * APART)
        },
      }
    })
    const moves = view.deliveries.map(one => ({ at: one.due, run: () => void view.take(one) }))
    for (const { run } of [...moves, ...polls].toSorted((a, b) => a.at - b.at)) run()
  },
}

/** A client of one market, on a connection of its own: what it does when it is its turn. */
function startSource(scene: Scene, venue: HttpConversation, kind: Kind) {
  const { declares, random, truth } = scene
  const own = new Set(truth.markets.filter(({ product }) => product.kind === kind).map(({ key }) => key))
  const client = tradingviewScanner.session.start({
    symbols: declares.carried.filter(({ market }) => own.has(market)).map(({ name }) => name),
    credentials: { sessionid: MADE_UP_TOKEN },
    random,
    options: { market: MARKETS[kind], columns: 'auto' },
  })
  const plan = { client, venue, conn: scene.script.nextConnection(), way: WAY }
  return (at: EpochMicros): void => {
    askNext(scene, plan, at)
  }
}

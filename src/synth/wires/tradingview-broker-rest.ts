import { tradingviewBrokerRest } from '../../feeds/tradingview-broker-rest/index.ts'
import type { Observation } from '../../model/observation.ts'
import type { QuoteField, QuoteFields } from '../../model/quote.ts'
import { randomInteger } from '../../model/random.ts'
import type { EpochMicros } from '../../model/time.ts'
import { timesOf } from '../agenda.ts'
import { type AskPlan, askNext } from '../exchange-talk.ts'
import { MADE_UP_TOKEN } from '../made-up.ts'
import { type FactName, factsOf } from '../truth-markets.ts'
import type { Delivery } from '../view.ts'
import type { Scene, Wire } from '../wire.ts'

const SECOND = 1_000_000
const DAY = 86_400 * SECOND
const FIELDS: readonly QuoteField[] = ['bid', 'bidSize', 'bidTime', 'ask', 'askSize', 'askTime']
const FACTS: readonly FactName[] = [
  'exchange', 'type', 'currency', 'description', 'pointValue', 'priceScale', 'minMove', 'fractional',
] // biome-ignore format: a list
const URL_OF_BROKER = 'https://broker.example/api/v1'
const WAY = { least: 20_000, most: 90_000 }

/** A stream of lines in chunks that end anywhere: quotes are bid and ask, trades come as trades. */
export const tradingviewBrokerRestWire: Wire = {
  feed: tradingviewBrokerRest,
  declare({ markets }) {
    return {
      carried: markets.map(({ facts, key }) => {
        return { market: key, name: key, fields: FIELDS, facts: factsOf(facts, FACTS) }
      }),
      cannot: {
        ...tradingviewBrokerRest.encode.cannot,
        'the contract behind a continuous symbol': 'no column names it',
        'a quote before the first change': 'the stream begins with what happens next',
      },
      hasSnapshot: false,
      precision: { bidTime: SECOND, askTime: SECOND },
      plants: ['wrong-price', 'lost-update', 'wrong-multiplier', 'swapped-sides', 'late', 'stale'],
    }
  },
  render(scene) {
    const { end, random, script, truth, view } = scene
    const { conversation, session } = tradingviewBrokerRest
    const venue = conversation.start({ market: view, random, now: view.now })
    const client = session.start({
      symbols: view.names,
      credentials: { token: MADE_UP_TOKEN },
      random,
      url: URL_OF_BROKER,
    })
    const conn = script.nextConnection()
    const at = untilStream(scene, { client, venue, conn, way: WAY }, truth.start + 150_000)
    const beats = timesOf(at, end, conversation.beatEvery).map(due => ({
      due,
      lines: () => venue.beat().join(''),
    }))
    const moves = view.deliveries.map(delivery => ({
      due: delivery.due,
      lines: () => linesOf(scene, delivery),
    }))
    for (const { due, lines } of [...beats, ...moves].toSorted((a, b) => a.due - b.due)) {
      for (const chunk of chunksOf(scene, lines())) script.frame(due, conn, 'in', chunk, 'chunk')
    }
  },
}

/** First what there is, then the stream of what it does. */
function untilStream(scene: Scene, plan: AskPlan, from: EpochMicros): EpochMicros {
  let at = from
  for (;;) {
    const answered = askNext(scene, plan, at)
    if (answered === undefined) throw new Error('the broker’s client asks for no stream')
    if (answered.isStream) return answered.at
    at = answered.at + (answered.pause ?? SECOND)
  }
}

/** Where a chunk ends has nothing to do with where a line does. */
function chunksOf({ random }: Scene, lines: string): readonly string[] {
  if (lines === '') return []
  if (random.next() >= 0.1) return [lines]
  const cut = randomInteger(random, 1, lines.length - 1)
  return [lines.slice(0, cut), lines.slice(cut)]
}

function linesOf({ view }: Scene, delivery: Delivery): string {
  view.take(delivery)
  const { at, fields, name, trade } = delivery
  const of = { session: '', name }
  const said: Observation[] = quotesOf(fields).map(own => ({ kind: 'quote', ...of, fields: own }))
  if (trade !== undefined) said.push({ kind: 'trade', ...of, ...trade, time: wholeSecond(at) })
  const { high, last: close, low, open, volume } = view.quote(name) ?? {}
  const hasDay = fields.volume !== undefined && open != null && high != null && low != null && close != null
  if (hasDay) {
    const bar = { kind: 'bar', ...of, interval: '1d', which: 'current', time: at - (at % DAY) } as const
    said.push({ ...bar, open, high, low, close, ...(volume == null ? {} : { volume }) })
  }
  if (said.length === 0) return ''
  const chunks = tradingviewBrokerRest.encode.message(said)?.chunks
  if (chunks === undefined) throw new Error(`the broker cannot say ${JSON.stringify(said)}`)
  return chunks.join('')
}

/** One `t` stands for both sides of a line: sides that changed at different times are two lines. */
function quotesOf({ ask, askSize, askTime, bid, bidSize, bidTime }: QuoteFields): readonly QuoteFields[] {
  const side = (
    price: 'bid' | 'ask',
    values: readonly [QuoteFields['bid'], QuoteFields['bid'], QuoteFields['bidTime']],
  ) => {
    const [value, size, time] = values
    if (value === undefined) return []
    const own = { [price]: value, [`${price}Size`]: size ?? null }
    return [time == null ? own : { ...own, [`${price}Time`]: wholeSecond(time) }]
  }
  const both = [...side('bid', [bid, bidSize, bidTime]), ...side('ask', [ask, askSize, askTime])]
  const isOne = bidTime === askTime && both.length === 2
  return isOne ? [Object.assign({}, ...both)] : both
}

function wholeSecond(at: EpochMicros): EpochMicros {
  return at - (at % SECOND)
}

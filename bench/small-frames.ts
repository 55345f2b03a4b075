import { type Random, randomInteger } from '../src/model/random.ts'
import { type Message, messageOf, quotePacket } from './message.ts'
import { Walk } from './walk.ts'

const BOOKED = [
  'CME_MINI:NQ1!',
  'CME_MINI:MNQ1!',
  'CME_MINI:ES1!',
  'CME_MINI:MES1!',
  'CME_MINI:RTY1!',
  'CBOT_MINI:YM1!',
  'COMEX:GC1!',
  'COMEX:SI1!',
  'NYMEX:CL1!',
  'NYMEX:NG1!',
  'NASDAQ:AAPL',
  'NASDAQ:MSFT',
  'NASDAQ:NVDA',
  'NYSE:JPM',
  'NSE:JUNIPER',
  'BINANCE:BTCUSDT',
]
const INDEXES = ['NSE:CNX500', 'TVC:VIX', 'SP:SPX', 'NASDAQ:NDX']
const SESSION = 'qs_synthetic0001'

/** Small quote deltas of twenty instruments, one packet a message: three trades to two changes of the book. */
export function* smallFrames(random: Random, count: number): Generator<Message, void, undefined> {
  const walks = [
    ...BOOKED.map(name => new Walk(name, true, random)),
    ...INDEXES.map(name => new Walk(name, false, random)),
  ]
  for (let made = 0; made < count; made += 1) {
    const walk = walks[randomInteger(random, 0, walks.length - 1)]
    if (walk === undefined) throw new Error('an index outside the list')
    walk.step()
    const isBook = walk.hasBook && random.next() < 0.4
    yield messageOf('in', [quotePacket(SESSION, walk.name, isBook ? walk.book() : walk.trade())])
  }
}

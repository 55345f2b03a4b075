import { tradeManager } from '../../feeds/trade-manager/index.ts'
import type { PositionObservation, SignalObservation } from '../../model/account.ts'
import { add, type Decimal, decimalText, multiply, multiplyDivide, ONE, ZERO } from '../../model/decimal.ts'
import type { Entry } from '../../tape/index.ts'
import { MADE_UP_TOKEN, MADE_UP_USER } from '../made-up.ts'
import { oneOf } from '../seeds.ts'
import { type Push, talk } from '../socket-talk.ts'
import { STRATEGY, type TruthOrder } from '../strategy.ts'
import type { Scene, Wire } from '../wire.ts'

const TIMEFRAME = '1'

/** No whole CLOSE line is public and none is invented as real: this one says what it is, and the config teaches it. */
export const SETTINGS = {
  signals: [
    {
      action: 'close',
      pattern:
        '^\\[SYNTHETIC\\] CLOSE — Strategy: (?<strategy>[^,]+), Ticker: (?<ticker>[^\\s,]+), ' +
        'Timeframe: (?<timeframe>[^\\s,]+) — (?<quantity>[\\d.]+) (?<side>BUY|SELL) at (?<price>[\\d.]+)$',
    },
  ],
}

/** Bid and ask under bare tickers, without a time; what the strategy does as lines of a log, and its open trades. */
export const tradeManagerWire: Wire = {
  feed: tradeManager,
  declare({ markets }) {
    // No ticker of a dated contract was ever seen on it.
    const listed = markets.filter(({ contract, ticker }) => contract === undefined || ticker.endsWith('!'))
    return {
      carried: listed.map(({ facts, key, ticker }) => {
        return { market: key, name: ticker, fields: ['bid', 'ask'], facts }
      }),
      cannot: {
        ...tradeManager.encode.cannot,
        'dated contracts': 'no ticker of one was ever seen: what is held in one cannot be valued',
        'the contract behind a continuous symbol': 'no message names it: a roll is a jump of the price',
        'an instrument before it first moves': 'nothing is subscribed, and nothing is told beforehand',
        'the average behind an ADD': 'rounded to two digits, and marked as rounded',
        'which fills an order got':
          'a line of the log has one price; of several, their average to two digits',
      },
      hasSnapshot: false,
      precision: {},
      plants: ['wrong-price', 'lost-update', 'wrong-multiplier', 'swapped-sides', 'late', 'stale'],
      settings: SETTINGS,
    }
  },
  render(scene) {
    talk(scene, {
      feed: tradeManager,
      symbols: [],
      credentials: { user: MADE_UP_USER, token: MADE_UP_TOKEN },
      pushes: pushesOf(scene),
    })
  },
}

function pushesOf({ declares, orders, random }: Scene): readonly Push[] {
  const tickers = new Map(declares.carried.map(({ market, name }) => [market, name]))
  const open = new Map<string, PositionObservation>()
  return orders.flatMap((order): readonly Push[] => {
    const ticker = tickers.get(order.market)
    if (ticker === undefined) return []
    const at = order.fills.at(-1)?.at ?? order.at
    if (order.averagePrice === undefined) open.delete(ticker)
    else open.set(ticker, positionOf(order, ticker))
    const trades = tradeManager.encode.message([...open.values()]) ?? EMPTY_LIST
    return [
      { at, text: said(lineOf(order, ticker), oneOf(random, DECODINGS)) },
      { at: at + 2_000, text: trades },
    ]
  })
}

const EMPTY_LIST = '{"type": "TRADES", "data": []}'

function positionOf({ averagePrice, id, position }: TruthOrder, ticker: string): PositionObservation {
  return {
    kind: 'position',
    session: '',
    name: ticker,
    change: 'snapshot',
    id,
    strategy: STRATEGY,
    timeframe: TIMEFRAME,
    quantity: position,
    ...(averagePrice === undefined ? {} : { averagePrice }),
  }
}

/** The recorder’s own forms for what opens and adds; for a close the one that is taught. */
function lineOf(order: TruthOrder, ticker: string): SignalObservation {
  const { action, position, quantity, side } = order
  const price = priceOf(order)
  const of = { kind: 'signal', session: '', name: ticker, strategy: STRATEGY, timeframe: TIMEFRAME } as const
  switch (action) {
    case 'open':
      return { ...of, action, side, quantity, price, text: '' }
    case 'add': {
      const after = { quantity: position, averagePrice: order.averagePrice ?? price, isRounded: true }
      return { ...of, action, side, position: after, text: '' }
    }
    case 'close':
      return untaught(closeLine(ticker, side, quantity, price))
    default:
      return action satisfies never
  }
}

function closeLine(ticker: string, side: 'buy' | 'sell', quantity: Decimal, price: Decimal): string {
  const head = `[SYNTHETIC] CLOSE — Strategy: **${STRATEGY}**, Ticker: **${ticker}**, Timeframe: **${TIMEFRAME}**`
  return `${head} — **${decimalText(quantity)} ${side.toUpperCase()}** at **${decimalText(price)}**`
}

/** What a program between made of the line’s UTF-8, where it took it for something else; mostly nothing. */
const DECODINGS = ['none', 'none', 'none', 'mac-roman', 'windows-1252', 'latin-1'] as const

function said(signal: SignalObservation, decoding: string): string {
  const wrong = decoding === 'none' ? undefined : [{ ...signal, repaired: decoding }]
  // Not every line goes through every decoding and back.
  const text = (wrong && tradeManager.encode.message(wrong)) ?? tradeManager.encode.message([signal])
  if (text === undefined) throw new Error(`Trade Manager cannot say ${signal.action} ${signal.text}`)
  return text
}

/** The line as a reader without a config has it: encode writes what is read so. */
function untaught(line: string): SignalObservation {
  const text = JSON.stringify({ type: 'LOGS', data: line })
  const frame: Entry = { kind: 'frame', seq: 1, at: 0, conn: 1, dir: 'in', op: 'text', text }
  const signals: SignalObservation[] = []
  tradeManager.createDecoder().decode(frame, {
    observe: observation => {
      if (observation.kind === 'signal') signals.push(observation)
    },
    packet: () => {},
  })
  const [signal] = signals
  if (signal === undefined) throw new Error(`Trade Manager does not read ${line}`)
  return signal
}

/** Of all fills, to two digits where they are several. */
function priceOf({ fills, quantity }: TruthOrder): Decimal {
  const [first, ...others] = fills
  if (first !== undefined && others.length === 0) return first.price
  const cost = fills.reduce((sum, fill) => add(sum, multiply(fill.price, fill.quantity)), ZERO)
  return multiplyDivide(cost, ONE, quantity, 2)
}

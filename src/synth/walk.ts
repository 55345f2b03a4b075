import { type Decimal, multiply, multiplyDivide, ONE, subtract } from '../model/decimal.ts'
import type { QuoteFields } from '../model/quote.ts'
import { type Random, randomInteger } from '../model/random.ts'
import type { EpochMicros } from '../model/time.ts'
import type { SyntheticInstrument } from './instruments.ts'

/** An instrument at a moment: prices in ticks, sizes in units, so that nothing is ever off its grid. */
export interface InstrumentState {
  readonly instrument: SyntheticInstrument
  readonly last: number
  readonly lastTime: EpochMicros
  readonly bid: number
  readonly bidSize: number
  readonly ask: number
  readonly askSize: number
  readonly volume: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly openTime: EpochMicros
}

const SECOND = 1_000_000
const DAY = 86_400 * SECOND

export function beginState(
  instrument: SyntheticInstrument,
  leader: InstrumentState | undefined,
  random: Random,
  now: EpochMicros,
): InstrumentState {
  const open = instrument.close + randomInteger(random, -instrument.reach * 8, instrument.reach * 8)
  const last = leader?.last ?? open + randomInteger(random, -instrument.reach * 4, instrument.reach * 4)
  const book = bookAround(instrument, last, random)
  return {
    instrument,
    last,
    lastTime: venueTime(instrument, now),
    ...book,
    volume: instrument.largestSize * randomInteger(random, 500, 5000),
    open,
    high: Math.max(open, last),
    low: Math.min(open, last),
    openTime: now - (now % DAY),
  }
}

/** One step of one instrument: quiet, a new book, a trade, both, or a volume that was stated late. */
export function moveState(
  state: InstrumentState,
  leader: InstrumentState | undefined,
  random: Random,
  now: EpochMicros,
): InstrumentState {
  const { instrument } = state
  if (random.next() >= instrument.activity) return state
  const kind = random.next()
  if (kind < 0.35) return { ...state, ...bookAround(instrument, state.last, random) }
  if (kind < 0.45)
    return { ...state, volume: state.volume + randomInteger(random, 1, instrument.largestSize) }
  const traded = trade(state, leader, random, now)
  return kind < 0.75 ? traded : { ...traded, ...bookAround(instrument, traded.last, random) }
}

function trade(
  state: InstrumentState,
  leader: InstrumentState | undefined,
  random: Random,
  now: EpochMicros,
): InstrumentState {
  const { instrument } = state
  const step = randomInteger(random, -instrument.reach, instrument.reach)
  const last = Math.max(1, (leader?.last ?? state.last) + step)
  return {
    ...state,
    last,
    lastTime: venueTime(instrument, now),
    volume: state.volume + randomInteger(random, 1, instrument.largestSize),
    high: Math.max(state.high, last),
    low: Math.min(state.low, last),
  }
}

function bookAround(
  instrument: SyntheticInstrument,
  last: number,
  random: Random,
): Pick<InstrumentState, 'bid' | 'bidSize' | 'ask' | 'askSize'> {
  const spread = randomInteger(random, 1, instrument.spread)
  const bid = last - randomInteger(random, 0, spread)
  return {
    bid,
    bidSize: randomInteger(random, 1, instrument.largestSize),
    ask: bid + spread,
    askSize: randomInteger(random, 1, instrument.largestSize),
  }
}

/** Whole seconds, as the venues stamp a trade, and as long ago as the delay says. */
function venueTime(instrument: SyntheticInstrument, now: EpochMicros): EpochMicros {
  return Math.floor(now / SECOND) * SECOND - instrument.delay * SECOND
}

const HUNDRED: Decimal = { mantissa: 100, scale: 0 }

/** The whole state as a quote, in regular hours: nothing has a price outside them. */
export function quoteOf(state: InstrumentState): QuoteFields {
  const { instrument } = state
  const { tick, sizeUnit } = instrument
  const price = (ticks: number) => multiply(tick, { mantissa: ticks, scale: 0 })
  const size = (units: number) => multiply(sizeUnit, { mantissa: units, scale: 0 })
  const previousClose = price(instrument.close)
  const change = subtract(price(state.last), previousClose)
  return {
    last: price(state.last),
    lastTime: state.lastTime,
    bid: price(state.bid),
    bidSize: size(state.bidSize),
    ask: price(state.ask),
    askSize: size(state.askSize),
    volume: size(state.volume),
    open: price(state.open),
    high: price(state.high),
    low: price(state.low),
    previousClose,
    change,
    changePercent: multiplyDivide(multiply(change, HUNDRED), ONE, previousClose, 2),
    openTime: state.openTime,
    extended: null,
    extendedTime: null,
    extendedChange: null,
    extendedChangePercent: null,
    mode: instrument.mode,
    delay: instrument.delay,
    marketState: 'market',
  }
}

import { add, type Decimal, multiply, ZERO } from '../../model/decimal.ts'
import type { BarObservation, Observation, TradeObservation } from '../../model/observation.ts'
import type { EpochMicros } from '../../model/time.ts'
import { isRecord } from '../tradovate/reply.ts'
import { timeFromWire } from '../tradovate/time.ts'
import type { Chart, ChartBook } from './chart-book.ts'
import { decimalAt, idText, listAt, type Notes } from './wire-reading.ts'

/** What a chart event holds: its kind is named by it. */
export type ChartContent = 'bars' | 'ticks' | 'end' | 'other'

type ChartRecord = Readonly<Record<string, unknown>>

/** `{"id":9,"td":20170413,"bars":[…]}`, `{"id":16335,"bp":…,"tks":[…]}`, `{"id":16335,"eoh":true}`. */
export function readChart(value: unknown, book: ChartBook, notes: Notes): readonly Observation[] {
  if (!isRecord(value)) return problem(notes, 'a chart is no object')
  const id = idText(value['id'], notes)
  if (id === undefined) return problem(notes, 'chart.id is no id')
  const chart = book.of(id)
  return [
    ...listAt(value, 'bars', notes).flatMap(bar => readBar(bar, chart, notes)),
    ...readTicks(value, chart, notes),
  ]
}

export function contentOf(value: unknown): ChartContent {
  if (isRecord(value) && 'bars' in value) return 'bars'
  if (isRecord(value) && 'tks' in value) return 'ticks'
  return isRecord(value) && value['eoh'] === true ? 'end' : 'other'
}

/** Volumes come as up and down, and as bid and offer, whose sums differ in the one example: neither is taken. */
function readBar(value: unknown, chart: Chart, notes: Notes): readonly BarObservation[] {
  if (!isRecord(value)) return problem(notes, 'a bar is no object')
  const time = timeFromWire(value['timestamp'])
  const open = decimalAt(value, 'open', notes, 'bar')
  const high = decimalAt(value, 'high', notes, 'bar')
  const low = decimalAt(value, 'low', notes, 'bar')
  const close = decimalAt(value, 'close', notes, 'bar')
  if (time === undefined) return problem(notes, 'bar.timestamp is no time')
  if (!open || !high || !low || !close) return problem(notes, 'a bar without open, high, low or close')
  const { interval, name, which } = chart
  const place = { session: '', name, ...(interval === undefined ? {} : { interval }), which }
  return [{ kind: 'bar', ...place, time, open, high, low, close }]
}

/** A tick is a trade: price (bp + p) · ts, time bt + t in milliseconds. They can come out of order. */
function readTicks(chart: ChartRecord, { name }: Chart, notes: Notes): readonly TradeObservation[] {
  const ticks = listAt(chart, 'tks', notes)
  if (ticks.length === 0) return []
  const tickSize = decimalAt(chart, 'ts', notes, 'chart')
  const basePrice = decimalAt(chart, 'bp', notes, 'chart')
  if (!tickSize || !basePrice) return problem(notes, 'ticks without ts or bp')
  const baseTime = chart['bt']
  return ticks.flatMap((tick): readonly TradeObservation[] => {
    if (!isRecord(tick)) return problem(notes, 'a tick is no object')
    const offset = decimalAt(tick, 'p', notes, 'tick')
    const size = decimalAt(tick, 's', notes, 'tick')
    if (!offset) return problem(notes, 'a tick without p')
    const time = timeOf(baseTime, tick['t'], notes)
    const known = { ...(size ? { size } : {}), ...(time === undefined ? {} : { time }) }
    return [{ kind: 'trade', session: '', name, price: priceOf(basePrice, offset, tickSize), ...known }]
  })
}

function priceOf(base: Decimal, offset: Decimal, tickSize: Decimal): Decimal {
  const price = multiply(add(base, offset), tickSize)
  return price.mantissa === 0 ? ZERO : price
}

function timeOf(base: unknown, offset: unknown, notes: Notes): EpochMicros | undefined {
  if (base === undefined && offset === undefined) return undefined
  const millis = typeof base === 'number' && typeof offset === 'number' ? base + offset : Number.NaN
  const micros = millis * 1000
  if (Number.isSafeInteger(millis) && Number.isSafeInteger(micros) && millis >= 0) return micros
  notes.problems.push('bt + t is no time in milliseconds')
  return undefined
}

function problem(notes: Notes, text: string): readonly never[] {
  notes.problems.push(text)
  return []
}

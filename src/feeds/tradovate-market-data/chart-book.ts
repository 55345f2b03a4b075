import { isRecord } from '../tradovate/reply.ts'
import { bodyOf, type ClientRequest } from '../tradovate/request.ts'

/** What a chart's id stands for. */
export interface Chart {
  /** The symbol as it was asked for; `chart 9` where nobody has asked for it on this connection. */
  readonly name: string
  readonly interval?: string
  readonly which: 'current' | 'history'
}

/** Charts name themselves by an id that the answer to md/getChart gave; the symbol is in the request. */
export class ChartBook {
  readonly #charts = new Map<string, Chart>()

  /** `{"historicalId":32,"realtimeId":31}`. */
  learn(request: ClientRequest, data: unknown): void {
    if (!isRecord(data)) return
    const body = bodyOf(request)
    const { symbol, chartDescription } = body
    if (typeof symbol !== 'string' && typeof symbol !== 'number') return
    const interval = intervalOf(chartDescription)
    const chart = { name: String(symbol), ...(interval === undefined ? {} : { interval }) }
    const { historicalId, realtimeId } = data
    if (typeof historicalId === 'number')
      this.#charts.set(String(historicalId), { ...chart, which: 'history' })
    if (typeof realtimeId === 'number') this.#charts.set(String(realtimeId), { ...chart, which: 'current' })
  }

  of(id: string): Chart {
    return this.#charts.get(id) ?? { name: `chart ${id}`, which: 'history' }
  }
}

/** In the tape's words, where they have one: `1m`, `4h`, `1d`. */
function intervalOf(description: unknown): string | undefined {
  if (!isRecord(description)) return undefined
  const { underlyingType, elementSize: size, elementSizeUnit: unit } = description
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1) return undefined
  if (unit !== undefined && unit !== 'UnderlyingUnits') return undefined
  if (underlyingType === 'DailyBar') return `${size}d`
  if (underlyingType !== 'MinuteBar') return undefined
  return size % 60 === 0 ? `${size / 60}h` : `${size}m`
}

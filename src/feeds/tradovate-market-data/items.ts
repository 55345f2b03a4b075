import type { Observation } from '../../model/observation.ts'
import type { NumberReader } from '../numbers.ts'
import { COMPACT } from '../tradovate/decode.ts'
import { EntityBook } from '../tradovate/entity-book.ts'
import { entityItems } from '../tradovate/entity-items.ts'
import { type DataReader, type ItemReader, type ItemReading, taking } from '../tradovate/item.ts'
import { dataOf, isRecord } from '../tradovate/reply.ts'
import { endpointKey } from '../tradovate/request.ts'
import { ChartBook } from './chart-book.ts'
import { contentOf, readChart } from './read-chart.ts'
import { readDepth } from './read-depth.ts'
import { readCompactQuote, readQuote } from './read-quote.ts'
import { listAt, type Notes } from './wire-reading.ts'

const GET_CHART = 'md/getchart'

/** What the market data socket says, in the order in which the readers are asked. */
export function marketItems(): readonly ItemReader[] {
  const charts = new ChartBook()
  const market: ItemReader = {
    event({ event }) {
      if (event === 'md') return taking(readMarket)
      if (event === 'chart') return taking(chartReader(charts))
      return event === COMPACT ? taking(readCompact) : undefined
    },
    reply({ data }, request) {
      if (request !== undefined && endpointKey(request.endpoint) === GET_CHART)
        charts.learn(request, dataOf(data))
      return undefined
    },
  }
  return [market, entityItems(new EntityBook())]
}

const LISTS = ['quotes', 'doms', 'histograms'] as const

function readMarket(data: unknown, numbers: NumberReader, wire: unknown): ItemReading {
  if (!isRecord(data)) return nothing('md', 'd is no object')
  const list = LISTS.find(name => name in data)
  if (list === undefined) {
    const reason = 'neither quotes, doms nor histograms'
    return { kind: 'md', disposition: 'unknown', reason, observations: [], problems: [] }
  }
  const notes: Notes = { numbers, problems: [] }
  const wires = isRecord(wire) && Array.isArray(wire['quotes']) ? wire['quotes'] : []
  const observations = [
    ...listAt(data, 'quotes', notes).flatMap((quote, index) => some(readQuote(quote, wires[index], notes))),
    ...listAt(data, 'doms', notes).flatMap(dom => some(readDepth(dom, notes))),
  ]
  // A histogram says how much was traded at which price: no observation has that.
  listAt(data, 'histograms', notes)
  return { kind: `md ${list}`, disposition: 'read', observations, problems: notes.problems }
}

function readCompact(data: unknown, numbers: NumberReader, wire: unknown): ItemReading {
  const notes: Notes = { numbers, problems: [] }
  const wires = isRecord(wire) && Array.isArray(wire['q']) ? wire['q'] : []
  const quotes = isRecord(data) ? listAt(data, 'q', notes) : []
  const observations = quotes.flatMap((quote, index) => some(readCompactQuote(quote, wires[index], notes)))
  return { kind: COMPACT, disposition: 'read', observations, problems: notes.problems }
}

function chartReader(charts: ChartBook): DataReader {
  return (data, numbers) => {
    if (!isRecord(data)) return nothing('chart', 'd is no object')
    if (!('charts' in data)) {
      const reason = 'no charts'
      return { kind: 'chart', disposition: 'unknown', reason, observations: [], problems: [] }
    }
    const notes: Notes = { numbers, problems: [] }
    const list = listAt(data, 'charts', notes)
    const observations = list.flatMap(chart => readChart(chart, charts, notes))
    const contents = list.map(contentOf)
    const content = contents.find(one => one === 'bars' || one === 'ticks')
    if (contents.includes('other')) {
      const kind = content === undefined ? 'chart' : `chart ${content}`
      const reason = 'a chart with neither bars nor ticks nor the end of its history'
      return { kind, disposition: 'unknown', reason, observations, problems: notes.problems }
    }
    const disposition = content === undefined ? 'status' : 'read'
    return { kind: `chart ${content ?? 'end'}`, disposition, observations, problems: notes.problems }
  }
}

function nothing(kind: string, problem: string): ItemReading {
  return { kind, disposition: 'malformed', observations: [], problems: [problem] }
}

function some(observation: Observation | undefined): readonly Observation[] {
  return observation === undefined ? [] : [observation]
}

import type { BarObservation, InstrumentFacts } from '../../model/observation.ts'
import type { HttpExchange } from '../http-plan.ts'
import { isDecimal, numberJson } from '../tradingview/number-json.ts'
import { FACT_COLUMNS } from './read-symbols.ts'
import { resolutionOf } from './request.ts'
import { BROKER } from './wire.ts'
import { barMembers } from './write-line.ts'

const ENVELOPE: ReadonlySet<string> = new Set(['kind', 'session', 'name', 'symbol'])
const SAID: ReadonlySet<string> = new Set(FACT_COLUMNS.map(({ field }) => field))

/** `undefined` where the wire cannot say all of it. */
export function writeSymbolInfo(all: readonly InstrumentFacts[]): HttpExchange | undefined {
  const isSayable = all.every(facts => {
    const keys = Object.keys(facts).filter(key => facts[key as keyof InstrumentFacts] !== undefined)
    const isNamed = facts.name !== '' && facts.symbol !== '' && facts.symbol !== facts.name
    return isNamed && facts.session === '' && keys.every(key => ENVELOPE.has(key) || SAID.has(key))
  })
  const body = isSayable ? symbolInfoJson(all) : undefined
  return body === undefined ? undefined : answered(`${BROKER}/symbol_info`, body)
}

/** One column for each fact that any row has; null where a row has none. */
export function symbolInfoJson(all: readonly InstrumentFacts[]): string | undefined {
  const columns = new Map<string, readonly (string | undefined)[]>()
  columns.set(
    'symbol',
    all.map(({ name, symbol }) => JSON.stringify(symbol ?? name)),
  )
  if (all.some(({ symbol }) => symbol !== undefined)) {
    columns.set(
      'ticker',
      all.map(({ name }) => JSON.stringify(name)),
    )
  }
  for (const { wire, field } of FACT_COLUMNS) {
    const values = all.map(facts => facts[field])
    if (values.every(value => value === undefined)) continue
    columns.set(wire[0], values.map(valueJson))
  }
  if ([...columns.values()].some(values => values.includes(undefined))) return undefined
  const members = [...columns].map(([key, values]) => `${JSON.stringify(key)}:[${values.join(',')}]`)
  return `{${['"s":"ok"', ...members].join(',')}}`
}

function valueJson(value: unknown): string | undefined {
  if (value === undefined) return 'null'
  if (isDecimal(value)) return numberJson(value)
  // Empty says nothing.
  return typeof value === 'boolean' || (typeof value === 'string' && value !== '')
    ? JSON.stringify(value)
    : undefined
}

/** Bars of one instrument and one length. */
export function writeHistory(bars: readonly BarObservation[]): HttpExchange | undefined {
  const [first] = bars
  if (first === undefined || !first.name.isWellFormed() || first.name === '') return undefined
  const { name, interval } = first
  if (bars.some(bar => bar.name !== name || bar.interval !== interval)) return undefined
  const resolution = interval === undefined ? '' : resolutionOf(interval)
  if (resolution === undefined) return undefined
  const rows = bars.map(bar => new Map(barMembers(bar) ?? []))
  const keys = [...(rows[0]?.keys() ?? [])]
  const isEven = rows.every(row => row.size === keys.length && keys.every(key => row.get(key) !== undefined))
  if (!isEven || keys.length === 0) return undefined
  const columns = keys.map(key => `"${key}":[${rows.map(row => row.get(key)).join(',')}]`)
  const query = new URLSearchParams({ symbol: name, resolution })
  return answered(`${BROKER}/history?${query}`, `{"s":"ok",${columns.join(',')}}`)
}

function answered(url: string, body: string): HttpExchange {
  return {
    request: { method: 'GET', url, headers: [] },
    answer: { status: 200, headers: [['Content-Type', 'application/json']], body },
  }
}

import type { SessionStep } from '../feed.ts'
import type { Ask } from '../tradovate/client.ts'
import { dataOf, isRecord, type WireEvent } from '../tradovate/reply.ts'
import type { ClientRequest } from '../tradovate/request.ts'

/** Asks for the names of what comes: quotes carry contract ids, and nothing else tells what those are. */
export interface Lookups {
  find(symbol: string, ask: Ask): readonly SessionStep[]
  /** A contract that has not been seen before is asked for. */
  seen(event: WireEvent, ask: Ask): readonly SessionStep[]
  isLookup(request: ClientRequest): boolean
  /** `data` is `undefined` where the answer was a refusal. */
  answered(request: ClientRequest, data: unknown, ask: Ask): readonly SessionStep[]
}

/** From a contract to its maturity, from that to its product, and to its currency: which key leads on to what. */
const NEXT: ReadonlyMap<string, readonly [key: string, endpoint: string] | undefined> = new Map([
  ['contract/find', ['contractMaturityId', 'contractMaturity/item']],
  ['contract/item', ['contractMaturityId', 'contractMaturity/item']],
  ['contractMaturity/item', ['productId', 'product/item']],
  ['product/item', ['currencyId', 'currency/item']],
  ['currency/item', undefined],
])

/** A venue that names contracts without end is not asked about each. */
const MOST = 1000

export function createLookups(): Lookups {
  const asked = new Set<string>()
  let hasSaid = false

  function item(endpoint: string, id: unknown, ask: Ask): readonly SessionStep[] {
    if (typeof id !== 'number' || !Number.isSafeInteger(id)) return []
    return once(endpoint, `id=${id}`, ask)
  }

  function once(endpoint: string, query: string, ask: Ask): readonly SessionStep[] {
    const key = `${endpoint}?${query}`
    if (asked.has(key) || asked.size >= MOST) return []
    asked.add(key)
    return [ask(endpoint, { query })]
  }

  return {
    find(symbol, ask) {
      const isId = /^[1-9]\d{0,14}$/.test(symbol)
      if (isId) return item('contract/item', Number(symbol), ask)
      return once('contract/find', `name=${encodeURIComponent(symbol.toWellFormed())}`, ask)
    },
    seen({ data, event }, ask) {
      if (event !== 'md') return []
      return contractIds(dataOf(data)).flatMap(id => item('contract/item', id, ask))
    },
    isLookup: ({ endpoint }) => NEXT.has(endpoint),
    answered({ endpoint, query }, data, ask) {
      const entity = dataOf(data)
      if (!isRecord(entity) || typeof entity['id'] !== 'number') {
        if (hasSaid) return []
        hasSaid = true
        return [
          { kind: 'note', text: `Tradovate does not say what ${endpoint} ${query} is: it stays unnamed` },
        ]
      }
      // What was found by its name need not be asked for by its id.
      if (endpoint === 'contract/find') asked.add(`contract/item?id=${entity['id']}`)
      const next = NEXT.get(endpoint)
      return next === undefined ? [] : item(next[1], entity[next[0]], ask)
    },
  }
}

function contractIds(data: unknown): readonly unknown[] {
  if (!isRecord(data)) return []
  return ['quotes', 'doms', 'histograms'].flatMap(list => {
    const entries = data[list]
    return Array.isArray(entries)
      ? entries.map(entry => (isRecord(entry) ? entry['contractId'] : undefined))
      : []
  })
}

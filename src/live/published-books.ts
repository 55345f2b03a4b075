import type { JsonObject } from '../model/observation.ts'
import {
  type Book,
  convertedLine,
  convertedTotal,
  type EngineOptions,
  type PositionReport,
  type TotalReport,
  totalLine,
} from '../pnl/index.ts'
import { positionBody } from './publish-message.ts'

/** As they were sent last, by what identifies them. */
type Published = Map<string, { readonly id: JsonObject; readonly text: string }>
type IdOf = (body: JsonObject) => JsonObject

interface PublishedBook {
  readonly positions: Published
  readonly totals: Published
  /** The text of all in one currency, where that was asked for. */
  converted: string | undefined
}

/** What the clients have, and so what they have not. */
export class PublishedBooks {
  readonly #books = new Map<string, PublishedBook>()
  readonly #rules: Pick<EngineOptions, 'currency' | 'rates'>

  constructor(rules: Pick<EngineOptions, 'currency' | 'rates'>) {
    this.#rules = rules
  }

  /** All of it: from now on the clients have this. */
  snapshot(books: readonly Book[]): readonly JsonObject[] {
    this.#books.clear()
    return books.map(({ name, ledger }) => {
      const positions = ledger.positions().map(positionBody)
      const totals = ledger.totals().map(totalBody)
      const converted = this.#convertedBody(ledger.totals())
      this.#books.set(name, {
        positions: publishedOf(positions, positionId),
        totals: publishedOf(totals, totalId),
        converted: JSON.stringify(converted),
      })
      return { name, positions, totals, ...(converted === undefined ? {} : { converted }) }
    })
  }

  /** The books of which the clients have not all, with just that. */
  changes(books: readonly Book[]): readonly JsonObject[] {
    return books.flatMap(({ name, ledger }) => {
      const published = this.#bookOf(name)
      const positions = difference(published.positions, ledger.positions().map(positionBody), positionId)
      const totals = difference(published.totals, ledger.totals().map(totalBody), totalId)
      const converted = this.#convertedBody(ledger.totals())
      const text = JSON.stringify(converted)
      const isNew = text !== published.converted
      published.converted = text
      return bookBody(name, positions, totals, isNew ? converted : undefined)
    })
  }

  /** One position that changed, and nothing of the others: a total costs a look at all of them, and has to wait. */
  change(name: string, position: PositionReport): readonly JsonObject[] {
    const { positions } = this.#bookOf(name)
    const changed = newOf(positions, [positionBody(position)], positionId)
    return bookBody(name, { changed, gone: [] }, { changed: [], gone: [] })
  }

  #convertedBody(totals: readonly TotalReport[]): JsonObject | undefined {
    const { currency, rates = [] } = this.#rules
    if (currency === undefined) return undefined
    const { kind: _, ...body } = convertedLine(convertedTotal(totals, currency, rates))
    return body
  }

  #bookOf(name: string): PublishedBook {
    const known = this.#books.get(name) ?? {
      positions: new Map(),
      totals: new Map(),
      converted: undefined,
    }
    this.#books.set(name, known)
    return known
  }
}

interface Difference {
  readonly changed: readonly JsonObject[]
  /** What is none any longer: a position's instrument got its identity, a total its currency. */
  readonly gone: readonly JsonObject[]
}

function bookBody(
  name: string,
  positions: Difference,
  totals: Difference,
  converted?: JsonObject,
): readonly JsonObject[] {
  const counts = [positions.changed, positions.gone, totals.changed, totals.gone].map(list => list.length)
  if (counts.every(count => count === 0) && converted === undefined) return []
  const gone = {
    ...(positions.gone.length === 0 ? {} : { gonePositions: positions.gone }),
    ...(totals.gone.length === 0 ? {} : { goneTotals: totals.gone }),
  }
  const all = converted === undefined ? {} : { converted }
  return [{ name, positions: positions.changed, totals: totals.changed, ...all, ...gone }]
}

function difference(published: Published, now: readonly JsonObject[], idOf: IdOf): Difference {
  const changed = newOf(published, now, idOf)
  if (published.size === now.length) return { changed, gone: [] }
  const ids = new Set(now.map(body => JSON.stringify(idOf(body))))
  const gone = [...published].filter(([id]) => !ids.has(id))
  for (const [id] of gone) published.delete(id)
  return { changed, gone: gone.map(([, { id }]) => id) }
}

/** Those that are not as they were published; from now on they are. */
function newOf(published: Published, bodies: readonly JsonObject[], idOf: IdOf): readonly JsonObject[] {
  return bodies.filter(body => {
    const id = idOf(body)
    const key = JSON.stringify(id)
    const text = JSON.stringify(body)
    if (published.get(key)?.text === text) return false
    published.set(key, { id, text })
    return true
  })
}

function publishedOf(bodies: readonly JsonObject[], idOf: IdOf): Published {
  return new Map(
    bodies.map(body => {
      const id = idOf(body)
      return [JSON.stringify(id), { id, text: JSON.stringify(body) }]
    }),
  )
}

function totalBody(total: TotalReport): JsonObject {
  const { kind: _, ...body } = totalLine(total)
  return body
}

/** What tells positions of one book apart. */
function positionId({ instrument = null, account, strategy, timeframe }: JsonObject): JsonObject {
  return {
    instrument,
    ...(account === undefined ? {} : { account }),
    ...(strategy === undefined ? {} : { strategy }),
    ...(timeframe === undefined ? {} : { timeframe }),
  }
}

/** A total is its currency's; without one it is its only instrument's. */
function totalId({ currency = null, instruments = [] }: JsonObject): JsonObject {
  return currency === null ? { currency, instruments } : { currency }
}

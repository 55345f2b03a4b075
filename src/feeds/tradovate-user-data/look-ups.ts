import type { SessionStep } from '../feed.ts'
import type { Ask } from '../tradovate/client.ts'
import { isRecord } from '../tradovate/reply.ts'

/** What may be looked up by its id, and where that stands. */
const ENDPOINTS = {
  contract: 'contract/item',
  contractMaturity: 'contractMaturity/item',
  product: 'product/item',
  currency: 'currency/item',
} as const
type LookedUp = keyof typeof ENDPOINTS

/** Where an entity names another: of which type that is. */
const NAMES: readonly (readonly [key: string, type: LookedUp])[] = [
  ['contractId', 'contract'],
  ['contractMaturityId', 'contractMaturity'],
  ['productId', 'product'],
  // A product's; balances have one too, and the same.
  ['currencyId', 'currency'],
]

/** More contracts than that and something is wrong; each costs up to four requests of 5,000 an hour. */
const MOST = 1000

export interface LookUps {
  /** Entities of one type came: they are known now, and what they name is asked for, each id once. */
  met(type: string, entities: readonly unknown[], ask: Ask): readonly SessionStep[]
}

/**
 * Contract ids get their names on the tape. A sync reply has the contracts of what is held and working; what is
 * traded later, and everything on a flat account, has to be looked up, on the query line: on the body's the venue
 * answers 404 (QV, 2026-09-21).
 */
export function createLookUps(): LookUps {
  const known = new Set<string>()
  let asked = 0

  function learn(type: string, entity: unknown): void {
    const id = isRecord(entity) ? entity['id'] : undefined
    if (type in ENDPOINTS && typeof id === 'number') known.add(`${type} ${id}`)
  }

  function* missing(entity: unknown, ask: Ask): Iterable<SessionStep> {
    if (!isRecord(entity)) return
    for (const [key, type] of NAMES) {
      const id = entity[key]
      if (!Number.isSafeInteger(id) || known.has(`${type} ${id}`)) continue
      known.add(`${type} ${id}`)
      asked += 1
      if (asked < MOST) yield ask(ENDPOINTS[type], { query: `id=${id}` })
      else if (asked === MOST) yield { kind: 'note', text: `more than ${MOST} look-ups: no more are made` }
    }
  }

  return {
    met(type, entities, ask) {
      for (const entity of entities) learn(type, entity)
      return entities.flatMap(entity => [...missing(entity, ask)])
    },
  }
}

/** The type whose entity the answer of this endpoint is. */
export function lookedUp(endpoint: string): string | undefined {
  return Object.entries(ENDPOINTS).find(([, one]) => one === endpoint)?.[0]
}

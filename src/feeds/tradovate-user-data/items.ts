import type { EntityBatch } from '../tradovate/entity-batch.ts'
import { batchOfProps, batchOfSync } from '../tradovate/entity-batch.ts'
import { EntityBook } from '../tradovate/entity-book.ts'
import { entityItems } from '../tradovate/entity-items.ts'
import { readEntities } from '../tradovate/entity-reading.ts'
import { isSyncList } from '../tradovate/entity-types.ts'
import type { ItemReader, ItemTaker, Taken } from '../tradovate/item.ts'
import { dataOf, isRecord } from '../tradovate/reply.ts'
import { endpointKey } from '../tradovate/request.ts'
import { listedAccounts, withListings } from './listing.ts'

export const SYNC = 'user/syncrequest'
const SYNC_REPLY = `reply ${SYNC}`

/** What the user's socket says, in the order in which the readers are asked. */
export function userItems(): readonly ItemReader[] {
  const book = new EntityBook()
  return [
    {
      event({ event, data }) {
        if (event !== 'props') return undefined
        const news = dataOf(data)
        return taken(kindOfProps(news, batchOfProps(news)), batchOfProps)
      },
      reply({ data }, request) {
        const answer = dataOf(data)
        const isAsked = request !== undefined && endpointKey(request.endpoint) === SYNC
        if (isSync(answer) || (isAsked && hasLists(answer))) {
          const take = taken(SYNC_REPLY, again => batchOfSync(isRecord(again) ? again : {}))
          return withListings(take, listedAccounts(answer, request))
        }
        if (isAsked && isUnknownForm(answer)) return () => UNKNOWN_SYNC
        return isPlacedOso(answer) ? () => PLACED_OSO : undefined
      },
    },
    entityItems(book),
  ]

  function taken(kind: string, batchOf: (data: unknown) => EntityBatch): ItemTaker {
    return (payload, value, keepWire) => {
      const data = dataOf(isRecord(value) ? value['d'] : undefined)
      const { observations, ...finding } = readEntities({ payload, data, batchOf }, book, keepWire)
      // A part of a split answer may hold the user and nothing else.
      const isPart = kind === SYNC_REPLY && finding.disposition === 'status'
      return { finding: { kind, ...finding, ...(isPart ? { disposition: 'read' } : {}) }, observations }
    }
  }
}

const CORRECTIONS: ReadonlySet<unknown> = new Set(['TradeCancel', 'TradeCorrect'])

/** `props fill`; a report that takes a trade back is a kind of its own, so that it is seen. */
function kindOfProps(data: unknown, { news }: EntityBatch): string {
  const [only, ...others] = new Set(news.map(({ type }) => type.name))
  if (others.length > 0) return 'props (several types)'
  if (only === undefined) return `props ${wordOf(data)}`
  const correction = news.map(({ entity }) => entity['execType']).find(type => CORRECTIONS.has(type))
  return only === 'executionReport' && typeof correction === 'string'
    ? `props ${only} ${correction}`
    : `props ${only}`
}

/** What an event calls a type that is in no table. */
function wordOf(data: unknown): string {
  const event: unknown = Array.isArray(data) ? data[0] : data
  const type = isRecord(event) ? event['entityType'] : undefined
  return typeof type === 'string' && /^\w{1,60}$/.test(type) ? type : '(no type)'
}

/** One list is enough: with `splitResponses` an answer may hold any of them. */
function isSync(answer: unknown): boolean {
  return isRecord(answer) && Object.keys(answer).some(key => isSyncList(key) && Array.isArray(answer[key]))
}

function hasLists(answer: unknown): boolean {
  return isRecord(answer) && Object.keys(answer).some(isSyncList)
}

/** How split answers are marked off is not public: what holds no list that we know must be seen. */
function isUnknownForm(answer: unknown): boolean {
  if (!isRecord(answer)) return answer !== undefined && answer !== ''
  return Object.keys(answer).length > 0 && answer['ok'] !== true
}

const UNKNOWN_SYNC: Taken = {
  finding: {
    kind: SYNC_REPLY,
    disposition: 'unknown',
    reason: 'an answer to user/syncrequest of a form that is not known',
  },
  observations: [],
}

/** `{"orderId":663695020149,"oso1Id":663695020150,"oso2Id":663695020151}` (QV, 2026-09-21). */
function isPlacedOso(answer: unknown): boolean {
  return isRecord(answer) && typeof answer['orderId'] === 'number' && typeof answer['oso1Id'] === 'number'
}

const PLACED_OSO: Taken = {
  finding: { kind: 'reply order/placeoso', disposition: 'status' },
  observations: [],
}

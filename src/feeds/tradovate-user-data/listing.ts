import type { ListingObservation } from '../../model/account.ts'
import type { ItemTaker } from '../tradovate/item.ts'
import { isRecord } from '../tradovate/reply.ts'
import type { ClientRequest } from '../tradovate/request.ts'

/** An answer whose request is not on the tape is whole if it has what only a whole one was ever seen with. */
const OF_A_WHOLE = ['users', 'accounts', 'cashBalances', 'orders', 'fills', 'positions']

/**
 * The accounts all of whose positions an answer to user/syncrequest lists. A split answer comes in parts, and how
 * they end is not known: of none of them can it be said. A flat account's list is empty (demo_user_socket_2026-06-14).
 */
export function listedAccounts(answer: unknown, request: ClientRequest | undefined): readonly string[] {
  if (!isRecord(answer) || !Array.isArray(answer['positions']) || !Array.isArray(answer['accounts']))
    return []
  const isWhole =
    request === undefined
      ? OF_A_WHOLE.every(list => Array.isArray(answer[list]))
      : !/"(?:splitResponses|entityTypes)"/i.test(request.body)
  if (!isWhole) return []
  const accounts: readonly unknown[] = answer['accounts']
  return accounts.flatMap(account => (isRecord(account) ? idOf(account['id']) : []))
}

/** Says so behind the positions themselves, unless something of the answer could not be read. */
export function withListings(take: ItemTaker, accounts: readonly string[]): ItemTaker {
  if (accounts.length === 0) return take
  return (payload, value, keepWire) => {
    const taken = take(payload, value, keepWire)
    if (taken.finding.disposition === 'malformed') return taken
    return { ...taken, observations: [...taken.observations, ...accounts.map(listing)] }
  }
}

function listing(account: string): ListingObservation {
  return { kind: 'listing', of: 'position', session: '', name: '', account }
}

function idOf(id: unknown): readonly string[] {
  return Number.isSafeInteger(id) ? [String(id)] : []
}

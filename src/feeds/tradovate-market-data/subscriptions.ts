import type { SubscriptionChange } from '../feed.ts'
import { bodyOf, endpointKey, readClientMessage } from '../tradovate/request.ts'

/** Under the symbol that the client wrote: a contract's id, or a name that only a look-up leads to the id. */
export function subscriptionsOf(message: string): readonly SubscriptionChange[] {
  const read = readClientMessage(message)
  if (read.kind !== 'request') return []
  const [, remove] = /^md\/(un)?subscribequote$/.exec(endpointKey(read.request.endpoint)) ?? [
    undefined,
    'none',
  ]
  const { symbol } = bodyOf(read.request)
  if (remove === 'none' || (typeof symbol !== 'string' && typeof symbol !== 'number')) return []
  return [{ kind: remove === undefined ? 'add' : 'remove', session: '', name: String(symbol) }]
}

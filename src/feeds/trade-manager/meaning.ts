import { jsonText } from '../../model/errors.ts'
import { objectIn } from './message.ts'

/** Who asks, and for which of their own accounts: it says nothing of what is asked for. */
const WHO: ReadonlySet<string> = new Set(['type', 'user', 'token'])

/** `["CLOSE_TRADE","strat_name","X",…]`: two clients that ask the same are equal, whoever they are. */
export function meanings(text: string): readonly string[] {
  const message = objectIn(text)
  const type: unknown = message?.['type']
  if (message === undefined || typeof type !== 'string') return [`unreadable ${text}`]
  if (type === 'PING') return ['heartbeat']
  const asked = Object.entries(message).filter(([key]) => {
    return !WHO.has(key) && !(type === 'ACCSETUP' && key === 'id')
  })
  return [jsonText([type, ...asked.sort(([a], [b]) => (a < b ? -1 : 1)).flat()])]
}

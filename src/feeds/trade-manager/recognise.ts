import type { Recognition } from '../feed.ts'
import { isRecord, objectIn } from './message.ts'
import { isGreeting, isUnauthorized, kindOfType } from './wire.ts'

/** Many wires wrap in `type` and `data`: sure is only what holds words of this one's own. */
export function recognise(text: string): Recognition | undefined {
  if (isUnauthorized(text)) return { confidence: 'possible', why: 'its words for a refusal, in plain text' }
  const message = objectIn(text)
  if (message === undefined) return undefined
  if (isGreeting(message)) return { confidence: 'certain', why: 'its greeting, without a type' }
  const { type, data } = message
  if (typeof type !== 'string') return undefined
  if (isOwn(type, data)) return { confidence: 'certain', why: `a ${type} message with its own keys` }
  if (kindOfType('in', type) === undefined && kindOfType('out', type) === undefined) return undefined
  const isRare = /^(?:ACCSETUP|SYMCHECK|CLOSE_TRADE|AUTHID)/.test(type)
  return { confidence: isRare ? 'likely' : 'possible', why: `a message of the type ${type}` }
}

function isOwn(type: string, data: unknown): boolean {
  if (type === 'DATA') return isRecord(data) && typeof data['ticker'] === 'string' && 'tickinfo' in data
  if (type === 'LOGS') return typeof data === 'string' && data.includes('[RECORDER]')
  if (type !== 'TRADES' || !Array.isArray(data)) return false
  const [row]: readonly unknown[] = data
  return isRecord(row) && 'Strat_Name' in row && 'Direction' in row
}

import type { Recognition } from '../feed.ts'
import { itemsOf } from '../tradovate/framing.ts'
import { dataOf, isRecord, readItem } from '../tradovate/reply.ts'
import { endpointKey, readClientMessage } from '../tradovate/request.ts'
import { isExportRow } from './export-rows.ts'
import { SYNC } from './items.ts'

/** Entities are pushed on this socket and on no other; what both sockets say alone tells neither. */
export function recognise(text: string): Recognition | undefined {
  const row = isExportRow(text)
  if (row !== undefined) return { confidence: 'certain', why: `a ${row} row of Tradovate’s export of fills` }
  const message = readClientMessage(text)
  if (message.kind === 'request') {
    const key = endpointKey(message.request.endpoint)
    if (key === SYNC) return { confidence: 'certain', why: 'a user/syncrequest' }
    return key === 'authorize' ? { confidence: 'possible', why: 'a Tradovate socket’s authorize' } : undefined
  }
  const framed = itemsOf(text)
    .map(whyOf)
    .find(why => why !== undefined)
  if (framed !== undefined) return { confidence: 'certain', why: `in an a[…] frame, ${framed}` }
  const bare = whyOf(parsed(text))
  if (bare !== undefined) return { confidence: 'likely', why: `without its a[…] frame, ${bare}` }
  return /^a\[\{"s":\d{3},"i":\d/.test(text)
    ? { confidence: 'possible', why: 'an answer of a Tradovate socket' }
    : undefined
}

function whyOf(value: unknown): string | undefined {
  const item = readItem(value)
  if (item.kind === 'event' && item.event === 'props') {
    const data = dataOf(item.data)
    const [first]: readonly unknown[] = Array.isArray(data) ? data : [data]
    return isRecord(first) && typeof first['entityType'] === 'string' ? 'a props event' : undefined
  }
  if (item.kind !== 'reply' || !isRecord(item.data)) return undefined
  const { users, contractGroups } = item.data
  return Array.isArray(users) && Array.isArray(contractGroups) ? 'a sync reply’s lists' : undefined
}

function parsed(text: string): unknown {
  if (!text.startsWith('{')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

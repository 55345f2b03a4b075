import type { Recognition } from '../feed.ts'
import { itemsOf, readServerFrame } from '../tradovate/framing.ts'
import { isRecord, readItem } from '../tradovate/reply.ts'
import { endpointKey, readClientMessage } from '../tradovate/request.ts'

/** A longer text is judged by its beginning only, which is no JSON: it is not parsed to be recognised. */
const MOST = 4 * 1024 * 1024

export function recognise(text: string): Recognition | undefined {
  if (text.length > MOST) return undefined
  if (text.startsWith('a')) return recogniseItems(itemsOf(text))
  if (text.startsWith('c[')) {
    const isClose = readServerFrame(text).kind === 'close'
    return isClose ? { confidence: 'possible', why: 'a close as SockJS writes it' } : undefined
  }
  return text.includes('\n') ? recogniseRequest(text) : recogniseBare(text)
}

function recogniseItems(values: readonly unknown[]): Recognition | undefined {
  const items = values.map(readItem)
  if (values.some(isMarketEvent)) return { confidence: 'certain', why: 'a[…] with an md or chart event' }
  // Both sockets have answers and session events alike.
  if (items.some(item => item.kind === 'reply'))
    return { confidence: 'likely', why: 'a[…] with answers {s,i}' }
  if (items.some(item => item.kind === 'compact')) {
    return { confidence: 'likely', why: 'a[…] with the web trader’s quotes' }
  }
  const isSession = items.some(item => item.kind === 'event' && /^(?:shutdown|clock)$/.test(item.event))
  return isSession ? { confidence: 'likely', why: 'a[…] with shutdown or clock' } : undefined
}

const LISTS = ['quotes', 'doms', 'histograms', 'charts']

function isMarketEvent(value: unknown): boolean {
  if (!isRecord(value) || (value['e'] !== 'md' && value['e'] !== 'chart')) return false
  const data = value['d']
  return isRecord(data) && LISTS.some(list => Array.isArray(data[list]))
}

function recogniseRequest(text: string): Recognition | undefined {
  const message = readClientMessage(text)
  if (message.kind !== 'request') return undefined
  const key = endpointKey(message.request.endpoint)
  if (key.startsWith('md/')) return { confidence: 'certain', why: 'a request to md/ with its three newlines' }
  return key === 'authorize' || key.includes('/')
    ? { confidence: 'likely', why: 'endpoint, id, query and body on lines of their own' }
    : undefined
}

/** As a log of another client keeps it, without its frame; the decoder wants it in one. */
function recogniseBare(text: string): Recognition | undefined {
  if (!/^\s{0,8}\{\s{0,8}"(?:e|d)"/.test(text)) return undefined
  try {
    const isMarket = isMarketEvent(JSON.parse(text))
    return isMarket ? { confidence: 'possible', why: 'an md or chart event, but not in a[…]' } : undefined
  } catch {
    return undefined
  }
}

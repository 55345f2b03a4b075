import { jsonText } from '../../model/errors.ts'
import type { QuoteFields } from '../../model/quote.ts'
import type { Conversation, ConversationOptions, ConversationPlan } from '../feed.ts'
import { encode } from './encode.ts'

/** A synthetic venue: `{"type":"SUBSCRIBE","symbol":"X"}` is answered by `{"type":"DATA","data":{…}}`. */
export const conversation: ConversationPlan = {
  path: '/socket',
  beatEvery: 15_000_000,
  start,
  meanings: text => [meaningOf(text)],
  idsOf: text => [...(ID.exec(text)?.[1] === undefined ? [] : [idIn(text)])],
  rewrite: (text, ids) => {
    const other = ids.get(idIn(text))
    return other === undefined ? text : text.replace(ID, `"id":${JSON.stringify(other)}`)
  },
}

/** A request's number, of the client's own choice: a string here. */
const ID = /"id"\s{0,8}:\s{0,8}"([^"\\]{1,100})"/

function idIn(text: string): string {
  return ID.exec(text)?.[1] ?? ''
}

function meaningOf(text: string): string {
  const message = objectIn(text)
  if (message === undefined) return `unreadable ${text}`
  const { id: _, ...rest } = message
  return jsonText(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

const FIELDS = ['bid', 'ask', 'last', 'bidSize', 'askSize', 'lastSize', 'lastTime', 'volume'] as const

function start({ market }: ConversationOptions): Conversation {
  const names = new Set<string>()
  return {
    opened: () => ['{"type":"HELLO","data":{"venue":"synthetic"}}'],
    received(text) {
      const { type, symbol } = objectIn(text) ?? {}
      if (type === 'PONG') return []
      if (type !== 'SUBSCRIBE' || typeof symbol !== 'string') return [refusal('cannot read this request')]
      const quote = market.quote(symbol)
      if (quote === undefined) return [refusal(`no such symbol: ${symbol}`)]
      names.add(symbol)
      return said(symbol, quote)
    },
    beat: () => ['{"type":"PING"}'],
    moved: (name, fields) => (names.has(name) ? said(name, fields) : []),
    isOver: () => false,
  }
}

/** Only what this venue has words for; its times are whole milliseconds. */
function said(name: string, fields: QuoteFields): readonly string[] {
  const known = Object.fromEntries(
    FIELDS.flatMap(field => {
      const value = fields[field]
      if (value === undefined) return []
      return [[field, typeof value === 'number' ? value - (value % 1_000) : value]]
    }),
  )
  const text = encode.message([{ kind: 'quote', session: '', name, fields: known }])
  return text === undefined ? [] : [text]
}

function refusal(reason: string): string {
  return JSON.stringify({ type: 'ERROR', data: { reason } })
}

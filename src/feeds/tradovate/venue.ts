import type { QuoteFields } from '../../model/quote.ts'
import type { Conversation } from '../feed.ts'
import { frameOf } from './framing.ts'
import { type ClientRequest, endpointKey, readClientMessage } from './request.ts'

/** What a venue of either socket answers and pushes, as items: `{"s":200,"i":1}`, `{"e":"md","d":{…}}`. */
export interface VenuePlan {
  /** Of a client that is signed in; `undefined`: no such endpoint. */
  answer(request: ClientRequest): readonly string[] | undefined
  moved(name: string, fields: QuoteFields): readonly string[]
}

/** The server's side of either socket: `o`, authorize, `h` when quiet, and what the plan says. */
export function startVenue(plan: VenuePlan): Conversation {
  let isSignedIn = false
  let isOver = false
  let isQuiet = true

  function answer(request: ClientRequest): readonly string[] {
    if (endpointKey(request.endpoint) === 'authorize') return [authorize(request)]
    // Its words for this are not known; that a socket must sign in first is (issue #23).
    if (!isSignedIn) return [replyText(request.id, 401, 'Access is denied')]
    return plan.answer(request) ?? [notFound(request)]
  }

  function authorize({ id, body }: ClientRequest): string {
    isSignedIn = isGoodToken(body)
    isOver = !isSignedIn
    return isSignedIn ? replyText(id, 200) : replyText(id, 401, 'Invalid access token')
  }

  function framed(items: readonly string[]): readonly string[] {
    if (items.length === 0) return []
    isQuiet = false
    return [frameOf(items)]
  }

  return {
    opened: () => ['o'],
    received(text) {
      const message = readClientMessage(text)
      if (message.kind === 'request') return framed(answer(message.request))
      if (message.kind === 'heartbeat') return []
      isOver = true
      return ['c[3000,"Go away!"]']
    },
    beat() {
      const messages = isQuiet ? ['h'] : []
      isQuiet = true
      return messages
    },
    moved: (name, fields) => framed(isSignedIn ? plan.moved(name, fields) : []),
    isOver: () => isOver,
  }
}

/** Whom it stands for is nobody's business here: an empty one, one with blanks and `expired…` stand for nobody. */
export function isGoodToken(body: string): boolean {
  return /^"?(?!expired)[\x21-\x7e]{6,}$/.test(body)
}

/** `{"s":200,"i":1}`; `d` is left out where there is none, also on success. */
export function replyText(id: string, status: number, data?: unknown): string {
  return `{"s":${status},"i":${Number(id)}${data === undefined ? '' : `,"d":${JSON.stringify(data)}`}}`
}

/** `{"s":404,"i":1,"d":"\"Not found: quote/subscribe\""}`: a string in a string (JT). */
function notFound({ id, endpoint }: ClientRequest): string {
  return replyText(id, 404, JSON.stringify(`Not found: ${endpoint}`))
}

/** What a client's message asks for, without the id that it chose and without its token. */
export function meaningsOf(text: string): readonly string[] {
  const message = readClientMessage(text)
  switch (message.kind) {
    case 'heartbeat':
      return ['heartbeat']
    case 'broken':
      return [text]
    case 'request': {
      const { endpoint, query, body } = message.request
      const key = endpointKey(endpoint)
      return [key === 'authorize' ? key : `${key} ${query} ${body}`]
    }
    default:
      return message satisfies never
  }
}

export function idsOf(text: string): readonly string[] {
  const message = readClientMessage(text)
  return message.kind === 'request' ? [message.request.id] : []
}

export function rewritten(text: string, ids: ReadonlyMap<string, string>): string {
  const message = readClientMessage(text)
  if (message.kind !== 'request') return text
  const { endpoint, id, query, body } = message.request
  return `${endpoint}\n${ids.get(id) ?? id}\n${query}\n${body}`
}

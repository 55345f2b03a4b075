import type { ClientSession, SessionOptions, SessionStep } from '../feed.ts'
import type { TokenKey } from './auth.ts'
import { readServerFrame } from './framing.ts'
import { authorizeRefusal, closeNote, penaltySteps, shutdownRefusal } from './refusal.ts'
import { penaltyOf, type Reply, readItem, type WireEvent } from './reply.ts'
import { bodyOf, CLIENT_BEAT_EVERY, CLIENT_HEARTBEAT, type ClientRequest, requestText } from './request.ts'

/** Asks: under an id of its own, remembered until it is answered. */
export type Ask = (
  endpoint: string,
  parts?: { readonly query?: string; readonly body?: string },
) => SessionStep

/** What a socket's client wants, once it is taken in. */
export interface ClientPlan {
  readonly options: SessionOptions
  readonly url: string
  readonly token: TokenKey
  readonly variable: string
  accepted(ask: Ask): readonly SessionStep[]
  /** The answer to one of `ask`'s requests; penalties are dealt with before. */
  replied(reply: Reply, request: ClientRequest, ask: Ask): readonly SessionStep[]
  happened?(event: WireEvent, ask: Ask): readonly SessionStep[]
  /** Whether more than one answer may come to it (a split sync). */
  comesInParts?(request: ClientRequest): boolean
}

/** The server says `h` while nothing else comes; TS gives a socket up after 15 s, and a pushed-out one stays silent. */
const SILENCE = 15_000_000

const MOST_PENALTIES = 3

/** The client of either socket: signs in at `o`, beats, waits penalties out, and hands the rest to its plan. */
export function startClient(plan: ClientPlan): ClientSession {
  const { options } = plan
  const token = options.credentials[plan.token]
  const waiting = new Map<string, ClientRequest>()
  let lastId = 0
  let hasAuthorized = false
  let penalties = 0

  const ask: Ask = (endpoint, { query = '', body = '' } = {}) => {
    lastId += 1
    const id = String(lastId)
    waiting.set(id, { endpoint, id, query, body })
    return { kind: 'send', text: requestText(endpoint, id, { query, body }) }
  }

  /** With `o`; at the first beat where a server says none (TS). */
  function authorize(): readonly SessionStep[] {
    if (hasAuthorized || token === undefined) return []
    hasAuthorized = true
    return [ask('authorize', { body: token })]
  }

  function replied(reply: Reply): readonly SessionStep[] {
    const request = waiting.get(reply.id)
    if (request === undefined) return []
    if (plan.comesInParts?.(request) !== true) waiting.delete(reply.id)
    const penalty = penaltyOf(reply.data)
    if (penalty !== undefined) {
      penalties += 1
      if (penalties > MOST_PENALTIES) return [STILL_PENALISED]
      return penaltySteps(penalty, [ask(request.endpoint, withTicket(request, penalty.ticket))])
    }
    if (request.endpoint !== 'authorize') return plan.replied(reply, request, ask)
    const refusal = authorizeRefusal(reply)
    return refusal === undefined ? [{ kind: 'accepted' }, ...plan.accepted(ask)] : [refusal]
  }

  function happened(event: WireEvent): readonly SessionStep[] {
    if (event.event === 'shutdown') return [shutdownRefusal(event.data)]
    return plan.happened?.(event, ask) ?? []
  }

  return {
    url: options.url ?? plan.url,
    headers: {},
    standing: 'login',
    ...(options.expires === undefined ? {} : { expires: options.expires }),
    silence: SILENCE,
    beat: {
      every: CLIENT_BEAT_EVERY,
      send: () => [...authorize(), { kind: 'send', text: CLIENT_HEARTBEAT }],
    },
    opened: () => (token === undefined ? [noToken(plan.variable)] : []),
    received(text) {
      const frame = readServerFrame(text)
      if (frame.kind === 'open') return authorize()
      if (frame.kind === 'close') return [closeNote(frame.code, frame.reason)]
      if (frame.kind !== 'items') return []
      return frame.items.flatMap(({ value }) => {
        const item = readItem(value)
        if (item.kind === 'reply') return replied(item)
        if (item.kind === 'event') return happened(item)
        return []
      })
    },
  }
}

/**
 * The same request with its ticket: in the body, as documented; on the query line where that is what carries the
 * parameters, or where the body is no JSON (authorize). For these no source says how.
 */
function withTicket(
  request: ClientRequest,
  ticket: string,
): { readonly query: string; readonly body: string } {
  const { query, body } = request
  if (body.startsWith('{')) return { query, body: JSON.stringify({ ...bodyOf(request), 'p-ticket': ticket }) }
  const parameter = `p-ticket=${encodeURIComponent(ticket)}`
  return { query: query === '' ? parameter : `${query}&${parameter}`, body }
}

const STILL_PENALISED: SessionStep = {
  kind: 'refused',
  final: true,
  reason: `Tradovate penalises again, after ${MOST_PENALTIES} tickets waited out on one connection`,
  next: 'wait about an hour without trying, and ask for fewer symbols at a time',
}

function noToken(variable: string): SessionStep {
  return {
    kind: 'refused',
    final: true,
    reason: 'there is no token to sign in with',
    next: `give ${variable}, or FEEDTAPE_TRADOVATE_NAME and FEEDTAPE_TRADOVATE_PASSWORD for a login of its own`,
  }
}

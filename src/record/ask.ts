import http, { type ClientRequest, type IncomingMessage, Agent as PlainAgent } from 'node:http'
import https, { Agent as SafeAgent } from 'node:https'
import type { HttpRequest } from '../feeds/index.ts'
import type { HeaderList } from '../tape/index.ts'
import { sentHeaders } from './payload.ts'

/** Connections of one source: one at a time, kept for the next request. */
export interface Agents {
  readonly plain: PlainAgent
  readonly safe: SafeAgent
  end(): void
}

export function createAgents(): Agents {
  const plain = new PlainAgent({ keepAlive: true, maxSockets: 1 })
  const safe = new SafeAgent({ keepAlive: true, maxSockets: 1 })
  return {
    plain,
    safe,
    end() {
      plain.destroy()
      safe.destroy()
    },
  }
}

export interface Question {
  readonly request: HttpRequest
  readonly agents: Agents
  /** Sent unless the request has one of its own. */
  readonly userAgent: string
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal
  /** The headers as they go out; once, also where it is sent again. */
  readonly onSent: (headers: HeaderList) => void
}

/** What can be undone again (body.ts); nothing where a stream would be packed. */
const ENCODINGS = 'gzip, br'

/** Resolves at the answer's head. Follows no redirect: it would carry credentials along. */
export async function ask(question: Question): Promise<IncomingMessage> {
  let isSaid = false
  const onSent = (headers: HeaderList): void => {
    if (!isSaid) question.onSent(headers)
    isSaid = true
  }
  const first = await attempt(question, onSent)
  if (!('again' in first)) return first
  const second = await attempt(question, onSent)
  if ('again' in second) throw second.again
  return second
}

/** `again`: the kept connection had been closed by the venue meanwhile, as it may (RFC 9112 9.3.1). A POST may have been heard. */
function attempt(
  question: Question,
  onSent: Question['onSent'],
): Promise<IncomingMessage | { readonly again: Error }> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage | { readonly again: Error }>()
  const outgoing = requestOf(question)
  const isSafe = question.request.method === 'GET'
  outgoing.once('response', resolve)
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    if (isSafe && outgoing.reusedSocket && error.code === 'ECONNRESET') resolve({ again: error })
    else reject(error)
  })
  outgoing.once('close', () => reject(new Error('the connection ended without an answer')))
  onSent(sentHeaders(outgoing))
  outgoing.end(question.request.body)
  return promise
}

function requestOf({ agents, request, signal, userAgent }: Question): ClientRequest {
  const { body, headers, method, url } = request
  const target = new URL(url)
  // Called on the module itself: what stands in for it in a test (msw) is not seen by an imported name.
  const outgoing =
    target.protocol === 'https:'
      ? https.request(target, { method, signal, agent: agents.safe })
      : http.request(target, { method, signal, agent: agents.plain })
  const given = new Set(headers.map(([name]) => name.toLowerCase()))
  for (const [name, value] of headers) outgoing.appendHeader(name, value)
  if (!given.has('user-agent')) outgoing.setHeader('User-Agent', userAgent)
  if (!given.has('accept-encoding')) outgoing.setHeader('Accept-Encoding', ENCODINGS)
  if (body !== undefined) outgoing.setHeader('Content-Length', Buffer.byteLength(body))
  return outgoing
}

/**
 * What a client sends: `endpoint\nid\nquery\nbody`, always with three newlines, empty lines kept, no leading slash
 * (tradovate-and-trade-manager.md 2); and `[]`, its heartbeat.
 */
export interface ClientRequest {
  /** As written; names are case-insensitive: compare by `endpointKey`. */
  readonly endpoint: string
  /** Digits, unique per connection. 0 is one. */
  readonly id: string
  readonly query: string
  readonly body: string
}

export type ClientMessage =
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'request'; readonly request: ClientRequest }
  | { readonly kind: 'broken'; readonly reason: string }

/** Due every 2.5 s, always, also while messages arrive. */
export const CLIENT_HEARTBEAT = '[]'

/** Micros. */
export const CLIENT_BEAT_EVERY = 2_500_000

/** Look-ups want their parameters on the query line; on the body's they are answered 404 with `""` (QV, 2026-09-21). */
export function requestText(
  endpoint: string,
  id: number | string,
  { query = '', body = '' }: { readonly query?: string; readonly body?: string } = {},
): string {
  return `${endpoint}\n${id}\n${query}\n${body}`
}

export function readClientMessage(text: string): ClientMessage {
  if (text === CLIENT_HEARTBEAT) return { kind: 'heartbeat' }
  const first = text.indexOf('\n')
  const second = first < 0 ? -1 : text.indexOf('\n', first + 1)
  const third = second < 0 ? -1 : text.indexOf('\n', second + 1)
  if (third < 0) return { kind: 'broken', reason: 'no endpoint, id, query and body with three newlines' }
  const endpoint = text.slice(0, first)
  const id = text.slice(first + 1, second)
  if (!/^\/?[A-Za-z][A-Za-z0-9]{0,63}(?:\/[A-Za-z0-9]{1,64}){0,3}$/.test(endpoint)) {
    return { kind: 'broken', reason: 'the first line is no endpoint' }
  }
  if (!/^\d{1,15}$/.test(id)) return { kind: 'broken', reason: 'the second line is no id of digits' }
  const query = text.slice(second + 1, third)
  return { kind: 'request', request: { endpoint, id, query, body: text.slice(third + 1) } }
}

/** One spelling for comparing: `md/subscribequote`. */
export function endpointKey(endpoint: string): string {
  return endpoint.replace(/^\//, '').toLowerCase()
}

/** The body as an object; `{}` where it is none. */
export function bodyOf({ body }: Pick<ClientRequest, 'body'>): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}

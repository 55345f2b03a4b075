import { jsonText } from '../../model/errors.ts'
import { framePacket, nextPacket } from './framing.ts'
import { type ClientPacket, requestsOf } from './request.ts'

/** How many ids of the client's own choice stand first, where it is not just the session (S01, S04). */
const OWN_IDS: ReadonlyMap<string, number> = new Map([
  ['set_locale', 0],
  ['set_data_quality', 0],
  ['switch_protocol', 0],
  ['resolve_symbol', 2],
  ['create_series', 4],
  ['modify_series', 4],
  ['request_more_data', 2],
  ['request_more_tickmarks', 2],
  ['create_study', 4],
  ['remove_study', 2],
  ['request_studies_metadata', 2],
  ['create_pointset', 2],
])

/** `["quote_add_symbols","NSE:JUNIPER"]`: two clients that ask the same are equal, whatever they call themselves. */
export function meanings(text: string): readonly string[] {
  return requestsOf(text).map(meaningOf)
}

function meaningOf(packet: ClientPacket): string {
  switch (packet.kind) {
    case 'heartbeat':
      return 'heartbeat'
    case 'unreadable':
      return `unreadable ${packet.payload}`
    case 'request': {
      const { method, parameters } = packet
      // A token says who asks, not what for.
      if (method === 'set_auth_token') return JSON.stringify([method])
      return jsonText([method, ...parameters.slice(ownIds(method, parameters))])
    }
    default:
      return packet satisfies never
  }
}

/** Sessions, and the series and studies within them. */
export function idsOf(text: string): readonly string[] {
  return requestsOf(text).flatMap(packet => {
    if (packet.kind !== 'request' || packet.method === 'set_auth_token') return []
    const { method, parameters } = packet
    return parameters
      .slice(0, ownIds(method, parameters))
      .filter((id): id is string => typeof id === 'string' && id !== '')
  })
}

function ownIds(method: string, parameters: readonly unknown[]): number {
  // The seed notes' shorthand has no session: a symbol stands first.
  const [first] = parameters
  if (method === 'quote_add_symbols' && typeof first === 'string' && /[:=]/.test(first)) return 0
  return OWN_IDS.get(method) ?? 1
}

/** A JSON string, and whether it is a key. */
const STRING = /"(?:[^"\\]|\\.)*"(\s*:)?/g

/** The wire's own keys: a client that calls its series `s` or `t` must not lose them. */
const ENVELOPE: ReadonlySet<string> = new Set(['m', 'p', 't', 't_ms', 'n', 's', 'v'])

/**
 * Every string that is one of the ids becomes the other: sessions, and the series and studies that answers name
 * even as keys. Everything else stays byte for byte, and the lengths are right again.
 */
export function rewrite(text: string, ids: ReadonlyMap<string, string>): string {
  let rewritten = ''
  let offset = 0
  while (offset < text.length) {
    const event = nextPacket(text, offset)
    // What has no framing belongs to no packet: it goes as it came.
    if (!('end' in event)) return rewritten + text.slice(offset)
    rewritten += framePacket(rewritePayload(text.slice(event.start, event.end), ids))
    offset = event.end
  }
  return rewritten
}

function rewritePayload(payload: string, ids: ReadonlyMap<string, string>): string {
  if (!payload.startsWith('{')) return payload
  return payload.replaceAll(STRING, (token: string, colon: string | undefined) => {
    const json = colon === undefined ? token : token.slice(0, -colon.length)
    const value = stringIn(json)
    const other = value === undefined ? undefined : ids.get(value)
    if (other === undefined || value === undefined) return token
    if (colon !== undefined && ENVELOPE.has(value)) return token
    return JSON.stringify(other) + (colon ?? '')
  })
}

function stringIn(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

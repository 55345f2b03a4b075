import { heartbeatNumber, payloadsOf } from './framing.ts'

/** What a client's packet says, before anyone judges it. */
export type ClientPacket =
  | { readonly kind: 'request'; readonly method: string; readonly parameters: readonly unknown[] }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'unreadable'; readonly payload: string }

/** A client's message, packet by packet. A message without framing is one unreadable packet. */
export function requestsOf(text: string): readonly ClientPacket[] {
  const payloads = payloadsOf(text)
  return payloads.length === 0 ? [{ kind: 'unreadable', payload: text }] : payloads.map(requestOf)
}

function requestOf(payload: string): ClientPacket {
  if (heartbeatNumber(payload) !== undefined) return { kind: 'heartbeat' }
  const parsed = parsedOrUndefined(payload)
  if (typeof parsed !== 'object' || parsed === null) return { kind: 'unreadable', payload }
  const method = 'm' in parsed ? parsed.m : undefined
  const parameters = 'p' in parsed ? parsed.p : undefined
  if (typeof method !== 'string' || !Array.isArray(parameters)) return { kind: 'unreadable', payload }
  return { kind: 'request', method, parameters }
}

function parsedOrUndefined(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    return undefined
  }
}

import type { SubscriptionChange } from '../feed.ts'
import { payloadsOf } from './framing.ts'

/**
 * What a client's message adds or removes (tradingview.md 1.5). Symbols only: the flags object that
 * quote_add_symbols had until 2019 is none. What cannot be read says nothing here; the decoder reports it.
 */
export function subscriptionsOf(message: string): readonly SubscriptionChange[] {
  return payloadsOf(message).flatMap(changesOf)
}

function changesOf(payload: string): readonly SubscriptionChange[] {
  if (!payload.includes('"quote_')) return []
  const { m: method, p: parameters } = parsed(payload)
  if (!Array.isArray(parameters)) return []
  const [session, ...symbols]: readonly unknown[] = parameters
  if (typeof session !== 'string') return []
  switch (method) {
    case 'quote_add_symbols':
      return named('add', session, symbols)
    case 'quote_remove_symbols':
      return named('remove', session, symbols)
    case 'quote_delete_session':
      return [{ kind: 'remove', session }]
    default:
      return []
  }
}

function named(
  kind: SubscriptionChange['kind'],
  session: string,
  symbols: readonly unknown[],
): readonly SubscriptionChange[] {
  return symbols.flatMap(name => (typeof name === 'string' ? [{ kind, session, name }] : []))
}

function parsed(payload: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(payload)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}

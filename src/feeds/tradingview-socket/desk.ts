import type { QuoteFields } from '../../model/quote.ts'
import type { EpochMicros } from '../../model/time.ts'
import type { Market } from '../feed.ts'
import type { ClientPacket } from './request.ts'
import {
  movePayloads,
  packet,
  rebroadcastPayloads,
  resolvedPayload,
  snapshotPayloads,
} from './venue-packets.ts'

/** What one client has asked for, and the payloads that it gets for it. */
export interface Desk {
  answer(request: ClientPacket): readonly string[]
  moved(name: string, fields: QuoteFields): readonly string[]
  rebroadcast(): readonly string[]
  isOver(): boolean
}

export interface DeskOptions {
  readonly market: Market
  now(): EpochMicros
}

interface QuoteSession {
  readonly kind: 'quote'
  filter: ReadonlySet<string> | undefined
  /** Names as sent, each with the instrument's own. */
  readonly names: Map<string, string>
  isAsleep: boolean
}

type Session = QuoteSession | { readonly kind: 'chart' }

/** Their answer is silence. */
const SILENT: ReadonlySet<string> = new Set(['set_locale', 'set_data_quality'])
const NOTHING: readonly string[] = []

export function createDesk({ market, now }: DeskOptions): Desk {
  const sessions = new Map<string, Session>()
  let isOver = false

  function answer(request: ClientPacket): readonly string[] {
    switch (request.kind) {
      case 'heartbeat':
        return NOTHING
      case 'unreadable':
        return hangUp('wrong data')
      case 'request':
        return answerRequest(request.method, request.parameters)
      default:
        return request satisfies never
    }
  }

  function answerRequest(method: string, parameters: readonly unknown[]): readonly string[] {
    const [first] = parameters
    if (SILENT.has(method)) return NOTHING
    if (method === 'set_auth_token') return isPlausibleToken(first) ? NOTHING : hangUp('bad auth token')
    if (typeof first !== 'string') return [criticalError('', 'invalid_parameters', method)]
    if (method === 'quote_create_session') {
      sessions.set(first, { kind: 'quote', filter: undefined, names: new Map(), isAsleep: false })
      return NOTHING
    }
    if (method === 'chart_create_session') {
      sessions.set(first, { kind: 'chart' })
      return NOTHING
    }
    const session = sessions.get(first)
    // Its words for this are not known; the shape is that of the other critical errors.
    if (session === undefined) return [criticalError(first, 'invalid_session', method)]
    const rest = parameters.slice(1)
    return session.kind === 'quote'
      ? answerQuoteRequest(first, session, method, rest)
      : answerChartRequest(first, method, rest)
  }

  function answerQuoteRequest(
    id: string,
    session: QuoteSession,
    method: string,
    rest: readonly unknown[],
  ): readonly string[] {
    const names = rest.filter(name => typeof name === 'string')
    // `{"flags":["force_permission"]}` among the symbols is refused since February 2024.
    if (names.length < rest.length) return [criticalError(id, 'invalid_parameters', method)]
    switch (method) {
      case 'quote_set_fields':
        session.filter = new Set(names)
        return NOTHING
      case 'quote_add_symbols':
        session.isAsleep = false
        return names.flatMap(name => subscribe(id, session, name))
      case 'quote_fast_symbols':
        session.isAsleep = false
        return NOTHING
      case 'quote_remove_symbols':
        for (const name of names) session.names.delete(name)
        return NOTHING
      case 'quote_hibernate_all':
        session.isAsleep = true
        return NOTHING
      case 'quote_delete_session':
        sessions.delete(id)
        return NOTHING
      default:
        return [criticalError(id, 'unknown_method', method)]
    }
  }

  function subscribe(id: string, session: QuoteSession, name: string): readonly string[] {
    const instrument = instrumentIn(name)
    const quote = instrument === undefined ? undefined : market.quote(instrument)
    if (instrument === undefined || quote === undefined) {
      return [packet('qsd', [id, { n: name, s: 'error', errmsg: 'no_such_symbol', v: {} }])]
    }
    session.names.set(name, instrument)
    return [
      ...snapshotPayloads(id, name, quote, market.facts(instrument), session.filter),
      packet('quote_completed', [id, name]),
    ]
  }

  function answerChartRequest(id: string, method: string, rest: readonly unknown[]): readonly string[] {
    switch (method) {
      case 'switch_timezone':
        return NOTHING
      case 'chart_delete_session':
        sessions.delete(id)
        return NOTHING
      case 'resolve_symbol':
        return [resolve(id, rest)]
      default:
        return [criticalError(id, 'unknown_method', method)]
    }
  }

  function resolve(id: string, [as, name]: readonly unknown[]): string {
    const instrument = typeof name === 'string' ? instrumentIn(name) : undefined
    const facts = instrument === undefined ? undefined : market.facts(instrument)
    return resolvedPayload(id, as, facts, now())
  }

  function hangUp(reason: string): readonly string[] {
    isOver = true
    return [packet('protocol_error', [reason])]
  }

  function* awake(): Iterable<readonly [id: string, session: QuoteSession]> {
    for (const [id, session] of sessions) {
      if (session.kind === 'quote' && !session.isAsleep) yield [id, session]
    }
  }

  return {
    answer,
    isOver: () => isOver,
    moved(moved, fields) {
      const quote = market.quote(moved) ?? {}
      const payloads: string[] = []
      for (const [id, session] of awake()) {
        for (const [name, instrument] of session.names) {
          if (instrument === moved) payloads.push(...movePayloads(id, name, fields, quote, session.filter))
        }
      }
      return payloads
    },
    rebroadcast() {
      const payloads: string[] = []
      for (const [id, session] of awake()) {
        for (const [name, instrument] of session.names) {
          const facts = market.facts(instrument)
          if (facts !== undefined) payloads.push(...rebroadcastPayloads(id, name, facts, session.filter))
        }
      }
      return payloads
    },
  }
}

/** Whom a token stands for is nobody's business here; an empty one or one with spaces stands for nobody. */
function isPlausibleToken(token: unknown): boolean {
  return typeof token === 'string' && /^\S+$/.test(token)
}

/** `{"m":"critical_error","p":["qs_rfcyvedtgukx","invalid_parameters","quote_add_symbols"]}` (S09). */
function criticalError(session: string, reason: string, method: string): string {
  return packet('critical_error', [session, reason, method])
}

/** `={"adjustment":"dividends","currency-id":"INR","symbol":"NSE:JUNIPER"}` asks for NSE:JUNIPER. */
function instrumentIn(name: string): string | undefined {
  if (!name.startsWith('=')) return name
  try {
    const spec: unknown = JSON.parse(name.slice(1))
    if (typeof spec !== 'object' || spec === null || !('symbol' in spec)) return undefined
    return typeof spec.symbol === 'string' ? spec.symbol : undefined
  } catch {
    return undefined
  }
}

import { jsonText } from '../../model/errors.ts'
import type { SessionStep } from '../feed.ts'
import { framePacket, heartbeatNumber, nextPacket } from './framing.ts'

/** What our client says or learns when a packet comes. */
export interface Replies {
  to(payload: string): readonly SessionStep[]
}

/** A quote that is well needs no answer and no parse; nearly all packets are one. */
const GOOD_QUOTE = /\{"m":"qsd","p":\["[^"]{1,80}",\{"n":"(?:[^"\\]|\\.){1,400}","s":"ok"/y

/** Whether a message is one packet, and that a quote that is well: told without a copy of it. */
export function isGoodQuote(message: string): boolean {
  const packet = nextPacket(message, 0)
  return 'end' in packet && packet.end === message.length && isGoodAt(message, packet.start)
}

function isGoodAt(text: string, at: number): boolean {
  GOOD_QUOTE.lastIndex = at
  return GOOD_QUOTE.test(text)
}

/** For one connection: what has been said about a symbol is said once. */
export function createReplies(quotes: string, isForced: boolean): Replies {
  const said = new Set<string>()
  return {
    to(payload) {
      // An echo, framed as it came. It may stand beside data: the caller goes on with the next packet.
      if (heartbeatNumber(payload) !== undefined) return [{ kind: 'send', text: framePacket(payload) }]
      if (isGoodAt(payload, 0)) return []
      const packet = objectOf(payload)
      if (packet === undefined) return []
      if (!('m' in packet)) return helloSteps(packet)
      const p = Array.isArray(packet['m'] === undefined ? undefined : packet['p']) ? packet['p'] : []
      return stepsOf(packet['m'], p as readonly unknown[])
    },
  }

  function stepsOf(m: unknown, p: readonly unknown[]): readonly SessionStep[] {
    if (m === 'protocol_error') return [protocolError(wordsOf(p))]
    if (m === 'critical_error') return [criticalError(wordsOf(p.filter(word => word !== quotes)), isForced)]
    if (m === 'qsd') return quoteProblem(p[1], said)
    return []
  }
}

/** `{"session_id":"0.20711.1830_mum1-charts-pro-4…","release":"release_208-91","protocol":"json",…}` and no `m`. */
function helloSteps(hello: Readonly<Record<string, unknown>>): readonly SessionStep[] {
  if (!('session_id' in hello)) return []
  const release = typeof hello['release'] === 'string' ? quoted(hello['release']) : 'no release named'
  const protocol = typeof hello['protocol'] === 'string' ? quoted(hello['protocol']) : 'none named'
  return [{ kind: 'accepted' }, { kind: 'note', text: `hello: ${release}, protocol ${protocol}` }]
}

/** `{"m":"protocol_error","p":["bad auth token"]}`, then the venue closes (mnwato/tradingview-scraper issue 46). */
function protocolError(words: string): SessionStep {
  if (/auth|token/i.test(words)) {
    return {
      kind: 'refused',
      final: true,
      reason: `the venue does not take our token: ${words}`,
      next: 'copy a fresh sessionid cookie (or token) from a logged-in browser, or record as guest by giving none',
    }
  }
  return {
    kind: 'refused',
    final: false,
    reason: `protocol error: ${words}`,
    next: 'if it stays, record with --json and report what the tape holds',
  }
}

/** `{"m":"critical_error","p":["qs_…","invalid_parameters","method: quote_add_symbols. args: …"]}`. */
function criticalError(words: string, isForced: boolean): SessionStep {
  const isParameters = /invalid[_ ]parameters/i.test(words)
  if (isParameters && isForced) {
    return {
      kind: 'refused',
      final: true,
      reason: `critical error: ${words}`,
      next: 'leave --force-permission out: since 2024 the venue takes no flags in quote_add_symbols',
    }
  }
  return {
    kind: 'refused',
    // The same parameters get the same answer.
    final: isParameters,
    reason: `critical error: ${words}`,
    next: isParameters ? 'check the spelling of every --symbol' : 'nothing: it is tried again',
  }
}

/** `{"n":"NSE:NOPE","s":"error","errmsg":"no_such_symbol","v":{}}`; permission_denied has `v.alternative` (1.7). */
function quoteProblem(quote: unknown, said: Set<string>): readonly SessionStep[] {
  if (!isRecord(quote) || typeof quote['n'] !== 'string' || quote['s'] === 'ok') return []
  const text = problemText(quote['n'], quote)
  if (text === undefined || said.has(text)) return []
  said.add(text)
  return [{ kind: 'note', text }]
}

function problemText(name: string, quote: Readonly<Record<string, unknown>>): string | undefined {
  const { s: status, errmsg, v } = quote
  if (status === 'permission_denied') {
    const other = isRecord(v) && typeof v['alternative'] === 'string' ? v['alternative'] : undefined
    const hint = other === undefined ? '' : `; the venue offers ${quoted(other)} instead`
    return `no permission for ${quoted(name)}${hint}`
  }
  if (status !== 'error') return undefined
  if (errmsg === 'no_such_symbol') return `no such symbol: ${quoted(name)}`
  return `error for ${quoted(name)}: ${quoted(typeof errmsg === 'string' ? errmsg : 'no reason given')}`
}

function wordsOf(p: readonly unknown[]): string {
  const words = p.map(word => (typeof word === 'string' ? word : jsonText(word)))
  return words.length === 0 ? 'no reason given' : quoted(words.join(', '))
}

/** Whole: who shows it takes secrets out first and cuts then, for a cut secret is not found. */
function quoted(text: string): string {
  return JSON.stringify(text)
}

function objectOf(payload: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(payload)
    return isRecord(value) ? value : undefined
  } catch {
    // The tape has it and the decoder counts it: a client has nothing to answer.
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

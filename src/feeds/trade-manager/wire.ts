import type { Direction } from '../../tape/entry.ts'
import type { MessageKind } from '../feed.ts'

/**
 * Every kind of message that is known. Evidence is tradovate-and-trade-manager.md 7: `sessions` is a page hook's
 * recording of five connections of 2025-11-06, `bundle` the page's own program (main.ee199c5c.js), `screenshot`
 * what its browser showed. Where only a kind's name is public, its sample is made here and says so.
 */
export const RESENT =
  'lines that were said before: read again, they would open a position twice (README.md; settings.refresh)'

const FROM_SERVER: readonly Omit<MessageKind, 'dir'>[] = [
  {
    kind: 'greeting',
    disposition: 'status',
    sample: String.raw`{"data": "\u2705 Server Connection Established Successfully!"}`,
    seen: 'sessions: in 4 of 5, 80 to 105 ms behind AUTH; the one message without `type`',
  },
  {
    kind: 'DATA',
    disposition: 'read',
    sample:
      '{"type": "DATA", "data": {"ticker": "ES1!", "prices": {"ask": 6723.25, "bid": 6723.0}, "tickinfo": {"step": 0.25, "amnt": 12.5}}}',
    seen: 'screenshot, transcribed by its author; bundle',
  },
  {
    kind: 'LOGS',
    disposition: 'read',
    sample: String.raw`{"type": "LOGS", "data": "\ud83d\udcca [RECORDER] OPEN \u2014 Strategy: **SYN-15SV**, Ticker: **NQ1!**, Timeframe: **15** \u2014 **1 BUY** at **24958.5**"}`,
    seen: 'screenshot, transcribed by its author; bundle. Its strategy is renamed here, its escapes are the greeting’s',
  },
  {
    kind: 'LOGS (refresh)',
    disposition: 'ignored',
    reason: RESENT,
    sample: String.raw`{"type": "LOGS", "data": "\ud83d\udcca [RECORDER] OPEN \u2014 Strategy: **SYN-15SV**, Ticker: **NQ1!**, Timeframe: **15** \u2014 **1 BUY** at **24958.5**", "action": "Refresh"}`,
    seen: 'bundle: LOGS {data, action?: "Refresh"}; put together here of that and the line of the screenshot',
  },
  {
    kind: 'TRADES',
    disposition: 'read',
    sample:
      '{"type": "TRADES", "data": [{"id": 1000001, "Strat_Name": "SYNTHETIC", "Ticker": "MES1!", "TimeFrame": "1", "Direction": "SELL", "Open_Price": "6856.50", "Running_Pos": 2, "Account": "Unknown", "Nickname": "", "Drawdown": "0.00"}]}',
    seen: 'bundle: TRADES {data: […]}; its rows as in the page’s lists of 280 closed trades and one open one',
  },
  {
    kind: 'ERROR',
    disposition: 'error',
    sample: '{"type": "ERROR", "data": "Logged in from another location"}',
    seen: 'bundle: the kind and these words; the name of their field is made here',
  },
  {
    kind: 'ACCSETUP_COMPLETE',
    disposition: 'status',
    sample: '{"type": "ACCSETUP_COMPLETE", "status": "Success"}',
    seen: 'sessions: 3',
  },
  {
    kind: 'SYMCHECK_COMPLETE',
    disposition: 'status',
    sample: '{"type": "SYMCHECK_COMPLETE"}',
    seen: 'bundle: the kind; what else it holds is not public',
  },
  {
    kind: 'AUTHID',
    disposition: 'status',
    sample: '{"type": "AUTHID"}',
    seen: 'bundle: the kind; what else it holds is not public',
  },
  {
    kind: 'unauthorized',
    disposition: 'error',
    sample: 'Unauthorized access',
    seen: 'bundle: plain text, no JSON',
  },
]

const FROM_CLIENT: readonly Omit<MessageKind, 'dir'>[] = [
  {
    kind: 'AUTH',
    disposition: 'request',
    sample: '{"type":"AUTH","user":"<user>","token":"<redacted>"}',
    seen: 'sessions: 5, the first message of each',
  },
  { kind: 'PING', disposition: 'status', sample: '{"type":"PING"}', seen: 'bundle: each 25 s' },
  {
    kind: 'ACCSETUP',
    disposition: 'request',
    sample: '{"type":"ACCSETUP","id":0,"user":"<user>"}',
    seen: 'sessions: 3, each on a connection that ends behind the answer',
  },
  {
    kind: 'CLOSE_TRADE',
    disposition: 'request',
    sample:
      '{"type":"CLOSE_TRADE","tradeid":1000001,"strat_name":"SYNTHETIC","ticker":"MES1!","timeframe":"1","token":"<redacted>","user":"<user>"}',
    seen: 'bundle: its keys; the order is that of the page’s program. feedtape never sends it',
  },
  {
    kind: 'SYMCHECK',
    disposition: 'request',
    sample: '{"type":"SYMCHECK"}',
    seen: 'bundle: the kind; its keys are not public',
  },
]

export const KINDS: readonly MessageKind[] = [
  ...FROM_SERVER.map(kind => ({ ...kind, dir: 'in' as const })),
  ...FROM_CLIENT.map(kind => ({ ...kind, dir: 'out' as const })),
]

const BY_TYPE: Readonly<Record<Direction, ReadonlyMap<string, MessageKind>>> = {
  in: byType('in'),
  out: byType('out'),
}

function byType(dir: Direction): ReadonlyMap<string, MessageKind> {
  const typed = KINDS.filter(kind => kind.dir === dir && /^[A-Z_]+$/.test(kind.kind))
  return new Map(typed.map(kind => [kind.kind, kind]))
}

/** The kind of a message with this `type`; names that we gave ourselves (`greeting`) are nobody's type. */
export function kindOfType(dir: Direction, type: string): MessageKind | undefined {
  return BY_TYPE[dir].get(type)
}

/** `{"data": "✅ Server Connection Established Successfully!"}`. */
export const GREETING_TEXT = '✅ Server Connection Established Successfully!'
const GREETING = /Server Connection Established/
const UNAUTHORIZED = /^\s*Unauthorized access[.!]?\s*$/i

export function isGreeting(message: Readonly<Record<string, unknown>>): boolean {
  const { data } = message
  return !('type' in message) && typeof data === 'string' && GREETING.test(data)
}

export function isUnauthorized(text: string): boolean {
  return text.length < 100 && UNAUTHORIZED.test(text)
}

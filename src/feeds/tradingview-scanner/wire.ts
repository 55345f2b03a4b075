import type { HttpExchange } from '../http-plan.ts'
import type { MessageKind } from '../packet.ts'

/**
 * Every kind of body that is known, with a sample. Evidence is tradingview.md section 2, and the samples that it
 * names; rows hold synthetic numbers. An answer is carried by the exchange that it was seen in.
 */
export const SCANNER = 'https://scanner.tradingview.com'

interface InKind {
  readonly kind: string
  readonly disposition: 'read' | 'error'
  readonly sample: string
  readonly seen: string
  readonly status: number
  /** The scan that it answers, or the address of GET /symbol. */
  readonly asked: string
}

const SCAN = '{"symbols":{"tickers":["NASDAQ:SYNTH"]},"columns":["close","change","volume"],"range":[0,1]}'
const ONE_COLUMN = '{"symbols":{"tickers":["CME_MINI:MNQ1!"]},"columns":["close"]}'
const FUTURES_BOOK = '{"symbols":{"tickers":["CME_MINI:MNQ1!"]},"columns":["close","bid","ask"]}'
const SYMBOL = `${SCANNER}/symbol?symbol=NASDAQ%3ASYNTH&fields=close%2Cbid%2Cask`
const NO_SYMBOL = `${SCANNER}/symbol?symbol=NASDAQ%3ANOPE&fields=close&no_404=true`

const FROM_SERVER: readonly InKind[] = [
  {
    kind: 'rows',
    disposition: 'read',
    sample: '{"totalCount":1,"data":[{"s":"NASDAQ:SYNTH","d":[200.75,2.9276045939294546,139954432]}]}',
    seen: 'tradingview.md 2, real_america_scan_5rows.json: shape and the width of the numbers',
    status: 200,
    asked: SCAN,
  },
  {
    kind: 'rows (nameless)',
    disposition: 'read',
    sample: '{"data":[{"d":[25650.25]}]}',
    seen: 'the seed notes only: no s, no totalCount; never seen on a wire',
    status: 200,
    asked: ONE_COLUMN,
  },
  {
    kind: 'rows (scan2)',
    disposition: 'read',
    sample:
      '{"totalCount":1,"fields":["close","bid","ask"],"symbols":[{"s":"OPRA:SYNTH260619C100.0","f":[1.25,1.2,1.3]}],"time":"2026-03-02T15:00:00Z"}',
    seen: 'tradingview.md 2 and one client that reads fields, symbols and time; values and the form of time made here',
    status: 200,
    asked:
      '{"columns":["close","bid","ask"],"filter":[{"left":"type","operation":"equal","right":"option"}]}',
  },
  {
    kind: 'symbol',
    disposition: 'read',
    sample: '{"ask":null,"bid":null,"close":308.91,"currency":"USD","name":"SYNTH","volume":132489137}',
    seen: 'real_get_symbol_aapl_nulls.json: shape and nulls',
    status: 200,
    asked: SYMBOL,
  },
  {
    kind: 'error',
    disposition: 'error',
    sample: '{"totalCount":0,"error":"Unknown field \\"bid\\"","data":null}',
    seen: 'real_error_bodies.jsonl 1 and 2 (the second without data); under 400, and under 200 in test suites of clients',
    status: 400,
    asked: FUTURES_BOOK,
  },
  {
    kind: 'symbol_not_exists',
    disposition: 'error',
    sample: '{"code":"symbol_not_exists"}',
    seen: 'real_error_bodies.jsonl 3',
    status: 404,
    asked: NO_SYMBOL.replace('&no_404=true', ''),
  },
  {
    kind: 'no symbol',
    disposition: 'error',
    sample: 'null',
    seen: 'real_error_bodies.jsonl 4; `{}` by another source (tradingview.md 2)',
    status: 200,
    asked: NO_SYMBOL,
  },
  {
    kind: 'too many requests',
    disposition: 'error',
    sample: 'Too Many Requests',
    seen: 'clients model 429 with Retry-After (tradingview.md 2); no real body found, this one is made here',
    status: 429,
    asked: SCAN,
  },
  {
    kind: 'html',
    disposition: 'error',
    sample: '<html><head><title>403 Forbidden</title></head><body>nginx</body></html>',
    seen: 'on the same venue’s search (tradingview.md 3); of the scanner itself none is public, made here',
    status: 403,
    asked: SCAN,
  },
  {
    kind: 'refused',
    disposition: 'error',
    sample: 'Forbidden',
    seen: 'any other 3xx or 4xx; made here',
    status: 403,
    asked: SCAN,
  },
  {
    kind: 'trouble',
    disposition: 'error',
    sample: 'Bad Gateway',
    seen: 'any 5xx; made here',
    status: 502,
    asked: SCAN,
  },
  {
    kind: 'empty',
    disposition: 'error',
    sample: '',
    seen: 'a client tells of empty bodies for anonymous scrapers (tradesdontlie/tradingview-mcp 208)',
    status: 200,
    asked: SCAN,
  },
]

const FROM_CLIENT: readonly MessageKind[] = [
  {
    kind: 'scan',
    dir: 'out',
    disposition: 'request',
    sample: FUTURES_BOOK,
    seen: 'tradingview.md 2: five and more clients; real_error_bodies.jsonl 2',
  },
  {
    kind: 'scan2',
    dir: 'out',
    disposition: 'request',
    sample:
      '{"columns":["close","bid","ask"],"filter":[{"left":"type","operation":"equal","right":"option"}]}',
    seen: 'clients of the option chain (tradingview.md 2)',
  },
  {
    kind: 'symbol',
    dir: 'out',
    disposition: 'request',
    sample: SYMBOL,
    seen: 'tradingview.md 2; it has no body, so that its address is the sample',
  },
]

export const KINDS: readonly MessageKind[] = [
  ...FROM_SERVER.map(({ kind, disposition, sample, seen }): MessageKind => {
    return { kind, dir: 'in', disposition, sample, seen }
  }),
  ...FROM_CLIENT,
]

/** The exchange that ends with this kind's sample. */
export function carry(kind: MessageKind): HttpExchange {
  if (kind.dir === 'out') return { request: requestOf(kind.kind, kind.sample) }
  const known = FROM_SERVER.find(one => one.kind === kind.kind)
  const { status = 200, asked = SCAN } = known ?? {}
  const path = kind.kind === 'rows (scan2)' ? 'scan2' : asked.startsWith(SCANNER) ? 'symbol' : 'scan'
  const type =
    kind.kind === 'html' ? 'text/html' : /^[{n]/.test(kind.sample) ? 'application/json' : 'text/plain'
  return {
    request: requestOf(path, asked),
    answer: { status, headers: [['Content-Type', type]], body: kind.sample },
  }
}

function requestOf(path: string, sample: string): HttpExchange['request'] {
  if (path === 'symbol') return { method: 'GET', url: sample, headers: [] }
  const market = path === 'scan2' ? 'options' : sample.includes('CME') ? 'futures' : 'america'
  return {
    method: 'POST',
    url: `${SCANNER}/${market}/${path}`,
    headers: [['Content-Type', 'application/json']],
    body: sample,
  }
}

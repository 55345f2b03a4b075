import type { HttpExchange } from '../http-plan.ts'
import type { Disposition, MessageKind } from '../packet.ts'
import { PARTIAL } from './read-stream.ts'
import type { Endpoint } from './request.ts'

/**
 * Every kind of message of the documentation (tradingview.md section 4), with a sample. No capture is public: the
 * values are the documentation's own or made here. An answer is carried by the exchange that it belongs to.
 */
export const BROKER = 'https://broker.example'

interface InKind {
  readonly kind: string
  readonly disposition: Disposition
  readonly reason?: string
  readonly sample: string
  readonly seen: string
  readonly status?: number
  readonly asked: Endpoint
}

const DOCUMENTED = 'documentation_examples.jsonl, the specification’s own example'

const ANSWERS: readonly InKind[] = [
  {
    kind: 'symbol_info',
    disposition: 'read',
    sample:
      '{"s":"ok","symbol":["EURUSD","SYNTHZ2026"],"ticker":["EURUSD","SYNTH:Z6"],"description":["Euro","SYNTHETIC FUTURE"],"currency":"USD","exchange-listed":"BROKER","exchange-traded":"BROKER","minmovement":[1,25],"minmovement2":[10,0],"fractional":false,"pricescale":[100000,100],"type":["forex","futures"],"root":[null,"SYNTH"],"pointvalue":[1,20],"timezone":"America/New_York","session-regular":"1700-1600","has-intraday":true}',
    seen: 'tradingview.md 4: the columns’ names, and that one value may stand for all rows; the rows are made here',
    asked: 'symbol_info',
  },
  {
    kind: 'history',
    disposition: 'read',
    sample:
      '{"s":"ok","t":[1637502060,1637502180,1637502240],"o":[58905.5,58907.5,58889],"h":[58908,58908,58893.5],"l":[58905.5,58888.5,58869],"c":[58907.5,58889,58893],"v":[5.365,2.288,17.36]}',
    seen: DOCUMENTED,
    asked: 'history',
  },
  {
    kind: 'history (no data)',
    disposition: 'status',
    sample: '{"s":"no_data"}',
    seen: 'tradingview.md 4 and data/History.rst: nothing in this period and before it',
    asked: 'history',
  },
  {
    kind: 'error',
    disposition: 'error',
    sample: '{"s":"error","errmsg":"Unknown symbol"}',
    seen: 'tradingview.md 4 and FAQs.rst: errors come under 200, their words in errmsg; these words are made here',
    asked: 'history',
  },
  {
    kind: 'quotes',
    disposition: 'read',
    sample:
      '{"s":"ok","d":[{"s":"ok","n":"EURUSD","v":{"ask":1.13836,"bid":1.13834,"buyPipValue":1,"sellPipValue":1}}]}',
    seen: 'documentation_examples.jsonl, built there from the specification’s fields',
    asked: 'quotes',
  },
  {
    kind: 'stream',
    disposition: 'status',
    sample: '',
    seen: 'tradingview.md 4: HTTP/1.1 chunked; the head of the answer, its lines come behind it',
    asked: 'streaming',
  },
  {
    kind: 'refused',
    disposition: 'error',
    sample: 'Unauthorized',
    seen: 'data/Authentication.rst: 401 without a token or with an expired one; the body is made here',
    status: 401,
    asked: 'symbol_info',
  },
  {
    kind: 'too many requests',
    disposition: 'error',
    sample: 'Too Many Requests',
    seen: 'made here',
    status: 429,
    asked: 'quotes',
  },
  {
    kind: 'html',
    disposition: 'error',
    sample: '<html><head><title>503 Service Unavailable</title></head></html>',
    seen: 'made here',
    status: 503,
    asked: 'history',
  },
  {
    kind: 'trouble',
    disposition: 'error',
    sample: 'Bad Gateway',
    seen: 'any 5xx; made here',
    status: 502,
    asked: 'streaming',
  },
  {
    kind: 'empty',
    disposition: 'error',
    sample: '',
    seen: 'made here',
    asked: 'quotes',
  },
]

/** Of /streaming; each with the end of its line, but for the one that has none. */
const LINES: readonly InKind[] = [
  {
    kind: 'trade',
    disposition: 'read',
    sample: '{"f":"t","id":"EURUSD","p":1.47245,"s":100,"t":1547942400}',
    seen: DOCUMENTED,
    asked: 'streaming',
  },
  {
    kind: 'quote',
    disposition: 'read',
    sample: '{"f":"q","id":"EURUSD","t":1547942400,"ap":1.47245,"as":100,"bp":1.47245,"bs":100}',
    seen: DOCUMENTED,
    asked: 'streaming',
  },
  {
    kind: 'daily bar',
    disposition: 'read',
    sample: '{"f":"d","id":"EURUSD","o":3667,"h":3667.24,"l":3661.55,"c":3662.25,"v":34,"t":1547931600}',
    seen: DOCUMENTED,
    asked: 'streaming',
  },
  {
    kind: 'heartbeat',
    disposition: 'status',
    sample: '{"heartbeat":1609255644}',
    seen: `${DOCUMENTED}; every 5 s, in newer specifications`,
    asked: 'streaming',
  },
  {
    kind: '(partial line)',
    disposition: 'ignored',
    reason: PARTIAL.reason ?? '',
    sample: '{"f":"t","id":"EUR',
    seen: 'made here: a chunk’s border is not a line’s (tradingview.md 4)',
    asked: 'streaming',
  },
]

const ADDRESSES: Readonly<Record<Endpoint, string>> = {
  symbol_info: `${BROKER}/symbol_info?group=broker_forex`,
  history: `${BROKER}/history?symbol=BTCUSDT&resolution=1&from=1637502014&to=1637502267`,
  streaming: `${BROKER}/streaming`,
  quotes: `${BROKER}/quotes?locale=en&symbols=EURUSD`,
}

const FROM_CLIENT: readonly MessageKind[] = Object.entries(ADDRESSES).map(([kind, sample]): MessageKind => {
  const seen = 'tradingview.md 4; it has no body, so that its address is the sample'
  return { kind, dir: 'out', disposition: 'request', sample, seen }
})

export const KINDS: readonly MessageKind[] = [
  ...[...ANSWERS, ...LINES].map(({ kind, disposition, reason, sample, seen }): MessageKind => {
    const why = reason === undefined ? {} : { reason }
    return { kind, dir: 'in', disposition, ...why, sample, seen }
  }),
  ...FROM_CLIENT,
]

/** The exchange that ends with this kind's sample. */
export function carry({ dir, kind, sample }: MessageKind): HttpExchange {
  if (dir === 'out') return { request: { method: 'GET', url: sample, headers: [] } }
  if (LINES.some(line => line.kind === kind)) {
    return streamOf([kind === '(partial line)' ? sample : `${sample}\n`])
  }
  const { asked = 'quotes', status = 200 } = ANSWERS.find(answer => answer.kind === kind) ?? {}
  const type = kind === 'html' ? 'text/html' : sample.startsWith('{') ? 'application/json' : 'text/plain'
  const body = kind === 'stream' ? {} : { body: sample }
  return {
    request: { method: 'GET', url: ADDRESSES[asked], headers: [] },
    answer: { status, headers: [['Content-Type', type]], ...body },
  }
}

/** An open stream with what has come of it. */
export function streamOf(chunks: readonly string[]): HttpExchange {
  return {
    request: { method: 'GET', url: ADDRESSES.streaming, headers: [] },
    answer: { status: 200, headers: [['Transfer-Encoding', 'chunked']] },
    chunks,
  }
}

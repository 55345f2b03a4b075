import type { HttpExchange } from '../http-plan.ts'
import type { MessageKind } from '../packet.ts'
import type { SearchForm } from './request.ts'

/**
 * Every kind of body that is known, with a sample. Evidence is tradingview.md section 3, and the samples that it
 * names; the rows are synthetic. An answer is carried by the exchange that it was seen in.
 */
export const SEARCH = 'https://symbol-search.tradingview.com'

/** Without this header the answer is nginx's 403 (tradingview.md 3: three sources). */
export const ORIGIN = 'https://www.tradingview.com'

interface InKind {
  readonly kind: string
  readonly disposition: 'read' | 'error'
  readonly sample: string
  readonly seen: string
  readonly status: number
  readonly form: SearchForm
}

const FROM_SERVER: readonly InKind[] = [
  {
    kind: 'symbols',
    disposition: 'read',
    sample:
      '{"symbols_remaining":0,"symbols":[{"symbol":"<em>SYNTH</em>1!","description":"SYNTHETIC FUTURES","type":"futures","exchange":"CME","currency_code":"USD","provider_id":"ice","source_id":"CME_MINI","prefix":"CME_MINI","typespecs":["continuous"],"contracts":[]}]}',
    seen: 'real_excerpt_symbol_search_v3_aapl.json: shape and words; contracts by clients only, no real row with it is public',
    status: 200,
    form: 'v3',
  },
  {
    kind: 'symbols (legacy)',
    disposition: 'read',
    sample:
      '[{"symbol":"<em>SYNTH</em>","description":"SYNTHETIC SHARES","type":"stock","exchange":"NYSE Arca","currency_code":"USD","provider_id":"ice","country":"US","typespecs":["common"]}]',
    seen: 'real_legacy_symbol_search_rows_highlighted.jsonl: rows; the bare array around them by five clients',
    status: 200,
    form: 'legacy',
  },
  {
    kind: 'html',
    disposition: 'error',
    sample:
      '<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n',
    seen: 'tradingview.md 3: without Origin nginx’s page under 403, three sources; a note of 2026-10 has it with Origin too. The page is nginx’s own, written here',
    status: 403,
    form: 'legacy',
  },
  {
    kind: 'too many requests',
    disposition: 'error',
    sample: 'Too Many Requests',
    seen: 'made here: no 429 of the search is public',
    status: 429,
    form: 'v3',
  },
  {
    kind: 'refused',
    disposition: 'error',
    sample: 'Forbidden',
    seen: 'any other 3xx or 4xx; made here',
    status: 403,
    form: 'v3',
  },
  {
    kind: 'trouble',
    disposition: 'error',
    sample: 'Bad Gateway',
    seen: 'any 5xx; made here',
    status: 502,
    form: 'v3',
  },
  {
    kind: 'empty',
    disposition: 'error',
    sample: '',
    seen: 'made here: the scanner’s clients tell of empty bodies (tradesdontlie/tradingview-mcp 208)',
    status: 200,
    form: 'v3',
  },
]

const ASKED: Readonly<Record<SearchForm, string>> = {
  v3: `${SEARCH}/symbol_search/v3/?text=SYNTH&hl=1&exchange=&lang=en&search_type=futures&start=0&domain=production`,
  local: `${SEARCH}/local_search/v3/?text=SYNTH&hl=1&exchange=&lang=en&search_type=undefined&domain=production`,
  legacy: `${SEARCH}/symbol_search/?text=SYNTH&hl=1&exchange=&lang=en&type=&domain=production`,
}

const FROM_CLIENT: readonly MessageKind[] = [
  {
    kind: 'search',
    dir: 'out',
    disposition: 'request',
    sample: ASKED.v3,
    seen: 'tradingview.md 3: five and more clients; it has no body, so that its address is the sample',
  },
  {
    kind: 'search (local)',
    dir: 'out',
    disposition: 'request',
    sample: ASKED.local,
    seen: 'tradingview.md 3; a client reads `symbols` of its answer',
  },
  {
    kind: 'search (legacy)',
    dir: 'out',
    disposition: 'request',
    sample: ASKED.legacy,
    seen: 'tradingview.md 3: clients since 2019',
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
  if (kind.dir === 'out') return { request: requestOf(kind.sample) }
  const { status = 200, form = 'v3' } = FROM_SERVER.find(one => one.kind === kind.kind) ?? {}
  const type =
    kind.kind === 'html' ? 'text/html' : /^[{[]/.test(kind.sample) ? 'application/json' : 'text/plain'
  return {
    request: requestOf(ASKED[form]),
    answer: { status, headers: [['Content-Type', type]], body: kind.sample },
  }
}

function requestOf(url: string): HttpExchange['request'] {
  return { method: 'GET', url, headers: [['Origin', ORIGIN]] }
}

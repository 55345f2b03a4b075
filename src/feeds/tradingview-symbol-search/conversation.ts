import { jsonText } from '../../model/errors.ts'
import type { InstrumentFacts } from '../../model/observation.ts'
import type { HttpAnswer, HttpConversation, HttpConversationPlan, HttpRequest } from '../http-plan.ts'
import type { ConversationOptions, Market } from '../market.ts'
import { formOf, readRequest, type SearchRequest } from './request.ts'
import { KINDS, ORIGIN } from './wire.ts'
import { sayRow, type WrittenRow } from './write-row.ts'

/** A search on this machine, over what its market knows of its instruments. */
export const conversation: HttpConversationPlan = {
  answers: path => formOf(path) !== undefined,
  // Nothing streams here, so that nothing beats.
  beatEvery: 60_000_000,
  start,
  meanings,
}

/** Clients find some 50 rows a page (tradingview.md 3). */
const PAGE = 50

function start({ market }: ConversationOptions): HttpConversation {
  return { answer: request => answerTo(request, market), moved: () => [], beat: () => [] }
}

function answerTo({ headers, method, url }: HttpRequest, market: Market): HttpAnswer {
  const origin = headers.find(([name]) => name.toLowerCase() === 'origin')?.[1]
  if (origin !== ORIGIN) return { status: 403, headers: [['Content-Type', 'text/html']], body: FORBIDDEN }
  const request = readRequest(url)
  if (method !== 'GET' || request.kind !== 'search') {
    // The real one's words for these are not known.
    return { status: 400, headers: [['Content-Type', 'text/plain']], body: 'Bad Request' }
  }
  const found = instrumentsOf(request, market)
  const symbols = found.slice(request.start, request.start + PAGE).map(row => shown(row, request))
  const remaining = Math.max(found.length - request.start - symbols.length, 0)
  const answer = request.form === 'legacy' ? symbols : { symbols_remaining: remaining, symbols }
  return {
    status: 200,
    headers: [['Content-Type', 'application/json; charset=utf-8']],
    body: JSON.stringify(answer),
  }
}

const FORBIDDEN = KINDS.find(({ kind }) => kind === 'html')?.sample ?? ''

/** Whatever has the text in its name or description; a text that is a name is found in a market without a list. */
function instrumentsOf(request: SearchRequest, market: Market): readonly WrittenRow[] {
  const names = new Set([...(market.names ?? []), request.text])
  return [...names].flatMap(name => {
    const facts = market.facts(name)
    const row = facts === undefined || !isMeant(facts, request) ? undefined : sayRow(facts)
    return row === undefined ? [] : [row]
  })
}

function isMeant(facts: InstrumentFacts, { text, exchange, type }: SearchRequest): boolean {
  const prefix = facts.name.slice(0, Math.max(facts.name.indexOf(':'), 0))
  const isThere = [prefix, facts.exchange].some(word => word?.toUpperCase() === exchange.toUpperCase())
  // `stocks` are of the type stock; `indices` of index.
  const isType = [type, type.replace(/s$/, ''), type.replace(/ices$/, 'ex')].includes(facts.type ?? '')
  if ((exchange !== '' && !isThere) || (type !== '' && !isType)) return false
  const wanted = text.toLowerCase()
  return [facts.name, facts.description ?? ''].some(words => words.toLowerCase().includes(wanted))
}

function shown(row: WrittenRow, { isHighlighted, text }: SearchRequest): WrittenRow {
  if (!isHighlighted || text === '') return row
  const marked = Object.entries(row).map(([key, value]) => {
    return key === 'symbol' || key === 'description' ? [key, marking(value, text)] : [key, value]
  })
  return Object.fromEntries(marked)
}

function marking(value: string, text: string): string {
  const at = value.toLowerCase().indexOf(text.toLowerCase())
  // Small letters may be longer than capitals: then nothing is marked.
  if (at < 0 || value.toLowerCase().length !== value.length) return value
  const end = at + text.length
  return `${value.slice(0, at)}<em>${value.slice(at, end)}</em>${value.slice(end)}`
}

/** `["search","v3","NQ",0,"CME","futures","","en"]` */
function meanings({ method, url }: HttpRequest): readonly string[] {
  const request = readRequest(url)
  if (request.kind !== 'search') return [`${request.kind} ${method} ${url}`]
  const { country, exchange, form, lang, start: from, text, type } = request
  return [jsonText(['search', form, text, from, exchange, type, country, lang])]
}

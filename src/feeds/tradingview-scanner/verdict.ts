import type { HttpAnswer } from '../http-plan.ts'
import { isLasting } from '../tradingview/refusal.ts'
import { peaceAskedFor } from '../tradingview/retry-after.ts'
import { NO_BOOK } from './options.ts'
import { type ReadAnswer, readAnswer } from './read-answer.ts'
import type { ClientRequest } from './request.ts'

/** What an answer means for a client that goes on asking the same. */
export type Verdict =
  | { readonly kind: 'good'; readonly read: ReadAnswer; readonly flaw: string | undefined }
  /** It may be other the next time. */
  | { readonly kind: 'passing'; readonly text: string }
  /** It will be so each time. */
  | { readonly kind: 'refused'; readonly reason: string; readonly next: string }

export function judge(answer: HttpAnswer, request: ClientRequest, market: string): Verdict {
  const { status, headers, body = '' } = answer
  const read = readAnswer({ status, text: body }, request)
  const [{ kind, disposition, reason = '' }] = read.findings
  if (kind === 'too many requests') {
    const text = `the scanner answers 429, too many requests${peaceAskedFor(headers)}; a slower pace is kinder`
    return { kind: 'passing', text }
  }
  if (kind === 'error') return judgeWords(reason, market)
  if (isLasting(status)) return refusal(status, reason, market)
  if (disposition === 'read') return { kind: 'good', read, flaw: undefined }
  if (read.observations.length > 0) return { kind: 'good', read, flaw: reason }
  return { kind: 'passing', text: `the scanner’s answer cannot be used: ${reason}` }
}

/** `400: "Unknown field \"bid\""` */
function judgeWords(words: string, market: string): Verdict {
  const [, field] = /Unknown field \\"([^"\\]{1,80})\\"/.exec(words) ?? []
  if (field === undefined) {
    const next = 'look at the market and the columns; feedtape inspect shows the request and the answer'
    return { kind: 'refused', reason: `the scanner refuses the request: ${words}`, next }
  }
  const reason = `the scanner does not know the column ${field} in the market ${market}`
  if (market === 'futures' && (field === 'bid' || field === 'ask')) {
    const next = `leave bid and ask out of the columns; feedtape record tradingview-socket has them`
    return { kind: 'refused', reason: `${reason}: ${NO_BOOK}`, next }
  }
  const hint = /\.\d{1,3}$/.test(field) ? ` (a timeframe is written ${field.replace(/\.(\d+)$/, '|$1')})` : ''
  return { kind: 'refused', reason, next: `leave ${field} out of the columns${hint}` }
}

function refusal(status: number, reason: string, market: string): Verdict {
  if (status === 401 || status === 403) {
    return {
      kind: 'refused',
      reason: `the scanner does not serve this address, client or cookie: ${reason}`,
      next: 'try without a cookie or with a fresh one, and not sooner than in some minutes',
    }
  }
  if (status === 404) {
    return {
      kind: 'refused',
      reason: `the scanner knows no market ${market}: ${reason}`,
      next: 'choose another market, global for one',
    }
  }
  return {
    kind: 'refused',
    reason: `the scanner refuses the request: ${reason}`,
    next: 'look at the market and the columns; feedtape inspect shows the request and the answer',
  }
}

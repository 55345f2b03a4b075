import type { HeaderList, Standing } from '../../tape/entry.ts'
import type { HttpAnswer, HttpSession, HttpSessionPlan, HttpStep, HttpTurn } from '../http-plan.ts'
import type { SessionOptions } from '../socket-plan.ts'
import { COOKIE_CREDENTIALS, cookieHeader } from '../tradingview/cookies.ts'
import { USER_AGENT } from '../tradingview/user-agent.ts'
import { createAdvice } from './advice.ts'
import { choose, OPTIONS, warningsOf } from './options.ts'
import { readRequest } from './request.ts'
import { judge } from './verdict.ts'
import { SCANNER } from './wire.ts'

/** Once a second, and never more than five times (issue 4); what the venue itself allows is not public. */
const PACE = 1_000_000
const FASTEST = 200_000
const PATIENCE = 5_000_000

/** Clients send 80 to 500 a request (README.md); more go round in several requests, one at each turn. */
const MOST_TICKERS = 200

/** So many refusals in a row are an answer. */
const MOST_REFUSALS = 3

const NOT_OURS = 'look at the address: what answers there is no scanner, or stands in its way'

export const session: HttpSessionPlan = {
  credentials: COOKIE_CREDENTIALS,
  options: OPTIONS,
  pace: PACE,
  fastest: FASTEST,
  start: startSession,
}

function startSession({ symbols, credentials, options, url }: SessionOptions): HttpSession {
  const choice = choose(options, symbols, url)
  const cookie = cookieHeader(credentials)
  const standing: Standing = cookie === undefined ? 'guest' : 'login'
  const address = addressOf(url, choice.market)
  const turns = batchesOf(symbols).map(tickers => turnFor(address, tickers, choice.columns, cookie))
  const warnings = [...warningsOf(choice, symbols)]
  if (turns.length > 1) {
    warnings.push(
      `${symbols.length} tickers are ${turns.length} requests: each ticker is asked every ${turns.length} turns`,
    )
  }
  const advice = createAdvice(standing, choice.market)
  let place = 0
  let refusals = 0
  let isAccepted = false

  function next(): HttpTurn | undefined {
    const turn = turns[place % turns.length]
    place += 1
    return turn
  }

  function answered(answer: HttpAnswer, { request }: HttpTurn): readonly HttpStep[] {
    const verdict = judge(answer, readRequest(request.url, request.body), choice.market)
    switch (verdict.kind) {
      case 'good': {
        refusals = 0
        const steps: readonly HttpStep[] = isAccepted ? [] : [{ kind: 'accepted' }]
        isAccepted = true
        return [...steps, ...notes(advice.onGood(verdict.read, verdict.flaw))]
      }
      case 'passing':
        isAccepted = false
        // A page or nothing under 200: the recorder waits longer each time, and gives up.
        if (answer.status < 300) {
          return [{ kind: 'refused', final: false, reason: verdict.text, next: NOT_OURS }]
        }
        return notes(advice.onTrouble(verdict.text))
      case 'refused': {
        isAccepted = false
        refusals += 1
        const { reason, next } = verdict
        if (refusals < MOST_REFUSALS) return notes(advice.onTrouble(`${reason}; ${next}`))
        return [{ kind: 'refused', final: true, reason: `${reason} (${refusals} times in a row)`, next }]
      }
      default:
        return verdict satisfies never
    }
  }

  return {
    url: address,
    standing,
    ...(warnings.length === 0 ? {} : { warning: warnings.join('; ') }),
    patience: PATIENCE,
    next,
    answered,
  }
}

function notes(texts: readonly string[]): readonly HttpStep[] {
  return texts.map(text => ({ kind: 'note', text }))
}

/** The user's own host, where one is given; what stands behind it is the market's path. */
function addressOf(url: string | undefined, market: string): string {
  const origin = URL.parse(url ?? '')?.origin ?? SCANNER
  return `${origin}/${market}/scan`
}

function batchesOf(tickers: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(tickers.length / MOST_TICKERS)
  return Array.from({ length: count }, (_, n) => tickers.slice(n * MOST_TICKERS, (n + 1) * MOST_TICKERS))
}

/**
 * No `ignore_unknown_fields`: a column that the market does not know would come as null, which is also what "has no
 * value now" looks like.
 */
function turnFor(
  url: string,
  tickers: readonly string[],
  columns: readonly string[],
  cookie: string | undefined,
): HttpTurn {
  const headers: HeaderList = [
    USER_AGENT,
    ['Accept', 'application/json'],
    ['Content-Type', 'application/json'],
    ...(cookie === undefined ? [] : [['Cookie', cookie] as const]),
  ]
  const body = JSON.stringify({ symbols: { tickers }, columns, range: [0, tickers.length] })
  return { request: { method: 'POST', url, headers, body } }
}

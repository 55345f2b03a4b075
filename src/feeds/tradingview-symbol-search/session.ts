import { excerpt } from '../../model/errors.ts'
import type { HeaderList } from '../../tape/entry.ts'
import type { HttpAnswer, HttpSession, HttpSessionPlan, HttpStep, HttpTurn } from '../http-plan.ts'
import type { SessionOptions } from '../socket-plan.ts'
import { COOKIE_CREDENTIALS, cookieHeader } from '../tradingview/cookies.ts'
import { createReception, notes } from '../tradingview/reception.ts'
import { isLasting } from '../tradingview/refusal.ts'
import { peaceAskedFor } from '../tradingview/retry-after.ts'
import { USER_AGENT } from '../tradingview/user-agent.ts'
import { choose, OPTIONS } from './options.ts'
import { type ReadAnswer, readAnswer } from './read-answer.ts'
import { ORIGIN } from './wire.ts'

/** From one text to the next, and from one page to the next; what the venue itself allows is not public. */
const PACE = 1_000_000
const FASTEST = 200_000
const PATIENCE = 10_000_000

export const session: HttpSessionPlan = {
  credentials: COOKIE_CREDENTIALS,
  options: OPTIONS,
  pace: PACE,
  fastest: FASTEST,
  start: startSession,
}

/** Each text in turn, page by page; a page is asked for until it has come. Then there is nothing more to ask. */
function startSession({ symbols: texts, credentials, options, url }: SessionOptions): HttpSession {
  const choice = choose(options, url)
  const cookie = cookieHeader(credentials)
  const headers: HeaderList = [
    USER_AGENT,
    ['Accept', 'application/json'],
    ['Origin', ORIGIN],
    ...(cookie === undefined ? [] : [['Cookie', cookie] as const]),
  ]
  let place = 0
  let page = 1
  let start = 0
  const reception = createReception()

  function next(): HttpTurn | undefined {
    const text = texts[place]
    if (text === undefined) return undefined
    const request = { method: 'GET', url: choice.urlOf(text, start), headers } as const
    return page < choice.pages ? { request, pause: FASTEST } : { request }
  }

  function goOn({ remaining, rows }: ReadAnswer): readonly string[] {
    const text = excerpt(texts[place] ?? '')
    const found = start + rows
    // The legacy form does not say what remains: it ends with a page that is empty.
    const isEnd = rows === 0 || remaining === 0
    if (!isEnd && page < choice.pages) {
      page += 1
      start = found
      return []
    }
    place += 1
    page = 1
    start = 0
    if (found === 0) return [`nothing is found for ${text}`]
    if (isEnd) return []
    return [`${text}: ${found} found, ${remaining ?? 'perhaps'} more; the option pages asks for them`]
  }

  function answered(answer: HttpAnswer): readonly HttpStep[] {
    const { status, headers: said, body = '' } = answer
    const read = readAnswer({ status, text: body }, true)
    const [{ disposition, kind, reason = '' }] = read.findings
    if (disposition === 'read' || read.observations.length > 0) {
      const flaw = disposition === 'read' ? [] : [`not all of the answer could be used: ${reason}`]
      return [...reception.good(), ...notes([...flaw, ...goOn(read)])]
    }
    if (kind === 'too many requests') {
      return notes([`the search answers 429, too many requests${peaceAskedFor(said)}`])
    }
    const words = isLasting(status)
      ? `the search does not serve this address, client or cookie: ${reason}`
      : `the search’s answer cannot be used: ${reason}`
    return reception.bad(words, NEXT)
  }

  return {
    url: choice.address,
    standing: cookie === undefined ? 'guest' : 'login',
    patience: PATIENCE,
    next,
    answered,
  }
}

const NEXT = 'try again in some minutes, with a fresh cookie, or with the option form=legacy'

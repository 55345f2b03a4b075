import type { WireFields } from '../../model/quote.ts'
import type { SessionStep } from '../feed.ts'
import { objectIn, wordsOf } from './message.ts'
import { isGreeting, isUnauthorized } from './wire.ts'

/** What our client says or learns when a message comes. */
export interface Replies {
  to(text: string): readonly SessionStep[]
}

/** Nearly all messages; they need no answer and no parse. */
const NEEDS_NONE = /^\s{0,9}\{\s{0,9}"type"\s{0,9}:\s{0,9}"(?:DATA|LOGS|TRADES)"/

/** For one connection: what has been said once is not said again. */
export function createReplies(user: string | undefined, account: string): Replies {
  const said = new Set<string>()
  return {
    to(text) {
      if (NEEDS_NONE.test(text)) return []
      if (isUnauthorized(text)) return [UNAUTHORIZED]
      const message = objectIn(text)
      if (message === undefined) return []
      if (isGreeting(message)) return greeted(user, account)
      return stepsOf(message)
    },
  }

  function stepsOf(message: WireFields): readonly SessionStep[] {
    if (message['type'] === 'ERROR') return errorSteps(wordsOf(message))
    if (message['type'] !== 'ACCSETUP_COMPLETE') return []
    const isDone = message['status'] === 'Success'
    return once(isDone ? 'the account is set up' : `the account is not set up: ${quoted(wordsOf(message))}`)
  }

  function errorSteps(words: string): readonly SessionStep[] {
    if (/another location/i.test(words)) return [ELSEWHERE]
    if (/unauthori[sz]ed/i.test(words)) return [UNAUTHORIZED]
    return once(`the venue reports an error: ${quoted(words)}`)
  }

  function once(text: string): readonly SessionStep[] {
    if (said.has(text)) return []
    said.add(text)
    return [{ kind: 'note', text }]
  }
}

/** `{"data": "✅ Server Connection Established Successfully!"}` stands behind AUTH in every session that has it. */
function greeted(user: string | undefined, account: string): readonly SessionStep[] {
  const setup: SessionStep = {
    kind: 'send',
    text: JSON.stringify({ type: 'ACCSETUP', id: Number(account), user }),
  }
  return [{ kind: 'accepted' }, ...(account === '' ? [] : [setup])]
}

const ELSEWHERE: SessionStep = {
  kind: 'refused',
  final: true,
  reason: 'the venue has ended this session: logged in from another location',
  next: 'close Trade Manager’s page in the browser, then record again: whoever signs in last ends the other',
}

const UNAUTHORIZED: SessionStep = {
  kind: 'refused',
  final: true,
  reason: 'the venue says “Unauthorized access”: it does not take this user and token',
  next: 'sign in on the page, copy user and token from its AUTH message, and set both variables again',
}

/** Whole: who shows it takes secrets out first and cuts then, for a cut secret is not found. */
function quoted(text: string): string {
  return JSON.stringify(text)
}

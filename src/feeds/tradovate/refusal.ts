import type { SessionStep } from '../feed.ts'
import { CAPTCHA } from './auth.ts'
import { dataOf, errorOfReply, isRecord, type Penalty, type Reply, shownWords } from './reply.ts'

type Refused = Extract<SessionStep, { readonly kind: 'refused' }>

/** What the missing market data right looks like: inside `s:200` (thread 4037, Lean #9136). */
export const ACCESS_DENIED = 'Access is denied'

const NO_LICENCE =
  'market data over the API needs the CME’s sub-vendor licence or Tradovate’s paid add-on; ' +
  'switch it on in the account’s API settings, or record without market data'

/** A penalty to be waited out, and the same request again with its ticket; a captcha is the end. */
export function penaltySteps(penalty: Penalty, again: readonly SessionStep[]): readonly SessionStep[] {
  if (penalty.isCaptcha) return [{ kind: 'refused', final: true, ...CAPTCHA }]
  const wait = Math.ceil(penalty.seconds * 1_000_000)
  return [
    { kind: 'note', text: `Tradovate wants ${penalty.seconds} s waited out (a penalty ticket)` },
    { kind: 'wait', wait, afterwards: again },
  ]
}

/** The answer to `authorize`, where it is not the welcome. */
export function authorizeRefusal(reply: Reply): Refused | undefined {
  const words = errorOfReply(reply)
  if (words === undefined) return undefined
  if (isDenied(words)) return accessDenied()
  if (reply.status === 401 || reply.status === 403) {
    return {
      kind: 'refused',
      final: true,
      reason: `Tradovate does not take the token: ${shownWords(words)}`,
      next: 'it has ended, belongs to the other environment, or a third login has closed its session: take the tokens anew',
    }
  }
  return {
    kind: 'refused',
    final: false,
    reason: `Tradovate answers authorize with ${shownWords(words)}`,
    next: 'wait some minutes; with 429 there were too many requests',
  }
}

export function isDenied(words: string): boolean {
  return words.includes(ACCESS_DENIED)
}

export function accessDenied(): Refused {
  return { kind: 'refused', final: true, reason: `Tradovate says: ${ACCESS_DENIED}`, next: NO_LICENCE }
}

/** `{"reasonCode":"Maintenance"}` passes; the two quotas do not, and another connection would end somebody’s. */
export function shutdownRefusal(data: unknown): Refused {
  const said = dataOf(data)
  const { reasonCode, reason } = isRecord(said) ? said : {}
  const code = typeof reasonCode === 'string' ? reasonCode : 'no reasonCode'
  const told = typeof reason === 'string' && reason !== '' ? `: ${shownWords(reason)}` : ''
  return {
    kind: 'refused',
    final: QUOTAS.has(code),
    reason: `Tradovate shuts the connection down: ${shownWords(code)}${told}`,
    next: QUOTAS.get(code) ?? 'it is tried again after a pause',
  }
}

const QUOTAS: ReadonlyMap<string, string> = new Map([
  ['ConnectionQuotaReached', 'close another session or connection of this user, then record again'],
  ['IPQuotaReached', 'close another connection from this address, then record again'],
])

/** `c[3000,"Go away!"]`. */
export function closeNote(code: number, reason: string): SessionStep {
  return { kind: 'note', text: `Tradovate closes: ${code} ${shownWords(reason)}` }
}

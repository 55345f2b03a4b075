import type {
  ChosenOptions,
  CredentialSpec,
  Credentials,
  Postponed,
  Refusal,
  SignedIn,
  TokenExchange,
} from '../feed.ts'
import { CREDENTIALS, loginFor, renewalFor } from '../tradovate/auth.ts'
import { isRecord } from '../tradovate/reply.ts'

export const USER_CREDENTIALS: readonly CredentialSpec[] = [
  ...CREDENTIALS,
  {
    key: 'userId',
    variable: 'FEEDTAPE_TRADOVATE_USER_ID',
    meaning: 'the user’s id, for user/syncrequest; a login tells it, and account/list where there was none',
    isName: true,
  },
]

export function exchange(credentials: Credentials, options?: ChosenOptions): TokenExchange | undefined {
  const login = loginFor('token', credentials, options)
  return login === undefined ? undefined : withUserId(login, credentials)
}

export function renew(credentials: Credentials, options?: ChosenOptions): TokenExchange {
  return withUserId(renewalFor('token', credentials, options), credentials)
}

/** The login's answer also says whose it is: `"userId":3701228`. What the user has said goes on where it does not. */
function withUserId(exchange: TokenExchange, credentials: Credentials): TokenExchange {
  return {
    ...exchange,
    read(status, body, now): SignedIn | Refusal | Postponed {
      const result = exchange.read(status, body, now)
      if ('afterwards' in result) {
        const afterwards = withUserId(result.afterwards, credentials)
        return { ...result, afterwards }
      }
      if (!('credentials' in result)) return result
      const userId = userIdIn(body) ?? credentials['userId']
      if (userId === undefined) return result
      return { ...result, credentials: { ...result.credentials, userId } }
    },
  }
}

function userIdIn(text: string): string | undefined {
  try {
    const body: unknown = JSON.parse(text)
    const id = isRecord(body) ? body['userId'] : undefined
    return Number.isSafeInteger(id) ? String(id) : undefined
  } catch {
    return undefined
  }
}

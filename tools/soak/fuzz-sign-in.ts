import type { Feed, SessionOptions, TokenExchange } from '../../src/feeds/index.ts'
import { FeedtapeError } from '../../src/model/errors.ts'
import type { Random } from '../../src/model/random.ts'
import { NOW } from './fuzz-actors.ts'
import { pick } from './fuzz-hostile.ts'
import { hostileText, STATUSES } from './fuzz-hostile-http.ts'

const SIGNED_IN =
  '{"accessToken":"synthetic0token","mdAccessToken":"synthetic1token","expirationTime":"2026-03-02T16:30:00Z","userId":1000001,"p-ticket":"synthetic","p-time":5,"p-captcha":false,"errorText":"","auth_token":"synthetic"}'

/** What a login or a renewal is answered with, up to three of them in a row. */
export function wrongWithSignIn(
  random: Random,
  { session }: Feed,
  { credentials, options }: SessionOptions,
): string | undefined {
  for (const given of [credentials, { name: 'n', password: 'p', sessionid: 'x', sessionid_sign: 'y' }]) {
    for (const exchange of [
      exchangeOf(() => session.exchange?.(given, options)),
      exchangeOf(() => session.renew?.(given, options)),
    ]) {
      const wrong = wrongWithExchange(random, exchange)
      if (wrong !== undefined) return wrong
    }
  }
  return undefined
}

/** Credentials that are of no use are refused. */
function exchangeOf(make: () => TokenExchange | undefined): TokenExchange | undefined {
  try {
    return make()
  } catch (thrown) {
    if (thrown instanceof FeedtapeError && thrown.code === 'bad-config') return undefined
    throw thrown
  }
}

function wrongWithExchange(random: Random, exchange: TokenExchange | undefined): string | undefined {
  let next = exchange
  for (let times = 0; times < 3 && next !== undefined; times++) {
    const status = random.next() < 0.7 ? 200 : pick(random, STATUSES)
    const result = next.read(status, hostileText(random, SIGNED_IN), NOW)
    next = undefined
    if ('wait' in result) {
      if (!(Number.isSafeInteger(result.wait) && result.wait >= 0)) return `a wait of ${result.wait}`
      next = result.afterwards
    } else if ('credentials' in result) {
      if (!Object.values(result.credentials).every(value => typeof value === 'string'))
        return 'a credential that is no text'
      if (result.expires !== undefined && !Number.isSafeInteger(result.expires))
        return `expires at ${result.expires}`
    } else if (result.reason === '' || result.next === '') return 'a refusal without its reason or what to do'
  }
  return undefined
}

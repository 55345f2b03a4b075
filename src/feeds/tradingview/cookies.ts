import type { CredentialSpec, Credentials } from '../sign-in.ts'

/** A logged-in browser's cookies, under the same variables for every wire of TradingView's. */
export const COOKIE_CREDENTIALS: readonly CredentialSpec[] = [
  {
    key: 'sessionid',
    variable: 'FEEDTAPE_TRADINGVIEW_SESSIONID',
    meaning: 'the cookie sessionid of a logged-in browser; real-time values need it',
  },
  {
    key: 'sessionidSign',
    variable: 'FEEDTAPE_TRADINGVIEW_SESSIONID_SIGN',
    meaning: 'the cookie sessionid_sign that goes with it',
  },
]

/** `undefined` without a sessionid: the sign alone says nothing. */
export function cookieHeader({ sessionid, sessionidSign }: Credentials): string | undefined {
  if (!sessionid) return undefined
  const cookies = [`sessionid=${sessionid}`]
  if (sessionidSign) cookies.push(`sessionid_sign=${sessionidSign}`)
  return cookies.join('; ')
}

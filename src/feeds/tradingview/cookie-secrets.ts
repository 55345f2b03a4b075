import { createHttpSecrets } from './http-secrets.ts'

/** TradingView's own hosts take their credential in a cookie only. */
export const cookieSecrets = createHttpSecrets({
  names: 'sessionid|sessionid_sign|auth_?token|access_?token|token',
  worthALook: /session|token|auth|eyJ/i,
})

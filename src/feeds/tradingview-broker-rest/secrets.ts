import { createHttpSecrets } from '../tradingview/http-secrets.ts'

/** A broker's token stands in a header; the account's id, which is a person's, in the query of /quotes. */
export const secrets = createHttpSecrets({
  names:
    'auth_?token|access_?token|refresh_?token|token|api_?key|password|login|client_?secret|session_?id|account_?id',
  worthALook: /token|auth|key|password|login|secret|session|account|eyJ/i,
})

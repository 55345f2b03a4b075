export { cookieSecrets as secrets } from '../tradingview/cookie-secrets.ts'

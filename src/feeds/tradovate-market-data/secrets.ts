/** A login, a token and a ticket look the same on both sockets. */
export { secrets } from '../tradovate/secrets.ts'

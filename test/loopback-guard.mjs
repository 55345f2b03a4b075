import { Socket } from 'node:net'

/**
 * No test calls a live address: a connection to anywhere but this machine ends the test run, or the program that a
 * test has started with `--import`. Plain JavaScript, because programs load it under any Node.
 */
const connect = Socket.prototype.connect

Socket.prototype.connect = function guarded(...args) {
  const given = Array.isArray(args[0]) ? args[0][0] : args[0]
  const options = typeof given === 'object' && given !== null ? given : { port: given, host: args[1] }
  const host = options.path !== undefined && options.path !== null ? undefined : options.host
  if (typeof host === 'string' && !/^(?:localhost|127(?:\.\d+){3}|::1|\[::1\])$/.test(host)) {
    const violation = new Error(`a test called ${host}: only this machine may be called`)
    queueMicrotask(() => {
      throw violation
    })
    return connect.call(this, { host: '127.0.0.1', port: 1 })
  }
  return connect.apply(this, args)
}

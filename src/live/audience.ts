import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import type { Micros } from '../model/time.ts'
import type { ListenOptions } from './listen-options.ts'
import { mayListen } from './origin.ts'

export interface AudienceOptions extends ListenOptions {
  /** A client that has been let in. */
  readonly arrived: (client: WebSocket) => void
}

const MOST_CLIENTS = 64
const MOST_WAITING_BYTES = 1024 * 1024
/** Nobody has anything to say to us; what is longer closes the socket with 1009. */
const MOST_HEARD_BYTES = 1024
/** To say goodbye in, after which the connection is torn. */
const GOODBYE: Micros = 1_000_000

const TRY_AGAIN_LATER = 1013

/** Whoever listens at our WebSocket. Nobody of them is ever waited for. */
export class Audience {
  readonly url: string
  readonly #options: AudienceOptions
  readonly #server: Server
  readonly #sockets: WebSocketServer
  readonly #leaving = new Set<WebSocket>()
  /** The bytes of the one message to a client that is on its way: however long, whoever reads has it soon. */
  readonly #onItsWay = new WeakMap<WebSocket, number>()

  private constructor(options: AudienceOptions, server: Server, sockets: WebSocketServer, port: number) {
    this.#options = options
    this.#server = server
    this.#sockets = sockets
    this.url = `ws://${bracketed(options.host)}:${port}/`
    server.on('error', error => options.note(`publish: ${reasonOf(error)}`))
    server.on('upgrade', (request, socket, head) => this.#meet(request, socket, head))
  }

  /** Throws `usage` where nobody can be served there. */
  static async open(options: AudienceOptions): Promise<Audience> {
    const server = createServer((_, response) => {
      const headers = { connection: 'Upgrade', 'content-type': 'text/plain', upgrade: 'websocket' }
      response.writeHead(426, headers).end('feedtape watch: live P&L, by WebSocket\n')
    })
    const sockets = new WebSocketServer({
      noServer: true,
      perMessageDeflate: false,
      maxPayload: MOST_HEARD_BYTES,
    })
    const port = await listen(server, options)
    return new Audience(options, server, sockets, port)
  }

  get size(): number {
    return this.#sockets.clients.size - this.#leaving.size
  }

  /** Sends, unless the client is too far behind: then it has lost its place. */
  say(client: WebSocket, text: string): void {
    if (client.readyState !== client.OPEN) return
    const onItsWay = this.#onItsWay.get(client)
    const behind = client.bufferedAmount - (onItsWay ?? 0)
    if (behind > (this.#options.mostWaitingBytes ?? MOST_WAITING_BYTES)) {
      this.#options.note(`publish: a client is ${behind} bytes behind: dropped`)
      this.#leave(client, TRY_AGAIN_LATER, 'too slow')
      return
    }
    if (onItsWay !== undefined) {
      client.send(text)
      return
    }
    this.#onItsWay.set(client, Buffer.byteLength(text))
    client.send(text, () => this.#onItsWay.delete(client))
  }

  /** The last that they hear was said. */
  async close(): Promise<void> {
    for (const client of this.#sockets.clients) this.#leave(client, 1000, '')
    const callOff = this.#options.timers.after(2 * GOODBYE, () => this.#server.closeAllConnections())
    await new Promise<void>(resolve => {
      this.#server.close(() => resolve())
      this.#server.closeIdleConnections()
    })
    callOff()
  }

  #meet(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const { origin } = request.headers
    if (!mayListen(origin, new Set(this.#options.origins))) {
      refuse(socket, '403 Forbidden', 'a page of this origin may not listen: --publish-origin\n')
      return
    }
    if ((request.url ?? '').split('?')[0] !== '/') {
      refuse(socket, '404 Not Found', 'it is at /\n')
      return
    }
    if (this.#sockets.clients.size >= MOST_CLIENTS) {
      refuse(socket, '503 Service Unavailable', `${MOST_CLIENTS} clients are served, and no more\n`)
      return
    }
    this.#sockets.handleUpgrade(request, socket, head, client => {
      // What a client says is read, so that its pings and its close are, and means nothing.
      client.on('error', () => this.#leave(client, 1002, ''))
      this.#options.arrived(client)
    })
  }

  #leave(client: WebSocket, code: number, reason: string): void {
    if (this.#leaving.has(client)) return
    this.#leaving.add(client)
    client.close(code, reason)
    const callOff = this.#options.timers.after(GOODBYE, () => client.terminate())
    client.on('close', () => {
      callOff()
      this.#leaving.delete(client)
    })
  }
}

function refuse(socket: Duplex, status: string, text: string): void {
  const length = Buffer.byteLength(text)
  const head = `Connection: close\r\nContent-Type: text/plain\r\nContent-Length: ${length}`
  socket.end(`HTTP/1.1 ${status}\r\n${head}\r\n\r\n${text}`, () => socket.destroy())
}

function listen(server: Server, { host, port }: AudienceOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(notServed(host, port, cause)))
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

function notServed(host: string, port: number, cause: NodeJS.ErrnoException): FeedtapeError {
  const isTaken = cause.code === 'EADDRINUSE'
  return new FeedtapeError('usage', isTaken ? 'somebody else serves there' : 'nothing can be served there', {
    where: `--publish ${bracketed(host)}:${port}`,
    expected: 'a port of this machine that is free',
    found: reasonOf(cause),
    next: isTaken ? 'end the other, or take another port; 0 takes a free one' : 'take another port or host',
    cause,
  })
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

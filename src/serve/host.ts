import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { ConversationPlan } from '../feeds/feed.ts'
import type { Clock } from '../model/clock.ts'
import type { Random } from '../model/random.ts'
import type { Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'
import type { MovingMarket } from '../synth/index.ts'
import { type Line, openLine } from './line.ts'

export interface HostOptions {
  /** Each answers at its own path. */
  readonly conversations: readonly ConversationPlan[]
  readonly market: MovingMarket
  readonly random: Random
  readonly clock: Clock
  readonly timers: Timers
  /** 0, the default, takes a free one. */
  readonly port?: number
  /** Told of every message that leaves: an oracle for whoever listens at the other end. */
  readonly sent?: (text: string) => void
}

/** A venue on this machine: real HTTP, real WebSockets, reachable from nowhere else. */
export interface Host {
  readonly port: number
  /** Where a conversation answers. */
  urlOf(plan: ConversationPlan): string
  connections(): number
  /** Over all connections, since the start. */
  messagesSent(): number
  /** The market goes on by so many steps, one each `every`; rejects if the host closes meanwhile. */
  play(steps: number, every: Micros): Promise<void>
  /** A heartbeat to everybody now, besides those that are due. */
  beat(): void
  /** Resolves when every client has taken in all that it was sent: a ping is answered in its turn. */
  settled(): Promise<void>
  /** Ends every connection: without a code as a network does, with one as a server does. */
  drop(code?: number): void
  /** The next upgrade is answered with this status instead. */
  refuse(status: number, headers?: Readonly<Record<string, string>>): void
  close(): Promise<void>
}

interface Refusal {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

export async function startHost(options: HostOptions): Promise<Host> {
  const { conversations, market, random, clock, timers } = options
  const lines = new Set<Line>()
  const refusals: Refusal[] = []
  let messagesSent = 0
  const plays = new Set<(reason: Error) => void>()
  const server = createServer((_request, response) => {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('a feedtape venue: WebSocket only\n')
  })
  // The venues that we know answer the offer of compression with silence (S01, S04).
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 16 << 20 })

  server.on('upgrade', (request, socket, head) => {
    const refusal = refusals.shift()
    const plan = conversations.find(known => known.path === pathOf(request))
    if (refusal !== undefined) return refuseUpgrade(socket, refusal)
    if (plan === undefined) return refuseUpgrade(socket, { status: 404, headers: {} })
    sockets.handleUpgrade(request, socket, head, client => {
      const conversation = plan.start({ market, random, now: clock.now })
      const line = openLine({ client, conversation, beatEvery: plan.beatEvery, timers, sent })
      lines.add(line)
      client.on('close', () => lines.delete(line))
    })
  })
  const port = await listen(server, options.port ?? 0)

  function sent(text: string): void {
    messagesSent += 1
    options.sent?.(text)
  }

  function tick(): void {
    for (const { name, fields } of market.step()) {
      for (const line of lines) line.moved(name, fields)
    }
  }

  return {
    port,
    urlOf: plan => `ws://127.0.0.1:${port}${plan.path}`,
    connections: () => lines.size,
    messagesSent: () => messagesSent,
    play(steps, every) {
      return new Promise((resolve, reject) => {
        let cancel = (): void => {}
        const stop = (reason: Error): void => {
          cancel()
          reject(reason)
        }
        const next = (left: number): void => {
          if (left === 0) {
            plays.delete(stop)
            resolve()
            return
          }
          cancel = timers.after(every, () => {
            tick()
            next(left - 1)
          })
        }
        plays.add(stop)
        next(steps)
      })
    },
    beat() {
      for (const line of lines) line.beat()
    },
    async settled() {
      await Promise.all([...lines].map(line => line.settled()))
    },
    drop(code) {
      for (const line of lines) line.end(code)
    },
    refuse(status, headers = {}) {
      refusals.push({ status, headers })
    },
    async close() {
      for (const stop of plays) stop(new Error('the host was closed'))
      plays.clear()
      for (const line of lines) line.end()
      sockets.close()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0] ?? ''
}

function refuseUpgrade(socket: Duplex, { status, headers }: Refusal): void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n${lines.join('')}\r\n`)
}

/** Nobody but this machine is let in. */
function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

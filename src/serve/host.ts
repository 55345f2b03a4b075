import { createServer, type Server } from 'node:http'
import { WebSocketServer } from 'ws'
import type { ConversationPlan, HttpConversationPlan } from '../feeds/feed.ts'
import type { Clock } from '../model/clock.ts'
import type { Random } from '../model/random.ts'
import type { Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'
import type { MovingMarket } from '../synth/index.ts'
import { type Desk, openDesk } from './desk.ts'
import { type HttpFault, pathOf, refuseUpgrade, type UpgradeRefusal } from './faults.ts'
import { type Line, openLine } from './line.ts'

export interface HostOptions {
  /** Each answers at its own path, or paths; the first that does. */
  readonly conversations: readonly (ConversationPlan | HttpConversationPlan)[]
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
  /** Where a socket's conversation answers. */
  urlOf(plan: ConversationPlan): string
  /** `http://127.0.0.1:PORT`, for what is asked over HTTP. */
  readonly origin: string
  /** Sockets that stand. */
  connections(): number
  /** Bodies that are still being sent. */
  streams(): number
  /** Requests that came, upgrades not among them. */
  requests(): number
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
  /** The next request is met with this instead; several are kept in order. */
  fail(fault: HttpFault): void
  /** Half-open: every connection stays, and nothing is read or written on it any longer. New ones are as before. */
  freeze(): void
  close(): Promise<void>
}

export async function startHost(options: HostOptions): Promise<Host> {
  const { conversations, market, random, clock, timers } = options
  const lines = new Set<Line>()
  const refusals: UpgradeRefusal[] = []
  const faults: HttpFault[] = []
  let requests = 0
  let messagesSent = 0
  const plays = new Set<(reason: Error) => void>()
  const desks = conversations.flatMap(plan => deskOf(plan))
  const server = createServer((request, response) => {
    requests += 1
    const desk = desks.find(known => known.answers(pathOf(request)))
    if (desk === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('a feedtape venue: nothing is here\n')
      return
    }
    desk.meet(request, response, faults.shift()).catch(() => response.destroy())
  })
  // The venues that we know answer the offer of compression with silence (S01, S04).
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 16 << 20 })

  server.on('upgrade', (request, socket, head) => {
    const refusal = refusals.shift()
    const plan = conversations.filter(isSocket).find(known => known.path === pathOf(request))
    if (refusal !== undefined) return refuseUpgrade(socket, refusal)
    if (plan === undefined) return refuseUpgrade(socket, { status: 404, headers: {} })
    sockets.handleUpgrade(request, socket, head, client => {
      const conversation = plan.start({ market, random, now: clock.now })
      const { beatEvery, silence } = plan
      const line = openLine({ client, conversation, beatEvery, silence, timers, sent })
      lines.add(line)
      client.on('close', () => lines.delete(line))
    })
  })
  const port = await listen(server, options.port ?? 0)
  const origin = `http://127.0.0.1:${port}`

  function deskOf(plan: ConversationPlan | HttpConversationPlan): readonly Desk[] {
    const http = isSocket(plan) ? plan.http : plan
    if (http === undefined) return []
    const conversation = http.start({ market, random, now: clock.now })
    return [openDesk({ plan: http, conversation, random, timers, origin: () => origin, sent })]
  }

  function sent(text: string): void {
    messagesSent += 1
    options.sent?.(text)
  }

  function tick(): void {
    for (const { name, fields } of market.step()) {
      for (const one of [...lines, ...desks]) one.moved(name, fields)
    }
  }

  return {
    port,
    urlOf: plan => `ws://127.0.0.1:${port}${plan.path}`,
    origin,
    connections: () => lines.size,
    streams: () => desks.reduce((sum, desk) => sum + desk.streams(), 0),
    requests: () => requests,
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
      for (const one of [...lines, ...desks]) one.beat()
    },
    async settled() {
      await Promise.all([...lines].map(line => line.settled()))
    },
    drop(code) {
      for (const line of lines) line.end(code)
      for (const desk of desks) desk.drop()
    },
    refuse(status, headers = {}) {
      refusals.push({ status, headers })
    },
    fail(fault) {
      faults.push(fault)
    },
    freeze() {
      for (const one of [...lines, ...desks]) one.freeze()
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

function isSocket(plan: ConversationPlan | HttpConversationPlan): plan is ConversationPlan {
  return 'path' in plan
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

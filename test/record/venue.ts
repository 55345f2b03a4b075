import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { framePacket } from '../../src/feeds/tradingview-socket/framing.ts'

/** A venue of scripted words on a real socket: what the synthetic venue of src/serve would never say. */
export interface Venue {
  readonly url: string
  readonly pageUrl: string
  /** The next connection that came about. */
  client(): Promise<VenueClient>
  /** The next upgrade is answered like this instead. */
  refuse(status: number, headers?: Record<string, string>, body?: string): void
  /** What the chart page says. */
  page: (request: IncomingMessage, response: ServerResponse) => void
  readonly upgrades: IncomingMessage[]
  readonly pageRequests: IncomingMessage[]
  close(): Promise<void>
}

export interface VenueClient {
  readonly socket: WebSocket
  /** All that was heard so far. */
  readonly heard: string[]
  /** The first message that has `words` in it, heard already or still to come. */
  hears(words: string): Promise<string>
  says(...packets: string[]): void
}

export const HELLO =
  '{"session_id":"0.1.1_test1-charts-1","timestamp":1795176000,"release":"release_208-91","protocol":"json","via":"203.0.113.77:443"}'

export function quote(name: string, v: Record<string, unknown>): string {
  return JSON.stringify({ m: 'qsd', p: ['qs_test', { n: name, s: 'ok', v }] })
}

export async function startVenue(): Promise<Venue> {
  const waiting: ((client: VenueClient) => void)[] = []
  const arrived: VenueClient[] = []
  const refusals: { status: number; headers: Record<string, string>; body: string }[] = []
  const server = createServer((request, response) => {
    venue.pageRequests.push(request)
    venue.page(request, response)
  })
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: true })
  server.on('upgrade', (request, socket, head) => {
    venue.upgrades.push(request)
    const refusal = refusals.shift()
    if (refusal !== undefined) {
      const headers = { ...refusal.headers, 'Content-Length': String(Buffer.byteLength(refusal.body)) }
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
      socket.end(`HTTP/1.1 ${refusal.status} No\r\n${lines.join('')}\r\n${refusal.body}`)
      return
    }
    sockets.handleUpgrade(request, socket, head, ws => {
      const client = venueClient(ws)
      const next = waiting.shift()
      if (next === undefined) arrived.push(client)
      else next(client)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const venue: Venue = {
    url: `ws://127.0.0.1:${port}/socket.io/websocket`,
    pageUrl: `http://127.0.0.1:${port}/chart/`,
    client() {
      const client = arrived.shift()
      return client === undefined ? new Promise(resolve => waiting.push(resolve)) : Promise.resolve(client)
    },
    refuse: (status, headers = {}, body = '') => refusals.push({ status, headers, body }),
    page: (_request, response) => response.writeHead(404).end(),
    upgrades: [],
    pageRequests: [],
    async close() {
      for (const ws of sockets.clients) ws.terminate()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return venue
}

function venueClient(socket: WebSocket): VenueClient {
  const heard: string[] = []
  const listeners = new Set<() => void>()
  socket.on('message', data => {
    heard.push(data.toString())
    for (const listener of listeners) listener()
  })
  return {
    socket,
    heard,
    hears: words =>
      new Promise(resolve => {
        const look = (): void => {
          const message = heard.find(text => text.includes(words))
          if (message === undefined) return
          listeners.delete(look)
          resolve(message)
        }
        listeners.add(look)
        look()
      }),
    says: (...packets) => socket.send(packets.map(framePacket).join('')),
  }
}

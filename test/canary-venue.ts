import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'

export interface CanaryVenue {
  readonly url: string
  readonly pageUrl: string
  close(): Promise<void>
}

export interface CanaryScript {
  /** Answers to upgrades before one is let in: a whole HTTP answer each. */
  readonly refusals?: readonly string[]
  /** Lines that the answer to the upgrade has besides. */
  readonly headers?: readonly string[]
  page?(response: ServerResponse): void
  /** Called for each connection, once the client has said something. */
  talk(socket: WebSocket): void
}

/** A venue that gives away in every way that it has what it was told. */
export async function startCanaryVenue(script: CanaryScript): Promise<CanaryVenue> {
  const refusals = [...(script.refusals ?? [])]
  const server = createServer((_, response) => script.page?.(response) ?? response.writeHead(404).end())
  const sockets = new WebSocketServer({ noServer: true })
  sockets.on('headers', lines => lines.push(...(script.headers ?? [])))
  server.on('upgrade', (request, socket, head) => {
    const refusal = refusals.shift()
    if (refusal !== undefined) {
      socket.end(refusal)
      return
    }
    sockets.handleUpgrade(request, socket, head, ws => {
      ws.on('error', () => {})
      script.talk(ws)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const venue = {
    url: `ws://127.0.0.1:${port}/socket.io/websocket`,
    pageUrl: `http://127.0.0.1:${port}/chart/`,
    async close() {
      for (const ws of sockets.clients) ws.terminate()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  onTestFinished(() => venue.close())
  return venue
}

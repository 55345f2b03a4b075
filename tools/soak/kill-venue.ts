import { hash } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Random, randomInteger } from '../../src/model/random.ts'

/** What the server knows of a frame that it sent: the oracle for what has to be on the tape. */
export interface SentFrame {
  readonly sha256: string
  readonly bytes: number
  /** When the system had all of it, by `performance.now()`; not yet, if infinite. */
  at: number
}

export interface KillVenue {
  readonly url: string
  /** In the order of sending; each frame also carries its place in this list. */
  readonly log: readonly SentFrame[]
  readonly connected: Promise<void>
  /** Frame number `log.length`, to the client that came last. */
  send(text: string): Promise<void>
  close(): Promise<void>
}

export async function startKillVenue(): Promise<KillVenue> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const log: SentFrame[] = []
  let client: WebSocket | undefined
  const connected = once(server, 'connection').then(([socket]: WebSocket[]) => {
    client = socket
    // A client that is killed resets its connection.
    client?.on('error', () => {})
  })
  return {
    url: `ws://127.0.0.1:${port}/`,
    log,
    connected,
    send: text =>
      new Promise(resolve => {
        const bytes = Buffer.from(text)
        const frame = { sha256: hash('sha256', bytes), bytes: bytes.length, at: Number.POSITIVE_INFINITY }
        log.push(frame)
        if (client === undefined) throw new Error('nobody is there')
        client.send(bytes, { binary: false }, error => {
          if (!error) frame.at = performance.now()
          resolve()
        })
      }),
    async close() {
      for (const socket of server.clients) socket.terminate()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

const PAD = 'synthetic "0123456789" \\ é 株 '
/** One byte a character, as all large frames that were ever seen. */
const LARGE_PAD = PAD.replaceAll(/[^ -~]/g, '')

/** A frame that says its number, with so much text behind it. */
export function numberedFrame(number: number, padding: number): string {
  const piece = padding > 1_000 ? LARGE_PAD : PAD
  const pad = piece.repeat(Math.ceil(padding / piece.length)).slice(0, padding)
  const payload = JSON.stringify({ m: 'soak', p: [number, pad] })
  return `~m~${payload.length}~m~${payload}`
}

/** Bursts of small frames with pauses, or one frame of 16 MiB at a time, until told to stop. */
export async function sendBursts(
  venue: KillVenue,
  random: Random,
  isLarge: boolean,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    if (isLarge) {
      await venue.send(numberedFrame(venue.log.length, LARGE_BYTES))
    } else {
      const burst = randomInteger(random, 1, random.next() < 0.1 ? 2_000 : 200)
      const sent = Array.from({ length: burst }, () =>
        venue.send(numberedFrame(venue.log.length, randomInteger(random, 0, 600))),
      )
      await Promise.all(sent)
    }
    const ms = randomInteger(random, 0, isLarge ? 400 : 25)
    await new Promise(resolve => setTimeout(resolve, ms))
  }
}

const LARGE_BYTES = 16 * 1024 * 1024 - 64

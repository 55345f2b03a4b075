import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'

type Headers = Readonly<Record<string, string>>

/** What the next request is met with in place of its answer. */
export type HttpFault =
  /** Another status: 429 with Retry-After, 403 with a page of HTML, a status that nobody knows. */
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Headers; readonly body?: string }
  /** The right answer, so much later. */
  | { readonly kind: 'slow'; readonly delay: Micros }
  /** A body of so many bytes, under 200. */
  | { readonly kind: 'oversized'; readonly bytes: number }
  /** A body that is announced whole and breaks off behind so many bytes of it. */
  | { readonly kind: 'cut'; readonly after: number }
  /** The request is taken, and nothing ever comes. */
  | { readonly kind: 'silent' }
  /** The connection is torn down. */
  | { readonly kind: 'reset' }

const PIECE = Buffer.alloc(1024 * 1024, 'x')

/** `answer` gives what would have been said. */
export function commit(
  fault: HttpFault,
  response: ServerResponse,
  timers: Timers,
  answer: () => { readonly body?: string; give(): void },
): void {
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status, fault.headers).end(fault.body)
      return
    case 'slow':
      timers.after(fault.delay, () => answer().give())
      return
    case 'oversized':
      response.writeHead(200, { 'content-type': 'application/json' })
      pour(response, fault.bytes)
      return
    case 'cut': {
      const { body = '' } = answer()
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': String(Math.max(Buffer.byteLength(body), fault.after + 1)),
      })
      response.write(Buffer.from(body).subarray(0, fault.after), () => response.destroy())
      return
    }
    case 'silent':
      return
    case 'reset':
      response.socket?.resetAndDestroy()
      return
    default:
      fault satisfies never
  }
}

/** As fast as it is read. */
function pour(response: ServerResponse, bytes: number): void {
  let left = bytes
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      const piece = PIECE.subarray(0, left)
      left -= piece.length
      if (!response.write(piece)) {
        response.once('drain', more)
        return
      }
    }
    response.end()
  }
  response.on('error', () => {})
  more()
}

export interface UpgradeRefusal {
  readonly status: number
  readonly headers: Headers
}

export function refuseUpgrade(socket: Duplex, { status, headers }: UpgradeRefusal): void {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n${lines.join('')}\r\n`)
}

export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0] ?? ''
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { HttpConversation, HttpConversationPlan, HttpRequest } from '../feeds/feed.ts'
import type { QuoteFields } from '../model/quote.ts'
import { type Random, randomInteger } from '../model/random.ts'
import type { Timers } from '../model/timers.ts'
import { commit, type HttpFault } from './faults.ts'

/** What a venue answers over HTTP, and whoever reads a stream of it. */
export interface Desk {
  answers(path: string): boolean
  /** With what it is to be met with instead, if so. */
  meet(request: IncomingMessage, response: ServerResponse, fault: HttpFault | undefined): Promise<void>
  moved(name: string, fields: QuoteFields): void
  beat(): void
  /** Half-open: streams stay, and say nothing more. */
  freeze(): void
  drop(): void
  streams(): number
}

export interface DeskOptions {
  readonly plan: HttpConversationPlan
  readonly conversation: HttpConversation
  /** Where chunks break. */
  readonly random: Random
  readonly timers: Timers
  /** Our address, as requests are shown to the conversation. */
  readonly origin: () => string
  readonly sent: (text: string) => void
}

const MOST_REQUEST_BYTES = 1024 * 1024

export function openDesk({ plan, conversation, random, timers, origin, sent }: DeskOptions): Desk {
  const readers = new Set<ServerResponse>()
  let isFrozen = false
  let stopBeating = (): void => {}

  function tell(messages: readonly string[]): void {
    if (isFrozen) return
    for (const text of messages) {
      for (const reader of readers) inPieces(text, random, piece => reader.write(piece))
      if (readers.size > 0) sent(text)
    }
  }

  function beatLater(): void {
    stopBeating = timers.after(plan.beatEvery, () => {
      tell(conversation.beat())
      beatLater()
    })
  }

  function take(response: ServerResponse): void {
    if (readers.size === 0) beatLater()
    readers.add(response)
    response.on('close', () => {
      readers.delete(response)
      if (readers.size === 0) stopBeating()
    })
  }

  function answered(
    request: HttpRequest,
    response: ServerResponse,
  ): { readonly body?: string; give(): void } {
    const answer = conversation.answer(request)
    const { body, headers, isStream, status } = answer
    return {
      ...(body === undefined ? {} : { body }),
      give() {
        response.writeHead(status, headers.flat())
        if (body !== undefined) sent(body)
        if (isStream !== true) response.end(body)
        else {
          response.flushHeaders()
          if (body !== undefined) inPieces(body, random, piece => response.write(piece))
          take(response)
        }
      },
    }
  }

  return {
    answers: plan.answers,
    async meet(incoming, response, fault) {
      response.on('error', () => {})
      const request = await requestOf(incoming, origin())
      if (fault === undefined) answered(request, response).give()
      else commit(fault, response, timers, () => answered(request, response))
    },
    moved: (name, fields) => tell(conversation.moved(name, fields)),
    beat: () => tell(conversation.beat()),
    freeze() {
      isFrozen = true
    },
    drop() {
      for (const reader of readers) reader.destroy()
    },
    streams: () => readers.size,
  }
}

/** Borders of chunks are not borders of lines: a client that takes them for such is wrong. */
function inPieces(text: string, random: Random, write: (piece: Buffer) => void): void {
  const bytes = Buffer.from(text)
  for (let from = 0; from < bytes.length; ) {
    const to = Math.min(bytes.length, from + randomInteger(random, 1, Math.max(1, bytes.length)))
    write(bytes.subarray(from, to))
    from = to
  }
}

async function requestOf(incoming: IncomingMessage, origin: string): Promise<HttpRequest> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of incoming) {
    size += part.length
    if (size <= MOST_REQUEST_BYTES) parts.push(part)
  }
  const body = Buffer.concat(parts).toString('utf8')
  const raw = incoming.rawHeaders
  return {
    method: incoming.method === 'POST' ? 'POST' : 'GET',
    url: `${origin}${incoming.url ?? '/'}`,
    headers: Array.from(
      { length: raw.length / 2 },
      (_, n) => [raw[n * 2] ?? '', raw[n * 2 + 1] ?? ''] as const,
    ),
    ...(body === '' ? {} : { body }),
  }
}

import type { WebSocket } from 'ws'
import type { Conversation } from '../feeds/feed.ts'
import type { QuoteFields } from '../model/quote.ts'
import type { Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'

/** One client's connection: a socket, what the venue says on it, and when it beats. */
export interface Line {
  moved(name: string, fields: QuoteFields): void
  beat(): void
  /** Resolves when the client has answered a ping, or is gone. */
  settled(): Promise<void>
  end(code?: number): void
  /** Half-open: it stays, and nothing is read or written on it any longer. */
  freeze(): void
}

export interface LineOptions {
  readonly client: WebSocket
  readonly conversation: Conversation
  readonly beatEvery: Micros
  /** A client that says nothing for so long is hung up on. */
  readonly silence?: Micros | undefined
  readonly timers: Timers
  readonly sent: (text: string) => void
}

export function openLine({ client, conversation, beatEvery, silence, timers, sent }: LineOptions): Line {
  const waiting = new Map<string, () => void>()
  let pings = 0
  let stopBeating = (): void => {}
  let stopListening = (): void => {}
  let isFrozen = false

  function send(messages: readonly string[]): void {
    for (const text of messages) {
      if (client.readyState !== client.OPEN || isFrozen) return
      client.send(text)
      sent(text)
    }
  }

  function beatLater(): void {
    stopBeating = timers.after(beatEvery, () => {
      send(conversation.beat())
      beatLater()
    })
  }

  function listen(): void {
    stopListening()
    if (silence !== undefined) stopListening = timers.after(silence, () => client.close())
  }

  client.on('message', (data, isBinary) => {
    if (isFrozen) return
    listen()
    // No client of ours or theirs speaks binary before it has switched the protocol, which nobody is offered.
    if (isBinary) return
    send(conversation.received(String(data)))
    // Without a code, as the venue does: clients saw 1005 (0xrushi/tradingview-scraper issue 15).
    if (conversation.isOver()) client.close()
  })
  client.on('pong', data => release(String(data)))
  client.on('error', () => client.terminate())
  client.on('close', () => {
    stopBeating()
    stopListening()
    for (const ping of waiting.keys()) release(ping)
  })
  listen()
  send(conversation.opened())
  beatLater()

  function release(ping: string): void {
    waiting.get(ping)?.()
    waiting.delete(ping)
  }

  return {
    moved: (name, fields) => send(conversation.moved(name, fields)),
    beat: () => send(conversation.beat()),
    settled() {
      if (client.readyState !== client.OPEN || isFrozen) return Promise.resolve()
      return new Promise(resolve => {
        pings += 1
        waiting.set(String(pings), resolve)
        client.ping(String(pings))
      })
    },
    end(code) {
      if (code === undefined) client.terminate()
      else client.close(code)
    },
    freeze() {
      isFrozen = true
      stopListening()
      client.pause()
    },
  }
}

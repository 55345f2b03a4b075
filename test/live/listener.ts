import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'

type Json = Readonly<Record<string, unknown>>

export interface Message extends Json {
  readonly kind: string
  readonly seq: number
}

/** A frontend, as docs/PUBLISH.md tells it to be one. */
export interface Listener {
  readonly socket: WebSocket
  readonly messages: Message[]
  /** Of each book, by position: the snapshot and all changes since. */
  state(): Readonly<Record<string, Readonly<Record<string, Json>>>>
  until(holds: (messages: readonly Message[]) => boolean): Promise<void>
  /** The close code. */
  readonly closed: Promise<number>
}

export async function listenTo(url: string, origin?: string): Promise<Listener> {
  const socket = new WebSocket(url, origin === undefined ? {} : { origin })
  onTestFinished(() => socket.terminate())
  const messages: Message[] = []
  const checks = new Set<() => void>()
  socket.on('message', data => {
    messages.push(JSON.parse(String(data)))
    for (const check of checks) check()
  })
  await once(socket, 'open')
  const closed = once(socket, 'close').then(([code]) => Number(code))
  return {
    socket,
    messages,
    closed,
    state: () => stateOf(messages),
    until: holds =>
      new Promise(resolve => {
        const check = (): void => {
          if (!holds(messages)) return
          checks.delete(check)
          resolve()
        }
        checks.add(check)
        check()
      }),
  }
}

export function idOf({ account, currency, instrument, instruments, strategy, timeframe }: Json): string {
  if (instrument !== undefined) return JSON.stringify([instrument, account, strategy, timeframe])
  return JSON.stringify(currency === null ? ['total', instruments] : ['total', currency])
}

/** Throws where a message is missing between two others. */
function stateOf(messages: readonly Message[]): Record<string, Record<string, Json>> {
  const [first, ...others] = messages
  if (first?.kind !== 'snapshot') throw new Error(`first came ${first?.kind}`)
  const books: Record<string, Record<string, Json>> = {}
  let seq = first.seq - 1
  for (const message of [first, ...others]) {
    if (message.seq !== seq + 1) throw new Error(`${message.seq} came behind ${seq}`)
    seq = message.seq
    for (const book of listAt(message, 'books')) {
      const name = String(book['name'])
      const state = books[name] ?? {}
      books[name] = state
      for (const gone of [...listAt(book, 'gonePositions'), ...listAt(book, 'goneTotals')])
        delete state[idOf(gone)]
      if (isJson(book['converted'])) state['converted'] = book['converted']
      for (const one of [...listAt(book, 'positions'), ...listAt(book, 'totals')]) state[idOf(one)] = one
    }
  }
  return books
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null
}

function listAt(json: Json, key: string): readonly Json[] {
  const list: unknown = json[key]
  return Array.isArray(list) ? list : []
}

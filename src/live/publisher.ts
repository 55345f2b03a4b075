import type { WebSocket } from 'ws'
import { type Decimal, decimalText } from '../model/decimal.ts'
import type { JsonObject } from '../model/observation.ts'
import { type EpochMicros, isoFromEpochMicros, type Micros } from '../model/time.ts'
import type { Cause, PositionReport } from '../pnl/index.ts'
import type { SourceStatus } from '../record/index.ts'
import { Audience } from './audience.ts'
import type { ListenOptions } from './listen-options.ts'
import type { LiveView } from './live-view.ts'
import { causeBody, feedsBody, messageText, rulesBody } from './publish-message.ts'
import { PublishedBooks } from './published-books.ts'
import type { Beat } from './watch-live.ts'

export interface PublisherOptions extends ListenOptions {
  /** Between two messages; with `event` each change is one of its own, and a second is for all else. */
  readonly every: Micros | 'event'
}

/** The longest that nothing is said: docs/PUBLISH.md calls a connection dead after three. */
const SECOND: Micros = 1_000_000

/** The run's figures to whoever listens: first all of them, then what changes (docs/PUBLISH.md). */
export class Publisher {
  readonly #audience: Audience
  readonly #isByEvent: boolean
  /** At most a second, so that a longer `every` leaves nobody without a heartbeat. */
  readonly #beatEvery: Micros
  /** With so many of them what has changed is said. */
  readonly #beatsToChanges: number
  #published = new PublishedBooks({})
  /** Those that have a snapshot. */
  readonly #clients = new Set<WebSocket>()
  /** Those that came before there was anything to say. */
  readonly #early: Set<WebSocket>
  #look: (() => LiveView) | undefined
  #sources: readonly SourceStatus[] = []
  #feedsText = ''
  #seq = 0
  #closing: Promise<void> | undefined
  #beats = 0
  /** Beats since anything was said to all. */
  #quietBeats = 0

  private constructor(audience: Audience, early: Set<WebSocket>, every: Micros | 'event') {
    this.#audience = audience
    this.#early = early
    this.#isByEvent = every === 'event'
    const interval = every === 'event' ? SECOND : every
    this.#beatsToChanges = Math.ceil(interval / SECOND)
    this.#beatEvery = interval / this.#beatsToChanges
  }

  /** Throws `usage` where nobody can be served there. */
  static async open(options: PublisherOptions): Promise<Publisher> {
    const early = new Set<WebSocket>()
    let meet = (client: WebSocket): void => keep(early, client)
    const audience = await Audience.open({ ...options, arrived: client => meet(client) })
    const publisher = new Publisher(audience, early, options.every)
    meet = client => publisher.#meet(client)
    return publisher
  }

  get url(): string {
    return this.#audience.url
  }

  get clients(): number {
    return this.#audience.size
  }

  /** From now on there is something to say. */
  begin(look: () => LiveView): void {
    this.#look = look
    this.#published = new PublishedBooks(look().rules)
    for (const client of this.#early) this.#meet(client)
    this.#early.clear()
  }

  /** How the wires stand; said with the next message. */
  status(sources: readonly SourceStatus[]): void {
    this.#sources = sources
  }

  get beat(): Beat {
    return { every: this.#beatEvery, run: view => this.#beat(view) }
  }

  /** For `event`: what an entry or a timer has changed. */
  changed(cause: Cause, position: PositionReport, totalNet: Decimal | undefined, book: string): void {
    if (!this.#isByEvent || this.#clients.size === 0) return
    const books = this.#published.change(book, position)
    if (books.length === 0) return
    const net = totalNet === undefined ? null : decimalText(totalNet)
    this.#say('changes', cause.at, { cause: causeBody(cause), totalNet: net, books })
  }

  /** The last word, and what has changed before it. */
  async end(body: JsonObject): Promise<void> {
    if (this.#look !== undefined) {
      const view = this.#look()
      this.#sayChanges(view)
      this.#say('end', view.at, body)
    }
    await this.close()
  }

  async close(): Promise<void> {
    this.#closing ??= this.#audience.close()
    await this.#closing
  }

  #meet(client: WebSocket): void {
    if (this.#look === undefined) {
      keep(this.#early, client)
      return
    }
    if (client.readyState !== client.OPEN) return
    const view = this.#look()
    // What the others have is then what the newcomer gets.
    if (this.#clients.size > 0) this.#sayChanges(view)
    this.#audience.say(client, this.#snapshot(view))
    keep(this.#clients, client)
  }

  #snapshot(view: LiveView): string {
    const feeds = feedsBody(this.#sources)
    this.#feedsText = JSON.stringify(feeds)
    return messageText('snapshot', this.#seq, view.at, {
      tape: view.tape,
      start: isoFromEpochMicros(view.start),
      rules: rulesBody(view.rules),
      counted: view.isCounted,
      feeds,
      books: this.#published.snapshot(view.books),
    })
  }

  #beat(view: LiveView): void {
    this.#beats += 1
    this.#quietBeats += 1
    if (this.#beats % this.#beatsToChanges === 0) this.#sayChanges(view)
    const isQuiet = this.#quietBeats * this.#beatEvery >= SECOND
    if (isQuiet && this.#clients.size > 0) this.#say('heartbeat', view.at, { counted: view.isCounted })
  }

  #sayChanges(view: LiveView): void {
    if (this.#clients.size === 0) return
    const books = this.#published.changes(view.books)
    const feeds = feedsBody(this.#sources)
    const feedsText = JSON.stringify(feeds)
    const areFeedsNew = feedsText !== this.#feedsText
    this.#feedsText = feedsText
    if (books.length > 0 || areFeedsNew) {
      this.#say('changes', view.at, { ...(areFeedsNew ? { feeds } : {}), books })
    }
  }

  #say(kind: 'changes' | 'heartbeat' | 'end', at: EpochMicros, body: JsonObject): void {
    this.#seq += 1
    this.#quietBeats = 0
    const text = messageText(kind, this.#seq, at, body)
    for (const client of this.#clients) this.#audience.say(client, text)
  }
}

/** Until it leaves. */
function keep(clients: Set<WebSocket>, client: WebSocket): void {
  clients.add(client)
  client.on('close', () => clients.delete(client))
}

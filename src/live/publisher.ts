import type { WebSocket } from 'ws'
import type { JsonObject } from '../model/observation.ts'
import { type EpochMicros, isoFromEpochMicros, type Micros } from '../model/time.ts'
import type { Book, Cause, PositionReport } from '../pnl/index.ts'
import type { SourceStatus } from '../record/index.ts'
import { Audience, type AudienceOptions } from './audience.ts'
import type { LiveView } from './live-view.ts'
import { causeBody, feedsBody, messageText, rulesBody } from './publish-message.ts'
import { PublishedBooks } from './published-books.ts'
import type { Beat } from './watch-live.ts'

export interface PublisherOptions extends Omit<AudienceOptions, 'arrived'> {
  /** Between two messages; with `event` each change is one of its own, and a second is for all else. */
  readonly every: Micros | 'event'
}

const SECOND: Micros = 1_000_000

/** The run's figures to whoever listens: first all of them, then what changes (docs/PUBLISH.md). */
export class Publisher {
  readonly #audience: Audience
  readonly #every: Micros | 'event'
  #published = new PublishedBooks({})
  /** Those that have a snapshot. */
  readonly #clients = new Set<WebSocket>()
  /** Those that came before there was anything to say. */
  readonly #early: Set<WebSocket>
  #look: (() => LiveView) | undefined
  #books: readonly Book[] = []
  #sources: readonly SourceStatus[] = []
  #feedsText = ''
  #seq = 0
  #closing: Promise<void> | undefined
  #saidAt: EpochMicros = 0

  private constructor(audience: Audience, early: Set<WebSocket>, every: Micros | 'event') {
    this.#audience = audience
    this.#early = early
    this.#every = every
  }

  /** Throws `usage` where nobody can be served there. */
  static async open(options: PublisherOptions): Promise<Publisher> {
    const early = new Set<WebSocket>()
    let meet = (client: WebSocket): void => {
      early.add(client)
    }
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
    const { books, rules } = look()
    this.#books = books
    this.#published = new PublishedBooks(rules)
    for (const client of this.#early) this.#meet(client)
    this.#early.clear()
  }

  /** How the wires stand; said with the next message. */
  status(sources: readonly SourceStatus[]): void {
    this.#sources = sources
  }

  get beat(): Beat {
    const every = this.#every === 'event' ? SECOND : this.#every
    return { every, run: view => this.#sayChanges(view) }
  }

  /** For `event`: what an entry or a timer has changed. */
  changed(cause: Cause, position: PositionReport, name: string): void {
    if (this.#every !== 'event' || this.#clients.size === 0) return
    const book = this.#books.find(known => known.name === name)
    const books = book === undefined ? [] : this.#published.change(book, position)
    if (books.length > 0) this.#say('changes', cause.at, { cause: causeBody(cause), books })
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
      this.#early.add(client)
      return
    }
    const view = this.#look()
    // What the others have is then what the newcomer gets.
    if (this.#clients.size > 0) this.#sayChanges(view)
    this.#audience.say(client, this.#snapshot(view))
    this.#clients.add(client)
    client.on('close', () => this.#clients.delete(client))
  }

  #snapshot(view: LiveView): string {
    const feeds = feedsBody(this.#sources)
    this.#feedsText = JSON.stringify(feeds)
    this.#saidAt = view.at
    return messageText('snapshot', this.#seq, view.at, {
      tape: view.tape,
      start: isoFromEpochMicros(view.start),
      rules: rulesBody(view.rules),
      counted: view.isCounted,
      feeds,
      books: this.#published.snapshot(view.books),
    })
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
    } else if (view.at - this.#saidAt >= SECOND) {
      this.#say('heartbeat', view.at, { counted: view.isCounted })
    }
  }

  #say(kind: 'changes' | 'heartbeat' | 'end', at: EpochMicros, body: JsonObject): void {
    this.#seq += 1
    this.#saidAt = at
    const text = messageText(kind, this.#seq, at, body)
    for (const client of this.#clients) this.#audience.say(client, text)
  }
}

import type { Packet } from '../../feeds/feed.ts'
import { decorationOf, identityOf } from '../../instruments/index.ts'
import type { Observation } from '../../model/observation.ts'
import type { Message } from '../../tape/entry.ts'

export interface CutFilters {
  readonly conns?: readonly number[]
  /** Names in any spelling; one without its exchange is any exchange's. */
  readonly symbols?: readonly string[]
  /** Kinds of packets, as `inspect` names them; `in:` or `out:` before it where one direction is meant. */
  readonly kinds?: readonly string[]
  /** Single entries by their numbers. */
  readonly seqs?: ReadonlySet<number>
}

/** A frame, or half of a polled exchange, with all that was read in it. */
export interface ReadFrame {
  readonly frame: Message
  readonly packets: readonly Packet[]
  readonly observations: readonly Observation[]
}

/** Which frames stay. A frame is a message, and stays whole or not at all. */
export class Selection {
  readonly #conns: ReadonlySet<number> | undefined
  readonly #symbols: readonly Wanted[] | undefined
  readonly #kinds: ReadonlySet<string> | undefined
  readonly #seqs: ReadonlySet<number> | undefined
  /** Full names that were found for the names that were asked for. */
  readonly found = new Map<string, Set<string>>()

  constructor({ conns, symbols, kinds, seqs }: CutFilters) {
    this.#conns = conns === undefined ? undefined : new Set(conns)
    this.#symbols = symbols?.map(wantedOf)
    this.#kinds = kinds === undefined ? undefined : new Set(kinds)
    this.#seqs = seqs
  }

  /** Whether frames are looked into at all. */
  get isByContent(): boolean {
    return (this.#symbols ?? this.#kinds ?? this.#seqs) !== undefined
  }

  takesConn(conn: number): boolean {
    return this.#conns?.has(conn) ?? true
  }

  takes({ frame, packets, observations }: ReadFrame): boolean {
    if (this.#seqs?.has(frame.seq) === false) return false
    const isKind =
      this.#kinds === undefined ||
      packets.some(({ dir, kind }) => this.#kinds?.has(kind) || this.#kinds?.has(`${dir}:${kind}`))
    return isKind && (this.#symbols?.some(wanted => this.#mentions(wanted, frame, observations)) ?? true)
  }

  /** What gives no observation (an error, the end of a snapshot) mentions a name by its letters. */
  #mentions(wanted: Wanted, frame: Message, observations: readonly Observation[]): boolean {
    if (observations.length === 0) return 'text' in frame && wanted.letters.test(frame.text)
    let isMentioned = false
    for (const { name } of observations) {
      const identity = identityOf(name)
      if (!isSame(wanted.identity, identity)) continue
      isMentioned = true
      const found = this.found.get(wanted.asked) ?? new Set()
      this.found.set(wanted.asked, found.add(identity))
    }
    return isMentioned
  }
}

interface Wanted {
  readonly asked: string
  readonly identity: string
  readonly letters: RegExp
}

function wantedOf(asked: string): Wanted {
  const { symbol } = decorationOf(asked) ?? { symbol: asked }
  const exchange = symbol.includes(':') ? '' : String.raw`(?:[\w.&]+:)?`
  const letters = new RegExp(String.raw`(?<![\w.:&])${exchange}${escaped(symbol)}(?![\w.:!&])`)
  return { asked, identity: identityOf(asked), letters }
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
}

/** A name without its exchange may mean this one, and then its updates belong to it. */
function isSame(one: string, other: string): boolean {
  if (one === other) return true
  if (one.startsWith('=') || other.startsWith('=')) return false
  return isBare(one) !== isBare(other) && tickerOf(one) === tickerOf(other)
}

function isBare(name: string): boolean {
  return !name.includes(':')
}

function tickerOf(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

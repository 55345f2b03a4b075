import type { ObservedAt } from './position-source.ts'

/** The page of the only wire that has signals keeps its last 100 lines; more than that is not said again. */
const REMEMBERED = 1000

interface Listener {
  readonly feed: string
  /** Said before it first spoke, and how often: a log that is sent again. Over at its first new line. */
  resent: Map<string, number>
  /** Said since by others that listen at the same time, and how often: it hears these, too. */
  readonly others: Map<string, number>
}

/**
 * A log that is sent again on the next connection is no news, nor is what several connections hear at once. Nothing in
 * a line says so (it has neither id nor time), so it is counted. A re-send comes first: as long as a connection says
 * nothing but lines that others have said before, each no more often than they did, it repeats. From its first new
 * line on only what another has said meanwhile is a repetition, each time of it once.
 */
export class SignalEcho {
  #history: { readonly feed: string; readonly text: string }[] = []
  /** By tape as named and connection. */
  readonly #listeners = new Map<string, Listener>()

  isEcho(text: string, { index, conn, feed }: Pick<ObservedAt, 'index' | 'conn' | 'feed'>): boolean {
    const listener = this.#listener(keyOf(index, conn), feed)
    if (take(listener.resent, text)) return true
    // Lines behind a re-send have been said while it listened: it is over.
    listener.resent = new Map()
    if (take(listener.others, text)) return true
    this.#history.push({ feed, text })
    if (this.#history.length > 2 * REMEMBERED) this.#history = this.#history.slice(-REMEMBERED)
    for (const other of this.#listeners.values()) {
      if (other !== listener && other.feed === feed) put(other.others, text)
    }
    return false
  }

  /** A connection says nothing any more; without one, none of the tape. */
  end(index: number, conn?: number): void {
    const ended = keyOf(index, conn ?? '')
    for (const key of this.#listeners.keys()) {
      if (conn === undefined ? key.startsWith(ended) : key === ended) this.#listeners.delete(key)
    }
  }

  #listener(key: string, feed: string): Listener {
    const known = this.#listeners.get(key)
    if (known !== undefined) return known
    const resent = new Map<string, number>()
    for (const line of this.#history.slice(-REMEMBERED)) if (line.feed === feed) put(resent, line.text)
    const made = { feed, resent, others: new Map<string, number>() }
    this.#listeners.set(key, made)
    return made
  }
}

function keyOf(index: number, conn: number | ''): string {
  return `${index} ${conn}`
}

function put(counts: Map<string, number>, text: string): void {
  counts.set(text, (counts.get(text) ?? 0) + 1)
}

/** Whether there was one left. */
function take(counts: Map<string, number>, text: string): boolean {
  const count = counts.get(text) ?? 0
  if (count === 0) return false
  if (count === 1) counts.delete(text)
  else counts.set(text, count - 1)
  return true
}

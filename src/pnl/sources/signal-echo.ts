import type { ObservedAt } from './position-source.ts'

/** The page of the only wire that has signals keeps its last 100 lines; more than that is not said again. */
const REMEMBERED = 1000

/**
 * A log that is sent again on the next connection is no news. Nothing in a line says so (it has neither id nor time),
 * but a re-send comes first: as long as a connection says nothing but lines that other connections have said, each
 * no more often than they did, it repeats. From its first new line on everything is new, also what reads the same.
 */
export class SignalEcho {
  #history: { readonly feed: string; readonly text: string }[] = []
  /** By connection: how often each line may still be a repetition; nothing once it has said something new. */
  readonly #expected = new Map<string, Map<string, number> | undefined>()

  isEcho(text: string, { index, conn, feed }: Pick<ObservedAt, 'index' | 'conn' | 'feed'>): boolean {
    const connection = `${index} ${conn}`
    if (!this.#expected.has(connection)) this.#expected.set(connection, this.#saidOn(feed))
    const expected = this.#expected.get(connection)
    const count = expected?.get(text) ?? 0
    if (expected !== undefined && count > 0) {
      expected.set(text, count - 1)
      return true
    }
    this.#expected.set(connection, undefined)
    this.#history.push({ feed, text })
    if (this.#history.length > 2 * REMEMBERED) this.#history = this.#history.slice(-REMEMBERED)
    return false
  }

  /** By the connections before. */
  #saidOn(feed: string): Map<string, number> {
    const said = new Map<string, number>()
    for (const line of this.#history.slice(-REMEMBERED)) {
      if (line.feed === feed) said.set(line.text, (said.get(line.text) ?? 0) + 1)
    }
    return said
  }
}

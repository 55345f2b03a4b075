import type { Feed } from '../feeds/index.ts'
import type { EntryDraft, KnownSecret, Redactor } from '../tape/index.ts'
import { HalfSecrets } from './half-secrets.ts'

/** Bytes for one UTF-16 unit of a secret at most: as `%E6%96%87` in a URL. */
const LONGEST_SPELLING = 9

/** Teaches the redactor what each entry gives away, by the rules of the feed whose connection it is. */
export class SecretSearch {
  readonly #redactor: Redactor
  readonly #feeds: readonly Feed[]
  /** By the connection's number, which counts from 1: whose secrets are looked for in its entries. */
  readonly #feedOf: (Feed | undefined)[] = [undefined]
  readonly #halfSecrets = new HalfSecrets()
  #longestSecret = 0

  constructor(redactor: Redactor, feeds: readonly Feed[]) {
    this.#redactor = redactor
    this.#feeds = feeds
  }

  /** The number of the feed's next connection. */
  nextConnection(feed: Feed): number {
    return this.#feedOf.push(feed) - 1
  }

  /** False where the value cannot be hidden, because it is too short or has no letter and no digit. */
  learn(secret: KnownSecret): boolean {
    this.#longestSecret = Math.max(this.#longestSecret, secret.value.length)
    const isLearned = this.#redactor.learn(secret)
    if (isLearned) this.#halfSecrets.learn(secret.value, this.#redactor.standIn(secret.value))
    return isLearned
  }

  /** False where nobody could look: what was known before is hidden all the same. */
  look(draft: EntryDraft): boolean {
    try {
      const feed = 'conn' in draft && draft.conn !== undefined ? this.#feedOf[draft.conn] : undefined
      if (feed !== undefined) this.#lookWith(feed, draft)
      // What is no connection's may be anybody's.
      else for (const any of this.#feeds) this.#lookWith(any, draft)
      return true
    } catch {
      return false
    }
  }

  #lookWith({ secrets }: Feed, draft: EntryDraft): void {
    for (const secret of secrets.find(draft)) this.learn(secret)
  }

  /** How many bytes at the end of a stream's piece have to wait for the next: a known secret may begin there. */
  openIn(bytes: Buffer): number {
    return this.#halfSecrets.openIn(bytes)
  }

  /** In bytes, of any secret that is known, at most. */
  get longestSpelling(): number {
    return this.#longestSecret * LONGEST_SPELLING
  }
}

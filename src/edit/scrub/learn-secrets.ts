import { FEEDS, type Feed, feedNamed } from '../../feeds/index.ts'
import { findGenericSecrets } from '../../import/generic-secrets.ts'
import { type Entry, type KnownSecret, TapeReader } from '../../tape/index.ts'
import { piecesOf } from './places.ts'
import { createSearch, type Search, secretsOf } from './search.ts'
import { standInsOf, withoutStandIns } from './stand-ins.ts'

export interface Learned {
  readonly wanted: readonly KnownSecret[]
  /** The number of the last entry that was seen: a tape may still be growing. */
  readonly last: number
}

/** All that a tape gives away by itself, and what is known besides; but for what it declares as stand-ins. */
export async function learnSecrets(path: string, known: readonly KnownSecret[] = []): Promise<Learned> {
  const found = new Map<string, KnownSecret>()
  const standIns = new Set<string>()
  const searches = new Searches()
  let last = 0
  for await (const entry of await TapeReader.open(path)) {
    last = entry.seq
    for (const standIn of standInsOf(entry)) standIns.add(standIn)
    for (const secret of searches.secretsIn(withoutStandIns(entry))) {
      if (!found.has(secret.value)) found.set(secret.value, secret)
    }
  }
  return { wanted: [...known, ...found.values()].filter(({ value }) => !standIns.has(value)), last }
}

/** One search a wire; what stands on no known wire is looked at with what is known of any site. */
class Searches {
  readonly #feeds = new Map<number, string>()
  readonly #searches = new Map<Feed | undefined, Search>()

  secretsIn(entry: Entry): readonly KnownSecret[] {
    if ('feed' in entry) this.#feeds.set(entry.conn, entry.feed)
    const conn = 'conn' in entry ? entry.conn : undefined
    const feed = conn === undefined ? undefined : feedNamed(this.#feeds.get(conn) ?? '')
    const search = this.#of(feed)
    const pieces = piecesOf(entry)
    const hits = [...search.inEntry(entry, pieces), ...pieces.flatMap(piece => search.inPiece(piece))]
    return [...(feed === undefined ? findGenericSecrets(entry) : []), ...hits.flatMap(secretsOf)]
  }

  #of(feed: Feed | undefined): Search {
    const made = this.#searches.get(feed)
    if (made !== undefined) return made
    const search = createSearch({ feed, feeds: FEEDS, guesses: false })
    this.#searches.set(feed, search)
    return search
  }
}

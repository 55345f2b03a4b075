import type { Identities } from '../instruments/index.ts'
import { severalMeanings } from './ambiguous.ts'
import type { Book } from './book.ts'

/** Money must not rest on a name that could mean another instrument. Throws `ambiguous`. */
export function refuseAmbiguousNames(books: readonly Book[], identities: Identities): void {
  for (const book of books) {
    const { source } = book
    for (const { instrument, line } of source.names) {
      const candidates = instrument.includes(':') ? [] : identities.candidates(instrument)
      if (candidates.length === 0) continue
      const where = line === undefined ? source.where : `${source.where}:${line} instrument`
      const told = candidates.map(name => `${name}${writtenIn(name, book, books, identities)}`)
      throw severalMeanings(instrument, told, where)
    }
  }
}

/** Names are one for all books: one that only another book's file writes is a meaning here, too. */
function writtenIn(name: string, book: Book, books: readonly Book[], identities: Identities): string {
  const writes = ({ source }: Book): boolean =>
    [...source.names].some(
      ({ instrument }) => instrument.includes(':') && identities.canonical(instrument) === name,
    )
  const other = writes(book) ? undefined : books.find(writes)
  return other === undefined ? '' : ` (as ${other.source.where} writes)`
}

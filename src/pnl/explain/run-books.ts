import { FeedtapeError } from '../../model/errors.ts'
import type { RunSurvey } from './run-survey.ts'

/** Which book of one run is held against which of the other. */
export interface PairedBooks {
  /** From a book's name in that run to the pair's, which is `undefined` where neither run has several. */
  readonly a: ReadonlyMap<string, string | undefined>
  readonly b: ReadonlyMap<string, string | undefined>
  readonly unpaired: readonly UnpairedBook[]
}

/** A book that only one run has: there is nothing to hold it against. */
export interface UnpairedBook {
  readonly book: string
  readonly run: 'a' | 'b'
}

/**
 * By name. Two runs of one book each are held against each other, whatever their sources; `chosen` is one book alone,
 * against the only one of a run that has no other. Throws `usage`.
 */
export function pairBooks(a: RunSurvey, b: RunSurvey, chosen?: string): PairedBooks {
  if (chosen !== undefined) return pairChosen(a, b, chosen)
  if (a.isOneBook && b.isOneBook) {
    return { a: named(a.books, undefined), b: named(b.books, undefined), unpaired: [] }
  }
  const both = a.books.filter(book => b.books.includes(book))
  if (both.length === 0) throw notPaired(a, b, 'no book of that name is in both', '--book')
  const pairs = new Map(both.map(book => [book, book]))
  const unpaired = [...restOf(a, both, 'a'), ...restOf(b, both, 'b')]
  return { a: pairs, b: pairs, unpaired }
}

function pairChosen(a: RunSurvey, b: RunSurvey, chosen: string): PairedBooks {
  const [inA, inB] = [chosenIn(a, chosen), chosenIn(b, chosen)]
  const isKnown = a.books.includes(chosen) || b.books.includes(chosen)
  if (!isKnown || inA === undefined || inB === undefined) {
    throw notPaired(a, b, 'there is no such book to compare', `--book ${chosen}`)
  }
  const name = a.isOneBook && b.isOneBook ? undefined : chosen
  return { a: named([inA], name), b: named([inB], name), unpaired: [] }
}

/** The only one where there are not several. */
function chosenIn({ books, isOneBook }: RunSurvey, chosen: string): string | undefined {
  return isOneBook ? books[0] : books.find(book => book === chosen)
}

function named(books: readonly string[], name: string | undefined): ReadonlyMap<string, string | undefined> {
  return new Map(books.map(book => [book, name]))
}

function restOf({ books }: RunSurvey, both: readonly string[], run: 'a' | 'b'): readonly UnpairedBook[] {
  return books.filter(book => !both.includes(book)).map(book => ({ book, run }))
}

function notPaired(a: RunSurvey, b: RunSurvey, what: string, where: string): FeedtapeError {
  const several = [a, b].find(({ isOneBook }) => !isOneBook)
  return new FeedtapeError('usage', what, {
    where,
    expected: 'a book that both runs have, or one of a run with several against the only one of the other',
    found: `${a.books.join(', ')} in A; ${b.books.join(', ')} in B`,
    next: several === undefined ? 'leave --book out' : `choose one, such as --book ${several.books[0] ?? ''}`,
  })
}

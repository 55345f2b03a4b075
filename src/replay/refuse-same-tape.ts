import { FeedtapeError } from '../model/errors.ts'
import type { Header } from '../tape/entry.ts'

/**
 * What one tape says would count twice where it is named twice, or beside what was made from it. Parts of one
 * recording are each their own, and so are two cuts. Throws `usage`.
 */
export function refuseSameTape(headers: readonly Header[]): void {
  for (const [index, header] of headers.entries()) {
    if (headers.slice(0, index).some(earlier => isSame(earlier, header))) throw namedTwice(header)
  }
}

function isSame(one: Header, other: Header): boolean {
  if (one.id !== other.id || (one.part ?? 1) !== (other.part ?? 1)) return false
  return one.derived === undefined || other.derived === undefined || one.derived === other.derived
}

function namedTwice({ id, part, derived }: Header): FeedtapeError {
  const words = [
    id,
    ...(part === undefined ? [] : [`part ${part}`]),
    ...(derived === undefined ? [] : [derived]),
  ]
  return new FeedtapeError('usage', 'one tape is named twice', {
    where: `tape ${id}`,
    expected: 'each recording once, or its parts: what is said on two tapes counts as said twice',
    found: `${words.join(', ')} again, as it was or made from it`,
    next: 'name it once',
  })
}

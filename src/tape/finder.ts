import type { Redaction } from './entry.ts'
import type { Redacted } from './redact.ts'
import type { Spelling } from './spellings.ts'

export type Finder = (text: string) => Redacted
export type PlacedSpelling = Spelling & { readonly place: string }

/** The least that a spelling has: one alternation of so many characters each stays small however long they are. */
const HEAD_LENGTH = 6
const NOTHING: readonly Redaction[] = []

/** One pass over the text, whatever the number of secrets; the longest spelling first. */
export function createFinder(spellings: readonly PlacedSpelling[]): Finder {
  if (spellings.length === 0) return text => ({ text, spans: NOTHING })
  const byHead = new Map<string, PlacedSpelling[]>()
  for (const spelling of spellings) {
    const head = spelling.secret.slice(0, HEAD_LENGTH)
    const others = byHead.get(head)
    if (others === undefined) byHead.set(head, [spelling])
    else others.push(spelling)
  }
  for (const some of byHead.values()) some.sort((a, b) => b.secret.length - a.secret.length)
  const pattern = new RegExp([...byHead.keys()].sort().map(literal).join('|'), 'g')
  return text => {
    pattern.lastIndex = 0
    const first = pattern.exec(text)
    if (first === null) return { text, spans: NOTHING }
    const spans: Redaction[] = []
    const parts: string[] = []
    let done = 0
    for (let hit: RegExpExecArray | null = first; hit !== null; hit = pattern.exec(text)) {
      const from = hit.index
      const spelling = byHead.get(hit[0])?.find(({ secret }) => text.startsWith(secret, from))
      if (spelling === undefined) {
        pattern.lastIndex = from + 1
        continue
      }
      // From the next character on: what the venue made us take for a secret may overlap with a real one.
      pattern.lastIndex = from + 1
      const { secret, standIn, place } = spelling
      const end = from + secret.length
      if (end <= done) continue
      const start = Math.max(from, done)
      spans.push([start, end - start, place])
      parts.push(text.slice(done, start), standIn.slice(start - from))
      done = end
    }
    return spans.length === 0 ? { text, spans } : { text: parts.join('') + text.slice(done), spans }
  }
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

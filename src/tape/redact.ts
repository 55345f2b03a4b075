import { randomBytes } from 'node:crypto'
import type { EntryDraft, Redaction } from './entry.ts'
import { redactDraft } from './redact-draft.ts'
import { type Spelling, spellingsOf } from './spellings.ts'
import { standInFor } from './stand-in.ts'

export interface KnownSecret {
  readonly value: string
  /** What it is, for the tape: `set_auth_token`, `cookie`. */
  readonly place: string
}

export interface Redacted {
  readonly text: string
  /** Where stand-ins stand in `text`, with their secret's place, in order. */
  readonly spans: readonly Redaction[]
}

export interface Redactor {
  /** False, and not learned, below MIN_SECRET_LENGTH or where no character could be replaced. */
  learn(secret: KnownSecret): boolean
  /** For a place that is secret whatever stands in it, however short. */
  standIn(value: string): string
  redactText(text: string): Redacted
  /** The draft with a stand-in for every known secret, and each of them in `redacted`. */
  redactDraft<D extends EntryDraft>(draft: D): D
}

/** A shorter value stands in ordinary text by chance, and would eat it. */
export const MIN_SECRET_LENGTH = 6

/** The key makes stand-ins; thrown away with the redactor, so that nothing leads back to the secrets. */
export function createRedactor(key: Uint8Array = randomBytes(32)): Redactor {
  const known = new Map<string, string>()
  let finders = { inText: createFinder([]), inBytes: createFinder([]) }
  const spellings: PlacedSpelling[] = []

  function learn({ value, place }: KnownSecret): boolean {
    if (known.has(value)) return true
    const standIn = value.length < MIN_SECRET_LENGTH ? value : standInFor(value, key)
    if (standIn === value) return false
    known.set(value, standIn)
    spellings.push(...spellingsOf(value, standIn).map(spelling => ({ ...spelling, place })))
    finders = { inText: createFinder(spellings), inBytes: createFinder(spellings.map(asBytes)) }
    return true
  }

  return {
    learn,
    standIn: value => known.get(value) ?? standInFor(value, key),
    redactText: text => finders.inText(text),
    redactDraft: draft => (known.size === 0 ? draft : redactDraft(draft, finders)),
  }
}

type Finder = (text: string) => Redacted
type PlacedSpelling = Spelling & { readonly place: string }

/** One pass over the text, whatever the number of secrets; the longest spelling first. */
function createFinder(spellings: readonly PlacedSpelling[]): Finder {
  if (spellings.length === 0) return text => ({ text, spans: [] })
  const bySecret = new Map(spellings.map(spelling => [spelling.secret, spelling]))
  const longestFirst = [...bySecret.keys()].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(longestFirst.map(literal).join('|'), 'g')
  return text => {
    const spans: Redaction[] = []
    const safe = text.replace(pattern, (found, offset: number) => {
      const spelling = bySecret.get(found)
      if (spelling === undefined) return found
      spans.push([offset, found.length, spelling.place])
      return spelling.standIn
    })
    return { text: safe, spans }
  }
}

/** The UTF-8 bytes, one character each. */
function asBytes({ secret, standIn, place }: PlacedSpelling): PlacedSpelling {
  const latin1 = (text: string) => Buffer.from(text).toString('latin1')
  return { secret: latin1(secret), standIn: latin1(standIn), place }
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}

import type { Feed } from '../../feeds/index.ts'
import type { Entry, KnownSecret, Redactor } from '../../tape/index.ts'
import { randomLookingRuns } from './entropy.ts'
import { type Blanking, blank, harmlessBlanking, isHarmlessHeader, type Piece } from './places.ts'
import { headerSuspects, partsOf, type Suspect, suspectsIn } from './suspects.ts'

export interface Hit {
  readonly place: string
  /** `jwt`, `cookie`, `high entropy`, `known secret`, or the name that a feed gives the place. */
  readonly kind: string
  readonly value: string
}

/** Looks through texts in which declared stand-ins are blanks already. */
export interface Search {
  /** What stands in one piece by its form. */
  inPiece(piece: Piece): readonly Hit[]
  /** What only the wire's own rules give away. */
  inEntry(entry: Entry, pieces: readonly Piece[]): readonly Hit[]
}

export interface SearchOptions {
  /** The wire that is spoken, where that is known. */
  readonly feed?: Feed | undefined
  /** Where it is not: whose harmless ids may stand here. */
  readonly feeds?: readonly Feed[]
  /** Knows what the user named. */
  readonly redactor?: Redactor
  /** Also what merely looks drawn by chance. */
  readonly guesses: boolean
}

export function createSearch({ feed, feeds = [], redactor, guesses }: SearchOptions): Search {
  const harmless: Blanking = harmlessBlanking(feed === undefined ? feeds : [feed])

  function inPiece({ place, text, header }: Piece): readonly Hit[] {
    const named = redactor?.redactText(text).spans ?? []
    const hits: Hit[] = named.map(([offset, length]) => ({
      place,
      kind: 'known secret',
      value: text.slice(offset, offset + length),
    }))
    let left = harmless(named.reduce((rest, [offset, length]) => cut(rest, offset, length), text))
    const suspects = [...(header === undefined ? [] : headerSuspects(header, left)), ...suspectsIn(left)]
    for (const suspect of suspects) {
      if (isBlank(left, suspect)) continue
      hits.push({ place, kind: suspect.kind, value: suspect.value })
      left = cut(left, suspect.offset, suspect.value.length)
    }
    if (!guesses || (header !== undefined && isHarmlessHeader(header))) return hits
    for (const { value } of randomLookingRuns(left)) hits.push({ place, kind: 'high entropy', value })
    return hits
  }

  return {
    inPiece,
    inEntry(entry, pieces) {
      const found = (feed?.secrets.find(entry) ?? []).filter(({ value }) => value.trim() !== '')
      return found.map(({ value, place }) => ({
        place: pieces.find(({ text }) => text.includes(value))?.place ?? '',
        kind: place,
        value,
      }))
    },
  }
}

/** Each part of a hit that is a secret by itself. */
export function secretsOf({ kind, value }: Hit): readonly KnownSecret[] {
  const isParted = kind === 'basic' || kind === 'url user'
  return (isParted ? partsOf({ kind, value }) : [value]).map(part => ({ value: part, place: kind }))
}

function isBlank(text: string, { offset, value }: Suspect): boolean {
  return text.slice(offset, offset + value.length) !== value
}

function cut(text: string, offset: number, length: number): string {
  return text.slice(0, offset) + blank(text.slice(offset, offset + length)) + text.slice(offset + length)
}

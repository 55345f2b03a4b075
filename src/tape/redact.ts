import { randomBytes } from 'node:crypto'
import type { EntryDraft, Redaction } from './entry.ts'
import type { Charset } from './escape.ts'
import { createFinder, type Finder, type PlacedSpelling } from './finder.ts'
import { createMixedFinder } from './mixed-finder.ts'
import { redactDraft } from './redact-draft.ts'
import { decoded, spellingsOf } from './spellings.ts'
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
  /** As they are, to be found where some characters are escaped and others are not. */
  const values: PlacedSpelling[] = []
  const spellings = new Map<string, PlacedSpelling>()
  // Made at the first use behind a `learn`, not at each: a capture may give a thousand cookies in a row.
  let inText: Finder | undefined
  let inBytes: Finder | undefined

  const finders = {
    inText: (text: string): Redacted => {
      inText ??= bothFinders([...spellings.values()], values, 'utf8')
      return inText(text)
    },
    inBytes: (latin1: string): Redacted => {
      inBytes ??= bothFinders(
        [...[...spellings.values()].map(asBytes), ...values.map(asUtf16)],
        values.map(asBytes),
        'latin1',
      )
      return inBytes(latin1)
    },
  }

  function learnWhole(value: string, place: string): boolean {
    if (known.has(value)) return true
    if (value.length < MIN_SECRET_LENGTH) return false
    // What is another secret's spelling keeps that one's stand-in: `a%2Bb` stays what `a+b` is in a URL.
    const standIn = spellings.get(value)?.standIn ?? standInFor(value, key)
    if (standIn === value) return false
    known.set(value, standIn)
    values.push({ secret: value, standIn, place })
    for (const spelling of spellingsOf(value, standIn)) {
      if (!spellings.has(spelling.secret)) spellings.set(spelling.secret, { ...spelling, place })
    }
    inText = undefined
    inBytes = undefined
    return true
  }

  return {
    learn({ value, place }) {
      const plain = decoded(value)
      if (plain !== value) learnWhole(plain, place)
      return learnWhole(value, place)
    },
    standIn: value => known.get(value) ?? standInFor(value, key),
    redactText: finders.inText,
    redactDraft: draft => (known.size === 0 ? draft : redactDraft(draft, finders)),
  }
}

/** Stand-ins are as long as what they stand for: so offsets of the second hold for the first. */
function bothFinders(
  spellings: readonly PlacedSpelling[],
  values: readonly PlacedSpelling[],
  charset: Charset,
): Finder {
  const [find, findMixed] = [createFinder(spellings), createMixedFinder(values, charset)]
  return written => {
    // First, for it knows the longest of values that begin alike however each is written.
    const mixed = findMixed(written)
    const { text, spans } = find(mixed.text)
    if (mixed.spans.length === 0) return { text, spans }
    return { text, spans: [...mixed.spans, ...spans].sort(([a], [b]) => a - b) }
  }
}

/** The UTF-8 bytes, one character each. */
function asBytes({ secret, standIn, place }: PlacedSpelling): PlacedSpelling {
  const latin1 = (text: string) => Buffer.from(text).toString('latin1')
  return { secret: latin1(secret), standIn: latin1(standIn), place }
}

/** As Windows writes text, one character each byte. */
function asUtf16({ secret, standIn, place }: PlacedSpelling): PlacedSpelling {
  const latin1 = (text: string) => Buffer.from(text, 'utf16le').toString('latin1')
  return { secret: latin1(secret), standIn: latin1(standIn), place }
}

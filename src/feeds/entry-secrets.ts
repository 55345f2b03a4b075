import { Buffer } from 'node:buffer'
import type { EntryDraft, HeaderList } from '../tape/entry.ts'
import type { FeedSecrets, Secret } from './feed.ts'
import { type HeaderSearches, headerSecrets } from './header-secrets.ts'

/** Where a wire carries credentials, by the parts of an entry. */
export interface EntrySearches extends HeaderSearches {
  url(url: string): readonly Secret[]
  /** Bodies, frames, notes and reasons, well formed or not. */
  text(text: string): readonly Secret[]
  /** Words that stand in a credential's place without being one. */
  readonly publicWords: ReadonlySet<string>
}

/** What of an entry came from outside: where secrets may stand. */
export interface EntryParts {
  readonly url?: string
  readonly headers?: HeaderList
  readonly text?: string | undefined
}

/** A feed's `find`: every part of an entry is searched, and each value given once. */
export function createFind(searches: EntrySearches): FeedSecrets['find'] {
  return draft => {
    const { url, headers, text } = partsOf(draft, asciiOf)
    const found = [
      ...(url === undefined ? [] : searches.url(url)),
      ...(headers === undefined ? [] : headerSecrets(headers, searches)),
      ...(text === undefined ? [] : searches.text(text)),
    ]
    return eachOnce(found.filter(({ value }) => !searches.publicWords.has(value)))
  }
}

/** With the first place that names it. */
export function eachOnce(found: readonly Secret[]): readonly Secret[] {
  if (found.length < 2) return found
  const byValue = new Map<string, Secret>()
  for (const one of found) if (!byValue.has(one.value)) byValue.set(one.value, one)
  return [...byValue.values()]
}

export function partsOf(draft: EntryDraft, readBytes: (base64: string) => string): EntryParts {
  switch (draft.kind) {
    case 'open':
      return { url: draft.url }
    case 'fail':
      return { url: draft.url, text: draft.reason }
    case 'request':
      return { url: draft.url, headers: draft.headers, text: bodyOf(draft, readBytes) }
    case 'response':
      return { headers: draft.headers, text: bodyOf(draft, readBytes) }
    case 'frame':
      return { text: bodyOf(draft, readBytes) }
    case 'mark':
      return { text: draft.note }
    case 'close':
      return { text: draft.reason }
    case 'pause':
    case 'resume':
    case 'clock':
    case 'lost':
      return {}
    default:
      return draft satisfies never
  }
}

function bodyOf(body: object, readBytes: (base64: string) => string): string | undefined {
  if ('text' in body && typeof body.text === 'string') return body.text
  if ('base64' in body && typeof body.base64 === 'string') return readBytes(body.base64)
  return undefined
}

const NO_ASCII = /[\u0080-\u00ff]/g

/** Credentials are ASCII: a byte that is not ends one, as the end of a line does. */
export function asciiOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString('latin1').replace(NO_ASCII, '\n')
}

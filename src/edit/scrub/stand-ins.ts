import type { Entry, HeaderList, Redaction } from '../../tape/index.ts'

type Key = Redaction[2]

/**
 * The entry with blanks where its declared stand-ins stand: what is left is all that may still be a secret, and
 * no pattern reaches across a blank. Lengths stay, so that places do.
 */
export function withoutStandIns<E extends Entry>(entry: E): E {
  return overSpans(entry, (text, spans) => spans.reduce((left, span) => put(left, span, ''), text))
}

/** Puts the stand-ins of `original` back where `withoutStandIns` took them away. */
export function withStandIns<E extends Entry>(entry: E, original: E): E {
  return overSpans(
    original,
    (text, spans, key) => {
      const changed = textAt(entry, key) ?? text
      return spans.reduce((whole, span) => put(whole, span, text.slice(span[0], span[0] + span[1])), changed)
    },
    entry,
  )
}

/** The stand-ins themselves, as they are written on the tape. */
export function standInsOf(entry: Entry): readonly string[] {
  return spansOf(entry).flatMap(([offset, length, place]) => {
    const text = textAt(entry, keyOf(place))
    return text === undefined ? [] : [text.slice(offset, offset + length)]
  })
}

type Change = (text: string, spans: readonly Redaction[], key: Key) => string

function overSpans<E extends Entry>(from: E, change: Change, into: E = from): E {
  const spans = spansOf(from)
  if (spans.length === 0) return into
  let changed: E = into
  for (const key of new Set(spans.map(([, , place]) => keyOf(place)))) {
    const text = textAt(from, key)
    if (text === undefined) continue
    const own = spans.filter(([, , place]) => keyOf(place) === key)
    changed = replaced(changed, key, change(text, own, key))
  }
  return changed
}

function put(text: string, [offset, length]: Redaction, standIn: string): string {
  const size = Math.max(0, Math.min(length, text.length - offset))
  return text.slice(0, offset) + standIn.slice(0, size).padEnd(size) + text.slice(offset + size)
}

function spansOf(entry: Entry): readonly Redaction[] {
  return 'redacted' in entry ? (entry.redacted ?? []) : []
}

/** `headers.3` of `headers.3#cookie`. */
function keyOf(place: string): Key {
  return place.split('#', 1)[0] ?? ''
}

const HEADER = /^headers\.(\d+)(\.name)?$/

/** What offsets count in: UTF-16 units, and for `base64` the payload's bytes as latin1. */
function textAt(entry: Entry, key: Key): string | undefined {
  const header = HEADER.exec(key)
  if (header !== null) return headersOf(entry)[Number(header[1])]?.[header[2] === undefined ? 1 : 0]
  const value: unknown = Reflect.get(entry, key)
  if (typeof value !== 'string') return undefined
  return key === 'base64' ? Buffer.from(value, 'base64').toString('latin1') : value
}

function replaced<E extends Entry>(entry: E, key: Key, text: string): E {
  const header = HEADER.exec(key)
  if (header === null) {
    return { ...entry, [key]: key === 'base64' ? Buffer.from(text, 'latin1').toString('base64') : text }
  }
  const headers = headersOf(entry).map(([name, value], index): HeaderList[number] => {
    if (index !== Number(header[1])) return [name, value]
    return header[2] === undefined ? [name, text] : [text, value]
  })
  return { ...entry, headers }
}

function headersOf(entry: Entry): HeaderList {
  return 'headers' in entry ? entry.headers : []
}

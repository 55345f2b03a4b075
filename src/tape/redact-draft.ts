import type { EntryDraft, HeaderList, Redaction } from './entry.ts'
import type { Redacted } from './redact.ts'
import { SHAPES } from './shape.ts'

export interface Finders {
  /** Offsets in UTF-16 units. */
  readonly inText: (text: string) => Redacted
  /** Takes and gives bytes as latin1; offsets are those of the bytes. */
  readonly inBytes: (latin1: string) => Redacted
}

/** Where foreign text stands. What else an entry has is ours. */
const FOREIGN: ReadonlySet<string> = new Set([
  'method',
  'url',
  'headers',
  'decoded',
  'reason',
  'note',
  'text',
  'base64',
  'omitted',
])

/** The draft with stand-ins in place of secrets; the same draft where there are none. */
export function redactDraft<D extends EntryDraft>(draft: D, finders: Finders): D {
  // Most entries of most tapes, and most of them without a secret.
  if (draft.kind === 'frame' && 'text' in draft && finders.inText(draft.text).spans.length === 0) return draft
  const found: Redaction[] = []
  const changed: Record<string, unknown> = {}
  for (const key of FOREIGN_KEYS.get(draft.kind) ?? []) {
    const value: unknown = Reflect.get(draft, key)
    if (value === undefined) continue
    const before = found.length
    const safe = redactValue(key, value, finders, found)
    if (found.length > before) changed[key] = safe
  }
  if (found.length === 0) return draft
  const earlier = 'redacted' in draft ? (draft.redacted ?? []) : []
  return { ...draft, ...changed, redacted: [...earlier, ...found] }
}

/** Only kinds that can say so are changed: the words of the others are all our own. */
const FOREIGN_KEYS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(SHAPES).map(([kind, rules]) => {
    const keys: readonly string[] = rules.map(rule => rule.key)
    return [kind, keys.includes('redacted') ? keys.filter(key => FOREIGN.has(key)) : []]
  }),
)

function redactValue(key: string, value: unknown, finders: Finders, found: Redaction[]): unknown {
  if (key === 'headers') return redactHeaders(value as HeaderList, finders, found)
  if (typeof value !== 'string') return value
  if (key === 'base64') {
    const { text, spans } = finders.inBytes(Buffer.from(value, 'base64').toString('latin1'))
    note(found, key, spans, finders)
    return spans.length === 0 ? value : Buffer.from(text, 'latin1').toString('base64')
  }
  const { text, spans } = finders.inText(value)
  note(found, key, spans, finders)
  return text
}

function redactHeaders(headers: HeaderList, finders: Finders, found: Redaction[]): HeaderList {
  return headers.map(([name, value], index) => {
    const safeName = finders.inText(name)
    note(found, `headers.${index}.name`, safeName.spans, finders)
    const { text, spans } = finders.inText(value)
    note(found, `headers.${index}`, spans, finders)
    return [safeName.text, text]
  })
}

/** The place's own words may be foreign: a cookie's name. */
function note(found: Redaction[], key: string, spans: readonly Redaction[], { inText }: Finders): void {
  for (const [offset, length, what] of spans) found.push([offset, length, `${key}#${inText(what).text}`])
}

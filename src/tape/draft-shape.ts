import type { EntryDraft } from './entry.ts'
import { SHAPES } from './shape.ts'

/** Throws where the line would be one that readers refuse: a caller's mistake, told before it is on a disk. */
export function checkDraft(draft: EntryDraft): void {
  if (draft.kind === 'frame' && isPlain(draft)) return
  // Read by name: SHAPES is typed so that it holds only keys of this kind.
  const record = draft as object as Readonly<Record<string, unknown>>
  let payloads = 0
  let wanted = 0
  for (const { key, value: rule, presence } of SHAPES[draft.kind]) {
    // The writer gives both.
    if (key === 'seq' || key === 'at') continue
    const value = record[key]
    if (presence === 'required payload') wanted = 1
    if (value === undefined) {
      if (presence === 'required') throw new Error(`${draft.kind} without ${key}`)
      continue
    }
    // The value is not shown: it may be a secret.
    if (!rule.accepts(value)) throw new Error(`${key} of ${draft.kind} is not ${rule.expects}`)
    if (presence === 'payload' || presence === 'required payload') payloads++
  }
  if (payloads < wanted || payloads > 1) throw new Error(`${draft.kind} with ${payloads} payloads`)
}

type FrameDraft = Extract<EntryDraft, { kind: 'frame' }>

/** Nearly every line of nearly every tape: held against the table in a few comparisons. */
function isPlain(frame: FrameDraft): boolean {
  const { conn, dir, op, original, redacted } = frame
  return (
    'text' in frame &&
    typeof frame.text === 'string' &&
    !('base64' in frame) &&
    Number.isSafeInteger(conn) &&
    conn >= 1 &&
    (dir === 'in' || dir === 'out') &&
    (op === 'text' || op === 'ping' || op === 'pong' || op === 'binary' || op === 'chunk') &&
    original === undefined &&
    redacted === undefined
  )
}

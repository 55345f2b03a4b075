import { diffLines, type Stretch } from './line-diff.ts'

export interface UnifiedDiff {
  /** As `diff -u` writes them, without a head; `patch` takes them with one. */
  readonly lines: readonly string[]
  readonly added: number
  readonly removed: number
}

const CONTEXT = 2

interface Row {
  readonly mark: ' ' | '-' | '+'
  readonly text: string
  /** How many lines of each side stand before it. */
  readonly before: number
  readonly after: number
}

export function unifiedDiff(before: readonly string[], after: readonly string[]): UnifiedDiff {
  const rows = rowsOf(diffLines(before, after))
  const lines: string[] = []
  let added = 0
  let removed = 0
  for (const row of rows) {
    if (row.mark === '+') added += 1
    if (row.mark === '-') removed += 1
  }
  for (const [from, to] of hunksOf(rows)) for (const line of hunk(rows.slice(from, to))) lines.push(line)
  return { lines, added, removed }
}

const MARKS = { same: ' ', gone: '-', new: '+' } as const

function rowsOf(stretches: readonly Stretch[]): readonly Row[] {
  const rows: Row[] = []
  let [before, after] = [0, 0]
  for (const { kind, lines } of stretches) {
    for (const text of lines) {
      rows.push({ mark: MARKS[kind], text, before, after })
      if (kind !== 'new') before += 1
      if (kind !== 'gone') after += 1
    }
  }
  return rows
}

/** Where changes stand with their context; those that touch are one. */
function hunksOf(rows: readonly Row[]): readonly (readonly [number, number])[] {
  const hunks: [number, number][] = []
  for (const [index, { mark }] of rows.entries()) {
    if (mark === ' ') continue
    const [from, to] = [Math.max(0, index - CONTEXT), Math.min(rows.length, index + CONTEXT + 1)]
    const last = hunks.at(-1)
    if (last !== undefined && from <= last[1]) last[1] = to
    else hunks.push([from, to])
  }
  return hunks
}

function hunk(rows: readonly Row[]): readonly string[] {
  const [first] = rows
  if (first === undefined) return []
  const count = (but: '+' | '-'): number => rows.filter(({ mark }) => mark !== but).length
  const place = (start: number, length: number): string => `${length === 0 ? start : start + 1},${length}`
  const [gone, came] = [place(first.before, count('+')), place(first.after, count('-'))]
  return [`@@ -${gone} +${came} @@`, ...rows.map(({ mark, text }) => `${mark}${text}`)]
}

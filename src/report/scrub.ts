import type { ScrubFinding } from '../edit/scrub/index.ts'
import { counted, grouped, plain, tableLines } from './table.ts'

interface Replacement {
  readonly output: string
  readonly entries: number
  readonly replaced: ReadonlyMap<string, number>
  readonly kept: number
}

/** What was replaced, by place and count: never a value. */
export function scrubLines({ output, entries, replaced, kept }: Replacement): readonly string[] {
  const rows = [...replaced].map(([place, count]) => [plain(place), grouped(count)])
  const total = [...replaced.values()].reduce((sum, count) => sum + count, 0)
  return [
    total === 0 ? 'nothing to replace' : `replaced ${counted(total, 'value')}`,
    ...tableLines(rows, { indent: 2, align: ['left', 'right'] }),
    ...(kept === 0 ? [] : [`kept ${counted(kept, 'stand-in')} of before`]),
    `tape ${output}, ${counted(entries, 'entry', 'entries')}`,
  ]
}

const SHOWN = 200

/** `a.tape.jsonl:17 (entry 15)  text  jwt  eyJ… (152 characters)`. */
export function findingLines(findings: readonly ScrubFinding[]): readonly string[] {
  const rows = findings.slice(0, SHOWN).map(({ file, line, entry, place, kind, masked }) => {
    const where = `${plain(file)}:${line}${entry === undefined ? '' : ` (entry ${entry})`}`
    return [where, plain(place), plain(kind), plain(masked)]
  })
  const rest = findings.length - rows.length
  return [
    ...tableLines(rows),
    ...(rest > 0 ? [`and ${counted(rest, 'more finding')}; --json has them all`] : []),
  ]
}

import { counted, plain } from './table.ts'
import type { VerifiedFolder, VerifiedGroup } from './verified.ts'

/** Names of cases that are told behind the first of a group. */
const NAMED = 3
/** Of a foreign line. */
const LINE_LENGTH = 2_000

export function verifyText({ groups, summary }: VerifiedFolder): readonly string[] {
  return [...groups.flatMap(groupLines), summary]
}

function groupLines({ first, likeness, others }: VerifiedGroup): readonly string[] {
  const { lines, message, name, verdict } = first
  const head = `${verdict.padEnd(8)} ${plain(name)}`
  if (verdict === 'orphan') return [`${head} ${plain(message, LINE_LENGTH)}`]
  return [head, ...lines.map(line => plain(line, LINE_LENGTH)), ...moreLines(likeness, others)]
}

function moreLines(likeness: string, others: readonly string[]): readonly string[] {
  if (others.length === 0) return []
  const named = others.slice(0, NAMED).join(', ')
  const names = others.length > NAMED ? `${named}, …` : named
  return [
    plain(`  and ${counted(others.length, 'more case', 'more cases')}: ${likeness} (${names})`, LINE_LENGTH),
  ]
}

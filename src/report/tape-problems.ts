import type { TapeReader } from '../tape/index.ts'
import { counted } from './table.ts'

const SHOWN = 5

/** What was wrong with a tape, as stderr says it. */
export function tapeProblemLines(
  tape: Pick<TapeReader, 'name' | 'problems' | 'problemCount'>,
): readonly string[] {
  const lines = tape.problems.slice(0, SHOWN).map(problem => {
    const { line, byteOffset, entry, what, expected, found } = problem
    const place = `${tape.name}:${line} (byte ${byteOffset}${entry === undefined ? '' : `, entry ${entry}`})`
    const detail = [
      expected === undefined ? '' : `expected ${expected}`,
      found === undefined ? '' : `found ${found}`,
    ]
    return `${place}: ${[what, ...detail.filter(text => text !== '')].join('; ')}`
  })
  const rest = tape.problemCount - lines.length
  if (rest > 0) lines.push(`${tape.name}: and ${counted(rest, 'more problem')}`)
  lines.push(`${tape.name}: read up to what is safe; what the problems above cost is missing here`)
  return lines
}

import type { SniffMatch } from '../feeds/index.ts'
import { counted, plain } from './table.ts'

/** Whose wire it is, how sure that is and by what; a line each. */
export function recognisedLines(matches: readonly SniffMatch[], tie: readonly string[]): readonly string[] {
  const lines = matches.map(({ feed, confidence, why, messages }) => {
    const by = messages === 0 ? '' : `, ${counted(messages, 'message')}`
    return `${feed}: ${confidence}${by} (${plain(why)})`
  })
  if (lines.length === 0) return ['no known feed recognises it']
  if (tie.length > 0) lines.push(`it cannot be told between ${tie.join(' and ')}: say which with --feed`)
  return lines
}

import { markdownTable, markdownText } from './markdown.ts'
import type { VerifiedFolder } from './verified.ts'

/** For the summary of a CI run. */
export function verifyMarkdown({ folder, groups, summary }: VerifiedFolder): string {
  const rows = groups.map(({ first, likeness, others }) => [
    first.name,
    first.verdict,
    `${first.path}:${first.line}`,
    first.message,
    others.length === 0 ? '' : `${others.length}, ${likeness}`,
  ])
  const table = markdownTable(['case', 'verdict', 'where', 'nearest cause', 'and more cases'], rows)
  return [
    `### feedtape verify ${markdownText(folder)}`,
    '',
    markdownText(summary),
    ...(rows.length === 0 ? [] : ['', ...table]),
    '',
  ].join('\n')
}

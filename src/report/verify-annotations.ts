import { plain } from './table.ts'
import type { VerifiedCase, VerifiedFolder } from './verified.ts'

/** Of a foreign line; GitHub cuts a message at 64 KB. */
const LINE_LENGTH = 1_000

/**
 * GitHub's workflow commands: an error on the line of the fixture, nearest cause first, since GitHub shows ten a step.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function githubAnnotations({
  cases,
  groups,
}: Pick<VerifiedFolder, 'cases' | 'groups'>): readonly string[] {
  const firsts = groups.map(({ first }) => first)
  const names = new Set(firsts.map(({ name }) => name))
  const others = cases.filter(({ name, verdict }) => verdict !== 'equal' && !names.has(name))
  return [...firsts, ...others].map(annotation)
}

function annotation({ line, lines, message, name, path }: VerifiedCase): string {
  const text = [message, ...lines].map(one => plain(one, LINE_LENGTH)).join('\n')
  const title = property(plain(`feedtape verify: ${name}`))
  return `::error file=${property(path)},line=${line},title=${title}::${data(text)}`
}

/** As GitHub's own toolkit escapes it (packages/core/src/command.ts). */
function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C')
}

import { reasonOf } from '../../model/errors.ts'
import { costOf, LONGEST_PATTERN } from './pattern-cost.ts'

/**
 * What is wrong with a pattern that somebody wrote, as what was expected of it. Its named groups are some of `groups`,
 * `needed` among them; where nothing is needed, any one of them.
 */
export function patternRefusal(
  pattern: string,
  groups: readonly string[],
  needed?: string,
): string | undefined {
  if (pattern.length > LONGEST_PATTERN) return `a regular expression of at most ${LONGEST_PATTERN} characters`
  try {
    new RegExp(pattern, 'u')
  } catch (thrown) {
    return `a regular expression (${reasonOf(thrown)})`
  }
  const named = [...pattern.matchAll(/(?<!\\)\(\?<([^>=!][^>]*)>/gu)].map(([, name = '']) => name)
  const other = named.find(name => !groups.includes(name))
  if (other !== undefined) return `named groups of ${groups.join(', ')}, not ${other}`
  if (needed !== undefined && !named.includes(needed)) {
    return `a regular expression with the named group ${needed}`
  }
  if (named.length === 0) return `a regular expression with at least one named group of ${groups.join(', ')}`
  const { refusal } = costOf(pattern)
  return refusal === undefined ? undefined : `a regular expression whose time is bounded, without ${refusal}`
}

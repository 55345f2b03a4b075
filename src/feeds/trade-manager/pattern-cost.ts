/**
 * A pattern that somebody writes can take for ever on the wrong line: JavaScript tries one choice after another.
 * So a pattern's choices are counted before it is run: each quantifier may stop wherever what stands behind it
 * stands in the line, and the product of all is the work. What no line bounds (a repeated group, a reference back)
 * is refused.
 */
export interface PatternCost {
  /** Why it cannot be used. */
  readonly refusal?: string
  /** Of each choice: the text that ends it, or how many ways there are whatever the line. */
  readonly choices: readonly (string | number)[]
  /** It begins where the line begins, and nowhere else. */
  readonly isAnchored?: boolean
}

export const LONGEST_PATTERN = 500

/** Steps for one line: some hundredths of a second. */
const MOST_STEPS = 10_000_000

const TOKEN =
  /\\(?:[pP]\{[^}]*\}|k<[^>]*>|u\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\s\S])|\[(?:\\[\s\S]|[^\]\\])*\]|\(\?(?:<[^>=!]*>|[:=!]|<[=!])|[*+?]\??|\{\d+(?:,\d*)?\}\??|[\s\S]/gu
const QUANTIFIER = /^(?:[*+?]\??|\{\d.*\}\??)$/u

export function costOf(pattern: string): PatternCost {
  const tokens = pattern.match(TOKEN) ?? []
  const choices: (string | number)[] = []
  let isAnchored = tokens[0] === '^'
  let depth = 0
  for (const [index, token] of tokens.entries()) {
    if (token.startsWith('(')) depth += 1
    if (token === ')') depth -= 1
    if (token === '|' && depth === 0) isAnchored = false
    if (/^\\(?:k|[1-9])/.test(token)) return { refusal: 'a reference back to a group', choices: [] }
    if (token === '|') choices.push(2)
    if (!QUANTIFIER.test(token)) continue
    const isOptional = token.startsWith('?')
    if (tokens[index - 1] === ')' && !isOptional)
      return { refusal: 'a repeated group: (…)* or (…)+', choices: [] }
    if (isOptional) choices.push(2)
    else if (!/^\{\d+\}/.test(token)) choices.push(endOf(tokens, index + 1))
  }
  return { choices, isAnchored }
}

/** The text that has to stand behind a quantifier; `''` for any place, and 1 where the pattern ends. */
function endOf(tokens: readonly string[], from: number): string | number {
  let at = from
  while (tokens[at] === ')' && !QUANTIFIER.test(tokens[at + 1] ?? '')) at += 1
  if (at >= tokens.length || (tokens[at] === '$' && at === tokens.length - 1)) return 1
  let text = ''
  for (; at < tokens.length; at += 1) {
    const literal = literalOf(tokens[at] ?? '')
    if (literal === undefined || QUANTIFIER.test(tokens[at + 1] ?? '')) break
    text += literal
  }
  return text
}

function literalOf(token: string): string | undefined {
  if (/^\\[^\w]$/u.test(token)) return token.slice(1)
  return /^[^\\^$.*+?()[\]{}|]$/u.test(token) ? token : undefined
}

/** Whether the pattern comes to its end on this line in bounded time. */
export function isAffordable({ choices, isAnchored = false }: PatternCost, line: string): boolean {
  // Each choice reads on through the line, and where nothing holds it the pattern may begin at any place.
  let steps = (line.length + 1) ** (isAnchored ? 1 : 2)
  for (const choice of choices) {
    steps *= typeof choice === 'number' ? choice : placesOf(choice, line)
    if (steps > MOST_STEPS) return false
  }
  return true
}

function placesOf(text: string, line: string): number {
  return text === '' ? line.length + 1 : line.split(text).length
}

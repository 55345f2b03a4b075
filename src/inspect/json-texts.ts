/** What a message is searched for at most: a chart page of megabytes says nothing new behind its beginning. */
const MOST_VALUES = 50

/**
 * The JSON values in a message, whatever stands around them: `a[…]`, `~m~54~m~{…}`, a line a value. A text without
 * any gives none.
 */
export function jsonIn(text: string): readonly unknown[] {
  const whole = parsed(text)
  if (whole !== undefined) return typeof whole === 'object' && whole !== null ? [whole] : []
  const values: unknown[] = []
  let at = nextOpening(text, 0)
  while (at >= 0 && values.length < MOST_VALUES) {
    const end = closingOf(text, at)
    const value = end === undefined ? undefined : parsed(text.slice(at, end))
    if (value !== undefined) values.push(value)
    at = nextOpening(text, value === undefined || end === undefined ? at + 1 : end)
    // What opens and never closes would be searched again from each of its brackets.
    if (end === undefined) break
  }
  return values
}

/** What stands before the first value, its numbers as N: `a`, `~m~N~m~`; `''` where there is nothing. */
export function framingOf(text: string): string {
  const at = nextOpening(text, 0)
  return at <= 0 || at > 40 ? '' : text.slice(0, at).trim().replace(/\d+/g, 'N')
}

function nextOpening(text: string, from: number): number {
  const rest = /[{[]/g
  rest.lastIndex = from
  return rest.exec(text)?.index ?? -1
}

function closingOf(text: string, from: number): number | undefined {
  const token = /"(?:[^"\\]|\\.)*"|[[\]{}]/gs
  token.lastIndex = from
  let depth = 0
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [sign] = match
    if (sign === '{' || sign === '[') depth += 1
    else if (sign === '}' || sign === ']') depth -= 1
    if (depth === 0) return token.lastIndex
  }
  return undefined
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

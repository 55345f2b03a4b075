/** A member or element as it stands in its text, letter for letter: JSON.parse and back would write `6723.0` as `6723`. */
export interface JsonPart {
  /** `undefined` in an array. */
  readonly key: string | undefined
  readonly text: string
}

/** The parts of a JSON object or array; none of any other text, or of JSON that breaks off. */
export function partsOf(json: string): readonly JsonPart[] {
  const text = json.trim()
  const isObject = text.startsWith('{')
  if (!isObject && !text.startsWith('[')) return []
  const parts: JsonPart[] = []
  let at = 1
  while (at < text.length) {
    at = skip(text, at, /[\s,]*/y)
    if (/[}\]]/.test(text[at] ?? '}')) return parts
    let key: string | undefined
    if (isObject) {
      const end = endOfValue(text, at)
      key = stringIn(text.slice(at, end))
      at = skip(text, end, /\s*:\s*/y)
    }
    const end = endOfValue(text, at)
    if (end === at) return []
    parts.push({ key, text: text.slice(at, end) })
    at = end
  }
  return []
}

function skip(text: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

const PLAIN = /[^"[\]{}]+/gy

/** Behind the value that begins at `at`: a scalar, a string, or all up to the bracket that closes it. */
function endOfValue(text: string, from: number): number {
  if (!/["[{]/.test(text[from] ?? '')) return skip(text, from, /[^,\]}\s]+/y)
  let depth = 0
  let at = from
  while (at < text.length) {
    const token = text[at]
    if (token === '"') at = endOfString(text, at)
    else if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    else {
      at = skip(text, at, PLAIN)
      continue
    }
    if (token !== '"') at += 1
    if (depth === 0) return at
  }
  return text.length
}

/** By hand: a regular expression for a string of some megabytes overflows its stack. */
function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0
    while (text[quote - 1 - slashes] === '\\') slashes += 1
    if (slashes % 2 === 0) return quote + 1
  }
  return text.length
}

function stringIn(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

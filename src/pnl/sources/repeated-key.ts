const STRINGS_AND_BRACKETS = /"(?:[^"\\]+|\\.)*"|[[\]{}]/g
const COLON = /\s*:/y

/** The first key that an object has twice, of which `JSON.parse` keeps the last without a word. `text` is valid JSON. */
export function repeatedKey(text: string): string | undefined {
  const keys = new Set<string>()
  let depth = 0
  for (const { 0: token, index } of text.matchAll(STRINGS_AND_BRACKETS)) {
    if (token === '{' || token === '[') depth += 1
    else if (token === '}' || token === ']') depth -= 1
    else if (depth === 1 && isFollowedByColon(text, index + token.length)) {
      const key = String(JSON.parse(token))
      if (keys.has(key)) return key
      keys.add(key)
    }
  }
  return undefined
}

function isFollowedByColon(text: string, index: number): boolean {
  COLON.lastIndex = index
  return COLON.test(text)
}

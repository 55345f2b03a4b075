export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `undefined` is no JSON. */
export function parseJson(text: string): unknown {
  return attempt(() => JSON.parse(text))
}

/**
 * `undefined` where it is no JSON, and where it is nested too deep: a parse that keeps the text of numbers recurses,
 * and 20,000 arrays, one in another, overflow its stack.
 */
export function attempt(parse: () => unknown): unknown {
  try {
    return parse()
  } catch (thrown) {
    if (thrown instanceof SyntaxError || thrown instanceof RangeError) return undefined
    throw thrown
  }
}

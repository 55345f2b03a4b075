/** The first place at which a twin and what the code makes differ. */
export interface Difference {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** The key in which the two lines differ first, `fields.last`; `undefined` where a whole line does. */
  readonly key: string | undefined
  readonly expected: string
  readonly found: string
  /** How many lines differ in all. */
  readonly count: number
}

/** `undefined` when they are equal. The golden lines are what is expected. */
export function differenceOf(
  file: string,
  golden: readonly string[],
  made: readonly string[],
): Difference | undefined {
  let first: number | undefined
  let count = 0
  for (let index = 0; index < Math.max(golden.length, made.length); index += 1) {
    if (golden[index] === made[index]) continue
    first ??= index
    count += 1
  }
  if (first === undefined) return undefined
  const expected = golden[first]
  const found = made[first]
  const place = { file, line: first + 1, count }
  if (expected === undefined) {
    return { ...place, key: undefined, expected: 'no more lines', found: found ?? '' }
  }
  if (found === undefined) return { ...place, key: undefined, expected, found: 'no more lines' }
  return { ...place, ...nearest(expected, found) }
}

export function differenceText({ file, line, key, expected, found, count }: Difference): string {
  const where = key === undefined ? `${file}:${line}` : `${file}:${line} ${key}`
  const more = count > 1 ? `\n  (${count} lines differ; this is the first)` : ''
  return `${where}\n  expected  ${expected}\n  found     ${found}${more}`
}

/** The innermost key that differs first. */
function nearest(expected: string, found: string): Pick<Difference, 'key' | 'expected' | 'found'> {
  const path: string[] = []
  let a: unknown = parsed(expected)
  let b: unknown = parsed(found)
  while (isRecord(a) && isRecord(b)) {
    const left: Readonly<Record<string, unknown>> = a
    const right: Readonly<Record<string, unknown>> = b
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])]
    const key = keys.find(name => JSON.stringify(left[name]) !== JSON.stringify(right[name]))
    if (key === undefined) break
    path.push(key)
    a = left[key]
    b = right[key]
  }
  if (path.length === 0) return { key: undefined, expected, found }
  return { key: path.join('.'), expected: shown(a), found: shown(b) }
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value)
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

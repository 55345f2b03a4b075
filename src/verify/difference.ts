/** What became of the line that differs first. */
export type Change = 'changed' | 'new' | 'gone'

/** The first place at which a twin and what the code makes differ. */
export interface Difference {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** The key in which the two lines differ first, `fields.last`; `undefined` where a whole line does. */
  readonly key: string | undefined
  readonly expected: string
  readonly found: string
  /** How many lines differ in all, place by place. */
  readonly count: number
  readonly change: Change
  /** What the line is: `quote`, `trade`, `tally`. */
  readonly kind?: string
  /** The entry of the tape that it comes from. */
  readonly seq?: number
  /** The quotes of the case differ, and its P&L is made of them. */
  readonly follows?: true
}

/** Two lines that are not one, each with the one behind it; `undefined` behind the end. */
export interface LinePair {
  /** From 1. */
  readonly line: number
  readonly golden: string | undefined
  readonly made: string | undefined
  readonly goldenNext?: string | undefined
  readonly madeNext?: string | undefined
}

const NOTHING = 'no more lines'
export const NO_TWIN = {
  expected: 'a twin; --update writes what the code makes',
  found: 'no such file',
} as const
const NOT_HERE = 'no such line here'

export function differenceAt(file: string, pair: LinePair, count: number): Difference {
  const { golden, line, made } = pair
  const place = { file, line, count, ...originOf(golden, made) }
  if (golden === undefined) {
    return { ...place, change: 'new', key: undefined, expected: NOTHING, found: made ?? '' }
  }
  if (made === undefined) {
    return { ...place, change: 'gone', key: undefined, expected: golden, found: NOTHING }
  }
  const change = changeOf(golden, made, pair)
  switch (change) {
    case 'new':
      return {
        ...place,
        ...originOf(undefined, made),
        change,
        key: undefined,
        expected: NOT_HERE,
        found: made,
      }
    case 'gone':
      return {
        ...place,
        ...originOf(golden, undefined),
        change,
        key: undefined,
        expected: golden,
        found: NOT_HERE,
      }
    case 'changed':
      return { ...place, change, ...nearest(golden, made) }
    default:
      return change satisfies never
  }
}

/** All lines are new: not they are told, but that nobody has written the twin. */
export function missingTwin(file: string, count: number): Difference {
  return { file, line: 1, key: undefined, ...NO_TWIN, count, change: 'gone' }
}

/** By the line that follows on the other side, or else by the entries that the two come from. */
function changeOf(golden: string, made: string, { goldenNext, madeNext }: LinePair): Change {
  if (madeNext === golden) return 'new'
  if (goldenNext === made) return 'gone'
  const [expected, found] = [orderOf(golden), orderOf(made)]
  if (expected === undefined || found === undefined || expected === found) return 'changed'
  return found < expected ? 'new' : 'gone'
}

/** The entry that a line comes from; what stands behind all observations has none. */
function orderOf(line: string): number | undefined {
  const json = parsed(line)
  if (!isRecord(json)) return undefined
  const { kind, seq } = json
  if (typeof seq === 'number') return seq
  return kind === 'tally' || kind === 'problem' ? Number.POSITIVE_INFINITY : undefined
}

export function differenceText({
  file,
  line,
  key,
  expected,
  found,
  count,
  follows,
}: Pick<Difference, 'file' | 'line' | 'key' | 'expected' | 'found' | 'count' | 'follows'>): string {
  const where = key === undefined ? `${file}:${line}` : `${file}:${line} ${key}`
  const why = follows === true ? ' follows from the quotes' : ''
  const more = count > 1 ? `\n  (${count} lines differ; this is the first)` : ''
  return `${where}${why}\n  expected  ${expected}\n  found     ${found}${more}`
}

/** The innermost key that differs first. */
export function nearest(expected: string, found: string): Pick<Difference, 'key' | 'expected' | 'found'> {
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
  // Lines of two kinds have nothing in common.
  if (path.length === 0 || path[0] === 'kind') return { key: undefined, expected, found }
  return { key: path.join('.'), expected: shown(a), found: shown(b) }
}

/** The earlier entry of the two: from there on they part. */
function originOf(golden: string | undefined, made: string | undefined): Pick<Difference, 'kind' | 'seq'> {
  const lines = [made, golden].map(line => (line === undefined ? undefined : parsed(line))).filter(isRecord)
  const seqs = lines.map(({ seq }) => seq).filter(seq => typeof seq === 'number')
  const kind = lines.find(line => typeof line['kind'] === 'string')?.['kind']
  return {
    ...(typeof kind === 'string' ? { kind } : {}),
    ...(seqs.length === 0 ? {} : { seq: Math.min(...seqs) }),
  }
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value)
}

export function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

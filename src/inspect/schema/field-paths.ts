import { stepOf } from '../../feeds/json-socket/index.ts'
import { hasDataKeys, isList } from './map-keys.ts'
import { isRawNumber } from './packet-json.ts'

/** The paths of all that is neither object, array nor null, as FieldNode writes them. */
export function leafPaths(value: unknown): ReadonlySet<string> {
  const paths = new Set<string>()
  collect(value, [], paths)
  return paths
}

const MOST_DEPTH = 16
const MOST_PATHS = 300
const MOST_ELEMENTS = 20

function collect(value: unknown, steps: readonly string[], paths: Set<string>): void {
  if (value === null || paths.size >= MOST_PATHS || steps.length > MOST_DEPTH) return
  if (typeof value !== 'object' || isRawNumber(value)) {
    if (steps.length > 0) paths.add(steps.join('.'))
    return
  }
  const members = Object.entries(value)
  const isData = Array.isArray(value) ? isList(value) : hasDataKeys(members)
  for (const [key, member] of isData ? members.slice(0, MOST_ELEMENTS) : members) {
    collect(member, [...steps, isData ? '*' : stepOf(key)], paths)
  }
}

/** Nested beyond what any wire does: what walks through it would run out of stack. */
export function isDeep(value: unknown, left = MOST_DEPTH * 4): boolean {
  if (typeof value !== 'object' || value === null) return false
  return left === 0 || Object.values(value).some(member => isDeep(member, left - 1))
}

/** A path's steps, each still as it is written in it. */
export function stepsOf(path: string): readonly string[] {
  return path === '' ? [] : path.split(/(?<!\\)\./)
}

/** All that stands at a path; `*` goes through all members. */
export function* valuesAt(value: unknown, steps: readonly string[]): Generator<unknown> {
  const [step, ...rest] = steps
  if (step === undefined) {
    yield value
    return
  }
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return
  if (step === '*') for (const member of Object.values(value)) yield* valuesAt(member, rest)
  else {
    const member = Object.getOwnPropertyDescriptor(value, step.replace(/\\(.)/g, '$1'))
    if (member?.enumerable === true) yield* valuesAt(member.value, rest)
  }
}

/** A copy without what stands at these paths; a place of an array stays, and holds null. */
export function withoutFields(value: unknown, paths: ReadonlySet<string>, path = ''): unknown {
  if (paths.has(path)) return undefined
  if (typeof value !== 'object' || value === null || isRawNumber(value)) return value
  const members = Object.entries(value)
  const isData = Array.isArray(value) ? isList(value) : hasDataKeys(members)
  const below = (key: string): string => (path === '' ? '' : `${path}.`) + (isData ? '*' : stepOf(key))
  if (Array.isArray(value)) {
    return value.map((member, index) => withoutFields(member, paths, below(String(index))) ?? null)
  }
  return Object.fromEntries(
    members.flatMap(([key, member]) => {
      const kept = withoutFields(member, paths, below(key))
      return kept === undefined ? [] : [[key, kept]]
    }),
  )
}

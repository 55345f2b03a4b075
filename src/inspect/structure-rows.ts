import { stepOf } from '../feeds/json-socket/index.ts'

export type Leaf = string | number | boolean | null

/** One thing that a message speaks of: its values by path, those of all that is around it among them. */
export type StructureRow = ReadonlyMap<string, Leaf>

const MOST_DEPTH = 12
const MOST_LEAVES = 200
const MOST_ROWS = 100
/** An array of so few plain values is a record whose places mean something; a longer one is a list. */
const MOST_PLACES = 16
/** A key that is somebody's name rather than a word: `BTCUSDT`, `ES1!`, `3267315`. */
const NAME_KEY = /^(?:[A-Z0-9][A-Z0-9:._!/-]{1,30}|\d{4,})$/

/**
 * A message as rows: an array of objects, and an object keyed by names, is a row for each member, written `*` in
 * paths (json-socket's own). The name under which a member stands is a value too, at `*~`.
 */
export function rowsOf(message: unknown): readonly StructureRow[] {
  const budget = { leaves: 5_000 }
  return rowsIn(message, '', new Map(), 0, budget).slice(0, MOST_ROWS)
}

function rowsIn(
  value: unknown,
  path: string,
  around: StructureRow,
  depth: number,
  budget: { leaves: number },
): readonly StructureRow[] {
  const own = new Map(around)
  const lists: { readonly path: string; readonly key: string | undefined; readonly value: unknown }[] = []
  const collect = (node: unknown, at: string, level: number): void => {
    if (level > MOST_DEPTH || own.size >= MOST_LEAVES || budget.leaves <= 0) return
    if (typeof node !== 'object' || node === null) {
      if (at !== '' && isLeaf(node)) {
        own.set(at, node)
        budget.leaves -= 1
      }
      return
    }
    const members = Object.entries(node)
    if (isList(node, members)) {
      for (const [key, member] of members.slice(0, MOST_ROWS)) {
        lists.push({ path: at, key: Array.isArray(node) ? undefined : key, value: member })
      }
      return
    }
    for (const [key, member] of members) collect(member, joined(at, stepOf(key)), level + 1)
  }
  collect(value, path, depth)
  if (lists.length === 0) return [own]
  return lists.flatMap(({ path: at, key, value: member }) => {
    const star = joined(at === '' ? '$' : at, '*')
    const named = key === undefined ? own : new Map(own).set(`${star}~`, key)
    return rowsIn(member, star, named, depth + 1, budget)
  })
}

function isList(node: object, members: readonly (readonly [string, unknown])[]): boolean {
  if (members.length === 0) return false
  if (Array.isArray(node)) {
    return members.every(([, member]) => isContainer(member)) || members.length > MOST_PLACES
  }
  return members.every(([key, member]) => NAME_KEY.test(key) && isContainer(member))
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function isLeaf(value: unknown): value is Leaf {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value)
}

function joined(path: string, step: string): string {
  return path === '' ? step : `${path}.${step}`
}

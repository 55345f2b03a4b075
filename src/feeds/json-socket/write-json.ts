import type { Path } from './path.ts'

/** JSON in the making: what stands at which path, the leaves as JSON text. */
export type Draft = string | Map<string, Draft>

/** Puts `json` at a path, whose stars stand for the places in order; false where something is in its way. */
export function put(root: Map<string, Draft>, path: Path, places: readonly string[], json: string): boolean {
  if (path.isKey) return true
  let node = root
  let star = 0
  const steps = path.steps.map(step => step ?? places[star++] ?? '')
  const last = steps.at(-1)
  if (last === undefined) return false
  for (const step of steps.slice(0, -1)) {
    const next = node.get(step) ?? new Map<string, Draft>()
    if (typeof next === 'string') return false
    node.set(step, next)
    node = next
  }
  const there = node.get(last)
  if (there !== undefined && there !== json) return false
  node.set(last, json)
  return true
}

/** Whole numbers from 0 without a gap are an array's places; what else looks like one is read as none. */
export function jsonOf(draft: Draft): string {
  if (typeof draft === 'string') return draft
  const keys = [...draft.keys()]
  if (keys.length > 0 && keys.every(key => /^\d{1,4}$/.test(key))) return arrayOf(draft)
  return `{${[...draft].map(([key, value]) => `${JSON.stringify(key)}:${jsonOf(value)}`).join(',')}}`
}

/** What nobody has put anything at is null: the caller reads it again and sees whether that says too much. */
function arrayOf(draft: ReadonlyMap<string, Draft>): string {
  const length = Math.max(...[...draft.keys()].map(Number)) + 1
  const items = Array.from({ length }, (_, index) => jsonOf(draft.get(String(index)) ?? 'null'))
  return `[${items.join(',')}]`
}

/**
 * `data.rows.*.bid`: keys and places from the message down. A number is a place of an array (or a key), `*` is the
 * member that `each` is at, `*~` the key under which that stands, and `$` in front is the message itself. A dot, a
 * star, a `$` in front or a tilde that belongs to a key is written with a backslash.
 */
export interface Path {
  readonly text: string
  /** `undefined` is `*`. */
  readonly steps: readonly (string | undefined)[]
  /** Not what stands there, but the key of its last step. */
  readonly isKey: boolean
}

/** Which member each `*` stands for, the outermost first. */
export type Places = readonly string[]

const STEP = /((?:\\.|[^.\\])*)(?:\.|$)/gy
const MOST_STEPS = 40

/** `undefined` where a step is empty, or there are far too many. */
export function pathOf(text: string): Path | undefined {
  if (text === '' || text.endsWith('.') || /(?<!\\)(?:\\\\)*\\$/.test(text)) return undefined
  const parts = [...text.matchAll(STEP)].map(([, step = '']) => step).slice(0, -1)
  const rest = parts[0] === '$' ? parts.slice(1) : parts
  if (rest.length > MOST_STEPS || rest.some(step => step === '')) return undefined
  const isKey = rest.at(-1) === '*~'
  const steps = rest.map(step => (step === '*' || step === '*~' ? undefined : step.replace(/\\(.)/g, '$1')))
  return { text, steps, isKey }
}

/** A key as a step of a path. */
export function stepOf(key: string): string {
  return key.replace(/[.\\*~]|^\$/g, sign => `\\${sign}`)
}

export function starsIn({ steps }: Path): number {
  return steps.filter(step => step === undefined).length
}

/** `undefined` is absent: JSON has no such value. */
export function valueAt(root: unknown, path: Path, places: Places = []): unknown {
  let value = root
  let star = 0
  let key: string | undefined
  for (const step of path.steps) {
    key = step ?? places[star++]
    value = key === undefined ? undefined : memberOf(value, key)
    if (value === undefined) return undefined
  }
  return path.isKey ? key : value
}

/** Of an object or an array, and only its own: `__proto__` and `length` are no members. */
function memberOf(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return /^(?:0|[1-9]\d{0,9})$/.test(key) ? value[Number(key)] : undefined
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return Object.getOwnPropertyDescriptor(value, key)?.value
}

/** The members of what stands at `each`, whose own stars go through all members too. */
export function placesOf(root: unknown, each: Path): readonly Places[] {
  let found: { readonly value: unknown; readonly places: Places }[] = [{ value: root, places: [] }]
  for (const step of [...each.steps, undefined]) {
    found = found.flatMap(({ value, places }) =>
      step === undefined
        ? keysOf(value).map(key => ({ value: memberOf(value, key), places: [...places, key] }))
        : [{ value: memberOf(value, step), places }],
    )
  }
  return found.map(({ places }) => places)
}

function keysOf(value: unknown): readonly string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}

/** A stretch of lines that both have, or that only one of them has. Positions from 0. */
export interface Stretch {
  readonly kind: 'same' | 'gone' | 'new'
  readonly lines: readonly string[]
}

/** Beyond so many lines gone and new, a shortest way is not looked for: it costs their square. */
const MOST_EDITS = 1_000

/** What became of `before`, by Myers' shortest way ("An O(ND) Difference Algorithm", 1986). */
export function diffLines(before: readonly string[], after: readonly string[]): readonly Stretch[] {
  let head = 0
  const shorter = Math.min(before.length, after.length)
  while (head < shorter && before[head] === after[head]) head += 1
  let tail = 0
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1
  const [a, b] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)]
  return joined([
    { kind: 'same', lines: before.slice(0, head) },
    ...(shortest(a, b) ?? [{ kind: 'gone', lines: a } as const, { kind: 'new', lines: b } as const]),
    { kind: 'same', lines: before.slice(before.length - tail) },
  ])
}

/** `furthest[k]` is how far into `a` the best way on diagonal k (x − y) comes; each step's is kept for the way back. */
function shortest(a: readonly string[], b: readonly string[]): Stretch[] | undefined {
  const steps: Map<number, number>[] = []
  let furthest = new Map([[1, 0]])
  for (let edits = 0; edits <= Math.min(a.length + b.length, MOST_EDITS); edits += 1) {
    const next = new Map<number, number>()
    for (let k = -edits; k <= edits; k += 2) {
      let x = startOn(furthest, k, edits)
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1
      next.set(k, x)
      if (x >= a.length && x - k >= b.length) return wayBack(a, b, steps, k)
    }
    steps.push(next)
    furthest = next
  }
  return undefined
}

function startOn(furthest: ReadonlyMap<number, number>, k: number, edits: number): number {
  if (isNewLine(furthest, k, edits)) return furthest.get(k + 1) ?? 0
  return (furthest.get(k - 1) ?? -1) + 1
}

/** The better way onto a diagonal: by a line of `b`, or else by one of `a`. */
function isNewLine(furthest: ReadonlyMap<number, number>, k: number, edits: number): boolean {
  return k === -edits || (k !== edits && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1))
}

function wayBack(
  a: readonly string[],
  b: readonly string[],
  steps: readonly ReadonlyMap<number, number>[],
  last: number,
): Stretch[] {
  const way: Stretch[] = []
  let [x, k] = [a.length, last]
  for (let edits = steps.length; edits > 0; edits -= 1) {
    const before = steps[edits - 1] ?? new Map<number, number>()
    const start = startOn(before, k, edits)
    if (x > start) way.push({ kind: 'same', lines: a.slice(start, x) })
    if (isNewLine(before, k, edits)) {
      way.push({ kind: 'new', lines: b.slice(start - k - 1, start - k) })
      k += 1
      x = start
    } else {
      way.push({ kind: 'gone', lines: a.slice(start - 1, start) })
      k -= 1
      x = start - 1
    }
  }
  if (x > 0) way.push({ kind: 'same', lines: a.slice(0, x) })
  return way.reverse()
}

/** Between lines that both have, what is gone stands before what is new. */
function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  const found: Stretch[] = []
  let [gone, added]: [string[], string[]] = [[], []]
  const flush = (): void => {
    if (gone.length > 0) found.push({ kind: 'gone', lines: gone })
    if (added.length > 0) found.push({ kind: 'new', lines: added })
    gone = []
    added = []
  }
  for (const { kind, lines } of stretches) {
    if (lines.length === 0) continue
    if (kind === 'gone') gone = gone.concat(lines)
    else if (kind === 'new') added = added.concat(lines)
    else {
      flush()
      found.push({ kind, lines })
    }
  }
  flush()
  return found
}

/** Values side by side, so that a text is held against a thousand of them as fast as against a few. */
export interface SortedValues<V extends { readonly secret: string }> {
  readonly all: Range
  /** Those of a range whose unit at `depth` is this one; all of a range are alike before that. */
  narrow(range: Range, depth: number, unit: number): Range
  /** The value that ends at `depth`, if there is one: it stands first. */
  endingAt(range: Range, depth: number): V | undefined
}

/** From, and up to but without. */
export interface Range {
  readonly from: number
  readonly to: number
}

const NONE: Range = { from: 0, to: 0 }

export function sortedValues<V extends { readonly secret: string }>(unsorted: readonly V[]): SortedValues<V> {
  // By UTF-16 units, as `charCodeAt` gives them.
  const values = [...unsorted].sort((a, b) => (a.secret < b.secret ? -1 : 1))

  /** The first one from `from` on whose unit at `depth` is at least this; one that is over has none. */
  function firstFrom({ from, to }: Range, depth: number, unit: number): number {
    let [low, high] = [from, to]
    while (low < high) {
      const middle = (low + high) >>> 1
      // NaN behind the end is below every unit.
      if ((values[middle]?.secret.charCodeAt(depth) ?? 0) >= unit) high = middle
      else low = middle + 1
    }
    return low
  }

  return {
    all: { from: 0, to: values.length },
    narrow(range, depth, unit) {
      const first = values[range.from]?.secret.charCodeAt(depth)
      // Nearly always: one is left, or all of them begin alike.
      if (first === values[range.to - 1]?.secret.charCodeAt(depth)) return first === unit ? range : NONE
      const from = firstFrom(range, depth, unit)
      return { from, to: firstFrom({ from, to: range.to }, depth, unit + 1) }
    },
    endingAt({ from, to }, depth) {
      const first = from < to ? values[from] : undefined
      return first?.secret.length === depth ? first : undefined
    },
  }
}

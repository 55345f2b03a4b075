import type { ShownBy } from './evidence.ts'

/** Up to here all ways are tried; beyond, the frame that shows most of what is left comes next. */
const MOST_EXACT = 12

/** The fewest frames that show all that any frame shows; of equally many, those of fewer bytes. */
export function smallestCover(frames: readonly ShownBy[]): readonly ShownBy[] {
  const findings = [...new Set(frames.flatMap(({ shows }) => shows))]
  const chosen =
    findings.length <= MOST_EXACT ? exactCover(frames, findings) : withoutSpare(greedyCover(frames, findings))
  return chosen.toSorted((a, b) => a.tape - b.tape || a.seq - b.seq)
}

interface Way {
  readonly count: number
  readonly size: number
  readonly frame?: ShownBy
  readonly before?: Way
}

/** By the set of findings that are shown so far: each step must show the first that is missing. */
function exactCover(frames: readonly ShownBy[], findings: readonly number[]): readonly ShownBy[] {
  const bits = new Map(findings.map((finding, bit) => [finding, 1 << bit]))
  const masks = frames.map(frame => ({
    frame,
    mask: frame.shows.reduce((mask, finding) => mask | (bits.get(finding) ?? 0), 0),
  }))
  const all = (1 << findings.length) - 1
  const ways: (Way | undefined)[] = [{ count: 0, size: 0 }]
  for (let shown = 0; shown < all; shown += 1) {
    const way = ways[shown]
    if (way === undefined) continue
    const missing = ~shown & (shown + 1)
    for (const { frame, mask } of masks) {
      if ((mask & missing) === 0) continue
      const next: Way = { count: way.count + 1, size: way.size + frame.size, frame, before: way }
      const known = ways[shown | mask]
      if (known === undefined || isLess(next, known)) ways[shown | mask] = next
    }
  }
  const chosen: ShownBy[] = []
  for (let way = ways[all]; way?.frame !== undefined; way = way.before) chosen.push(way.frame)
  return chosen
}

function isLess(one: Way, other: Way): boolean {
  return one.count < other.count || (one.count === other.count && one.size < other.size)
}

function greedyCover(frames: readonly ShownBy[], findings: readonly number[]): readonly ShownBy[] {
  const missing = new Set(findings)
  const chosen: ShownBy[] = []
  while (missing.size > 0) {
    let best: { readonly frame: ShownBy; readonly gain: number } | undefined
    for (const frame of frames) {
      const gain = frame.shows.filter(finding => missing.has(finding)).length
      const isBetter =
        best === undefined || gain > best.gain || (gain === best.gain && frame.size < best.frame.size)
      if (isBetter) best = { frame, gain }
    }
    if (best === undefined || best.gain === 0) break
    chosen.push(best.frame)
    for (const finding of best.frame.shows) missing.delete(finding)
  }
  return chosen
}

/** What an early choice showed, later ones may show together. */
function withoutSpare(chosen: readonly ShownBy[]): readonly ShownBy[] {
  let kept = chosen
  for (const frame of chosen) {
    const others = kept.filter(one => one !== frame)
    const shown = new Set(others.flatMap(({ shows }) => shows))
    if (frame.shows.every(finding => shown.has(finding))) kept = others
  }
  return kept
}

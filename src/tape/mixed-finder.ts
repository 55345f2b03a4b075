import type { Redaction } from './entry.ts'
import { type Charset, escapeAt, escapedLike, MAY_ESCAPE } from './escape.ts'
import type { Finder, PlacedSpelling } from './finder.ts'
import { type Range, sortedValues } from './sorted-values.ts'

const NOTHING: readonly Redaction[] = []
/**
 * Steps through values for each unit of the text, where one is usual. More takes a text made for it, such as 16 MiB of the
 * letter of which a value consists; what stands behind is found where it is written in one way only.
 */
const MOST_STEPS = 20
const ENOUGH_STEPS = 1_000_000

/** An escape on the way through a value, behind the ones before. */
interface Code {
  readonly at: number
  readonly end: number
  /** What it writes: `units` units of the value from `unit` on. */
  readonly unit: number
  readonly units: number
  readonly before: Code | undefined
}

interface Match {
  readonly value: PlacedSpelling
  readonly end: number
  /** All other units stand for themselves. */
  readonly codes: Code | undefined
}

/**
 * Finds what no encoder of ours writes: a value of which only some characters are escaped, as Python's quote leaves `/`
 * and JavaScript's encodeURI leaves `+/=`, or some in one way and some in another. The longest value first.
 */
export function createMixedFinder(values: readonly PlacedSpelling[], charset: Charset): Finder {
  const sorted = sortedValues(values)
  const first = new Set(values.map(({ secret }) => secret.charCodeAt(0)))
  const units = [...first].map(unit => `\\u${unit.toString(16).padStart(4, '0')}`)
  const start = new RegExp(`[%&\\\\${units.join('')}]`, 'g')
  let steps = 0

  /** The longest value that is written from `from` on, of a range that is written up to there. */
  function read(text: string, from: number, range: Range, depth = 0, before?: Code): Match | undefined {
    let [at, left, unit, codes] = [from, range, depth, before]
    let best: Match | undefined
    while (left.from < left.to) {
      steps += 1
      const ending = sorted.endingAt(left, unit)
      if (ending !== undefined) best = longer(best, { value: ending, end: at, codes })
      const literal = sorted.narrow(left, unit, text.charCodeAt(at))
      const code = escapeAt(text, at, charset)
      const coded = code === undefined ? undefined : narrowAll(left, unit, code.text)
      if (code === undefined || coded === undefined) {
        left = literal
        at += 1
        unit += 1
      } else {
        // A value may itself have a `%` or a backslash there.
        best = longer(best, read(text, at + 1, literal, unit + 1, codes))
        codes = { at, end: code.end, unit, units: code.text.length, before: codes }
        left = coded
        at = code.end
        unit += code.text.length
      }
    }
    return best
  }

  /** `undefined` where none is left. */
  function narrowAll(range: Range, depth: number, text: string): Range | undefined {
    let left = range
    for (let unit = 0; unit < text.length; unit += 1) {
      left = sorted.narrow(left, depth + unit, text.charCodeAt(unit))
    }
    return left.from < left.to ? left : undefined
  }

  return text => {
    if (values.length === 0 || !MAY_ESCAPE.test(text)) return { text, spans: NOTHING }
    const spans: Redaction[] = []
    const parts: string[] = []
    let done = 0
    const most = Math.max(ENOUGH_STEPS, MOST_STEPS * text.length)
    steps = 0
    start.lastIndex = 0
    for (let hit = start.exec(text); hit !== null && steps < most; hit = start.exec(text)) {
      const match = read(text, hit.index, sorted.all)
      if (match === undefined) continue
      const { end } = match
      // As in finder.ts: from the next character on, since two may overlap.
      start.lastIndex = hit.index + 1
      if (end <= done) continue
      const from = Math.max(hit.index, done)
      spans.push([from, end - from, match.value.place])
      const standIn = hidden(text, match, charset)
      parts.push(text.slice(done, from), standIn.slice(from - hit.index))
      done = end
    }
    return spans.length === 0 ? { text, spans } : { text: parts.join('') + text.slice(done), spans }
  }
}

function longer(a: Match | undefined, b: Match | undefined): Match | undefined {
  return b !== undefined && b.end > (a?.end ?? -1) ? b : a
}

/** The stand-in, written as the value was. */
function hidden(text: string, { codes, value }: Match, charset: Charset): string {
  const { secret, standIn } = value
  // From the last escape back to the first.
  let parts = ''
  let unit = secret.length
  for (let code = codes; code !== undefined; code = code.before) {
    const character = standIn.slice(code.unit, code.unit + code.units)
    const written = escapedLike(text.slice(code.at, code.end), character, charset)
    parts = written + standIn.slice(code.unit + code.units, unit) + parts
    unit = code.unit
  }
  return standIn.slice(0, unit) + parts
}

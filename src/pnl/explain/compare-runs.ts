import { FeedtapeError } from '../../model/errors.ts'
import type { EpochMicros } from '../../model/time.ts'
import { pairBooks, type UnpairedBook } from './run-books.ts'
import type { RunDifference, RunPair } from './run-pair.ts'
import { RunSide } from './run-side.ts'
import { type OpenRun, type RunSurvey, surveyRun } from './run-survey.ts'

export interface CompareOptions {
  /** The end where nothing is said. */
  readonly at?: EpochMicros
  /** One instrument, by any of its names. */
  readonly instrument?: string
  /** One book of a run that has several. */
  readonly book?: string
}

export interface RunsCompared {
  readonly differences: readonly RunDifference[]
  /** Positions that are the same in both. */
  readonly equal: number
  readonly rules: readonly { readonly rule: string; readonly a: string; readonly b: string }[]
  /** Books of one run alone: in no difference. */
  readonly unpaired: readonly UnpairedBook[]
}

/**
 * What makes two runs differ at a moment, or at their ends. Each is read twice: what its books and instruments are
 * called stands at its end. Throws `usage`, and what the reading throws.
 */
export async function compareRuns(
  a: OpenRun,
  b: OpenRun,
  options: CompareOptions = {},
): Promise<RunsCompared> {
  const [inA, inB] = [await surveyRun(a), await surveyRun(b)]
  const books = pairBooks(inA, inB, options.book)
  const instruments = options.instrument === undefined ? undefined : chosen(options.instrument, inA, inB)
  const pairs = new Map<string, RunPair>()
  const reach = { until: options.at, instruments, pairs }
  await follow([
    new RunSide(0, a(), inA, { ...reach, books: books.a }),
    new RunSide(1, b(), inB, { ...reach, books: books.b }),
  ])
  const all = [...pairs.values()].filter(pair => pair.isHeld).map(pair => pair.difference())
  const differences = all.filter(({ parts }) => parts.length > 0)
  return {
    differences,
    equal: all.length - differences.length,
    rules: differingRules(inA, inB),
    unpaired: books.unpaired,
  }
}

/** Both through one time: a pair is looked at behind all that happened at once. */
async function follow(sides: readonly RunSide[]): Promise<void> {
  for (const side of sides) await side.step()
  for (;;) {
    const now = Math.min(...sides.map(side => side.pendingAt))
    if (now === Number.POSITIVE_INFINITY) return
    const touched = new Set<RunPair>()
    for (const side of sides) {
      while (side.pendingAt === now) {
        touched.add(side.take())
        await side.step()
      }
    }
    for (const pair of touched) pair.compare(now)
  }
}

function chosen(name: string, a: RunSurvey, b: RunSurvey): ReadonlySet<string> {
  const meant = new Set([...a.names.meaning(name), ...b.names.meaning(name)])
  if (meant.size > 0) return meant
  const held = new Set([...a.names.all, ...b.names.all])
  throw new FeedtapeError('usage', 'nothing of this instrument was ever held', {
    where: `--instrument ${name}`,
    expected: 'an instrument of the positions, by any of its names',
    found: held.size === 0 ? 'no positions at all' : `positions in ${[...held].join(', ')}`,
    next: 'choose one of them',
  })
}

function differingRules(a: RunSurvey, b: RunSurvey): RunsCompared['rules'] {
  const inA = { positions: a.books.join(' and '), ...a.summary?.rules }
  const inB = { positions: b.books.join(' and '), ...b.summary?.rules }
  const sides = { a: new Map(Object.entries(inA)), b: new Map(Object.entries(inB)) }
  return [...new Set([...sides.a.keys(), ...sides.b.keys()])].flatMap(rule => {
    const [one, other] = [sides.a.get(rule) ?? 'as by default', sides.b.get(rule) ?? 'as by default']
    return one === other ? [] : [{ rule, a: one, b: other }]
  })
}

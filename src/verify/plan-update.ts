import { relative } from 'node:path'
import { FeedtapeError } from '../model/errors.ts'
import { compareLines, type SideEnd } from './compare-lines.ts'
import type { GoldenCase } from './discover.ts'
import type { Shard } from './shard.ts'
import { gathered, type LineBatches, readTwin, writeTwin } from './twin-lines.ts'
import { type UnifiedDiff, unifiedDiff } from './unified-diff.ts'
import { type CaseResult, twinsOf, unusableCase } from './verify.ts'
import { goldenCases } from './verify-folder.ts'

const MOST_DIFFED = 200_000

/** A twin that is to be written. */
export interface TwinUpdate extends UnifiedDiff {
  readonly kind: 'new' | 'changed'
  readonly case: string
  /** Below the folder. */
  readonly file: string
  readonly path: string
  make(): LineBatches
}

export interface UpdatePlan {
  /** Their names. */
  readonly cases: readonly string[]
  readonly updates: readonly TwinUpdate[]
  /** Twins that are as the code makes them. */
  readonly unchanged: number
  readonly unusable: readonly CaseResult[]
  readonly orphans: readonly string[]
  readonly orphanReasons: Readonly<Record<string, string>>
  /** All cases of the folder. */
  readonly of: number
}

export interface PlanOptions {
  readonly shard?: Shard | undefined
  readonly done?: (count: number, of: number) => void
  /** Write the twins of damaged tapes, too. */
  readonly damaged?: boolean
  /** Twins of more lines are written and not diffed: a diff holds all of both sides. */
  readonly mostDiffed?: number
}

/** What `--update` would write; nothing is written. */
export async function planUpdate(
  folder: string,
  { damaged = false, done, mostDiffed = MOST_DIFFED, shard }: PlanOptions = {},
): Promise<UpdatePlan> {
  const { cases, of, orphanReasons, orphans } = await goldenCases(folder, shard)
  const updates: TwinUpdate[] = []
  const unusable: CaseResult[] = []
  let unchanged = 0
  for (const [index, golden] of cases.entries()) {
    try {
      const found = await updatesOf(golden, folder, { damaged, mostDiffed })
      updates.push(...found.updates)
      unchanged += found.unchanged
    } catch (thrown) {
      if (!(thrown instanceof FeedtapeError)) throw thrown
      unusable.push(unusableCase(golden, folder, thrown))
    }
    done?.(index + 1, cases.length)
  }
  const names = cases.map(({ name }) => name)
  return { cases: names, updates, unchanged, unusable, orphans, orphanReasons, of }
}

/** Writes them. FeedtapeError `file-unwritable`. */
export async function applyUpdates(updates: readonly TwinUpdate[]): Promise<void> {
  for (const { make, path } of updates) await writeTwin(path, make())
}

async function updatesOf(
  golden: GoldenCase,
  folder: string,
  { damaged, mostDiffed }: Required<Pick<PlanOptions, 'damaged' | 'mostDiffed'>>,
): Promise<{ readonly updates: readonly TwinUpdate[]; readonly unchanged: number }> {
  const updates: TwinUpdate[] = []
  let unchanged = 0
  for (const { make, path } of await twinsOf(golden, folder)) {
    const file = relative(folder, path)
    const { difference, golden: before, isNew, made } = await compareLines(file, readTwin(path), make())
    if (!damaged) refuseDamage(relative(folder, golden.tape), before, made)
    if (difference === undefined) {
      unchanged += 1
      continue
    }
    const diff = await diffOf(readTwin(path), make(), mostDiffed)
    updates.push({ kind: isNew ? 'new' : 'changed', case: golden.name, file, path, make, ...diff })
  }
  return { updates, unchanged }
}

/** Of a tape that is damaged by mistake a twin would make the damage what is expected. One that tells of it is meant so. */
function refuseDamage(tape: string, golden: SideEnd, made: SideEnd): void {
  const told = new Set(golden.problems.map(({ text }) => text))
  const [first, ...more] = made.problems.filter(({ text }) => !told.has(text))
  if (first === undefined) return
  throw new FeedtapeError('usage', 'the tape is damaged: its twins are not written', {
    where: tape,
    expected: 'a whole tape, or a twin that tells what is wrong with it',
    found: more.length === 0 ? first.text : `${first.text}, and ${more.length} more`,
    next: 'feedtape check tells more of it; --damaged writes the twins all the same',
  })
}

async function diffOf(before: LineBatches, after: LineBatches, most: number): Promise<UnifiedDiff> {
  const golden = await gathered(before, most)
  const made = await gathered(after, most)
  if (golden.lines !== undefined && made.lines !== undefined) return unifiedDiff(golden.lines, made.lines)
  const [gone, added] = [golden.count, made.count]
  return { lines: [`@@ -1,${gone} +1,${added} @@ too long to be shown`], added, removed: gone }
}

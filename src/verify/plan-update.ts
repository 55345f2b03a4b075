import { writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import { compareLines } from './compare-lines.ts'
import type { GoldenCase } from './discover.ts'
import type { Shard } from './shard.ts'
import { gathered, readTwin } from './twin-lines.ts'
import { type UnifiedDiff, unifiedDiff } from './unified-diff.ts'
import { type CaseResult, twinsOf, unusableCase } from './verify.ts'
import { goldenCases } from './verify-folder.ts'

/** A twin that is to be written. */
export interface TwinUpdate extends UnifiedDiff {
  readonly kind: 'new' | 'changed'
  readonly case: string
  /** Below the folder. */
  readonly file: string
  readonly path: string
  readonly made: readonly string[]
}

export interface UpdatePlan {
  /** Their names. */
  readonly cases: readonly string[]
  readonly updates: readonly TwinUpdate[]
  /** Twins that are as the code makes them. */
  readonly unchanged: number
  readonly unusable: readonly CaseResult[]
  readonly orphans: readonly string[]
  /** All cases of the folder. */
  readonly of: number
}

export interface PlanOptions {
  readonly shard?: Shard | undefined
  readonly done?: (count: number, of: number) => void
}

/** What `--update` would write; nothing is written. */
export async function planUpdate(folder: string, { done, shard }: PlanOptions = {}): Promise<UpdatePlan> {
  const { cases, of, orphans } = await goldenCases(folder, shard)
  const updates: TwinUpdate[] = []
  const unusable: CaseResult[] = []
  let unchanged = 0
  for (const [index, golden] of cases.entries()) {
    try {
      const found = await updatesOf(golden, folder)
      updates.push(...found.updates)
      unchanged += found.unchanged
    } catch (thrown) {
      if (!(thrown instanceof FeedtapeError)) throw thrown
      unusable.push(unusableCase(golden, folder, thrown))
    }
    done?.(index + 1, cases.length)
  }
  return { cases: cases.map(({ name }) => name), updates, unchanged, unusable, orphans, of }
}

/** Writes them. FeedtapeError `file-unwritable`. */
export async function applyUpdates(updates: readonly TwinUpdate[]): Promise<void> {
  for (const { made, path } of updates) {
    await writeFile(path, `${made.join('\n')}\n`).catch((cause: unknown) => {
      throw new FeedtapeError('file-unwritable', 'the twin cannot be written', {
        where: path,
        found: reasonOf(cause),
        next: 'check the folder and its permissions',
        cause,
      })
    })
  }
}

async function updatesOf(
  golden: GoldenCase,
  folder: string,
): Promise<{ readonly updates: readonly TwinUpdate[]; readonly unchanged: number }> {
  const updates: TwinUpdate[] = []
  let unchanged = 0
  for (const { make, path } of await twinsOf(golden, folder)) {
    const file = relative(folder, path)
    const { difference, isNew } = await compareLines(file, readTwin(path), make())
    if (difference === undefined) {
      unchanged += 1
      continue
    }
    const made = await gathered(make())
    const kind = isNew ? 'new' : 'changed'
    updates.push({
      kind,
      case: golden.name,
      file,
      path,
      made,
      ...unifiedDiff(await gathered(readTwin(path)), made),
    })
  }
  return { updates, unchanged }
}

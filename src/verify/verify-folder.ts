import { stat } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { relative } from 'node:path'
import { FeedtapeError } from '../model/errors.ts'
import { discover, type GoldenCase } from './discover.ts'
import { inShard, type Shard } from './shard.ts'
import { type CaseResult, type VerifyOptions, verifyCase, verifyOrExplain } from './verify.ts'
import { verifyInThreads } from './worker-pool.ts'

export interface FolderResult {
  readonly cases: readonly CaseResult[]
  /** Twins that nothing is compared with. */
  readonly orphans: readonly string[]
  /** Why, for each. */
  readonly orphanReasons: Readonly<Record<string, string>>
  readonly isEqual: boolean
  /** The cases of all shards together. */
  readonly of: number
}

export interface VerifyFolderOptions extends VerifyOptions {
  /** Threads. Without it as many as there are cores, at most 8, and none where starting them costs more than it brings. */
  readonly jobs?: number
  readonly shard?: Shard
  /** As each case is done, in any order. */
  readonly done?: (result: CaseResult, of: number) => void
  /** Instead of `verifyCase`: a comparison of another kind. */
  readonly verify?: (golden: GoldenCase, folder: string) => Promise<CaseResult>
}

const MOST_AT_ONCE = Math.min(availableParallelism(), 8)
/** Of tapes for each thread (docs/decisions/0027-verify.md): below it, one thread is done before others have read the program. */
export const WORTH_A_THREAD = 40_000_000

/** The golden cases of a folder, and the twins that nothing is compared with. FeedtapeError `file-missing` where there is none: an empty check checks nothing. */
export async function goldenCases(
  folder: string,
  shard: Shard | undefined,
): Promise<{
  readonly cases: readonly GoldenCase[]
  readonly orphans: readonly string[]
  readonly orphanReasons: Readonly<Record<string, string>>
  readonly of: number
}> {
  const { cases, orphanReasons: reasons, orphans } = await discover(folder)
  if (cases.length === 0) {
    throw new FeedtapeError('file-missing', 'there is nothing to verify', {
      where: folder,
      expected: 'files *.tape.jsonl or *.tape.jsonl.gz in it or below it',
      found: 'none',
      next: 'name the folder of the fixtures; `feedtape record` makes tapes',
    })
  }
  const left = inShard(orphans, shard)
  const orphanReasons = Object.fromEntries(
    left.map(file => [relative(folder, file), reasons[file] ?? ''] as const),
  )
  return {
    cases: inShard(cases, shard),
    orphans: left.map(file => relative(folder, file)),
    orphanReasons,
    of: cases.length,
  }
}

/** Every golden case of a folder, or those of a shard. Throws as `goldenCases`. */
export async function verifyFolder(folder: string, options: VerifyFolderOptions = {}): Promise<FolderResult> {
  const { done, shard, update = false, verify } = options
  const { cases: goldens, of, orphanReasons, orphans } = await goldenCases(folder, shard)
  const tell = (result: CaseResult): void => done?.(result, goldens.length)
  const jobs = options.jobs ?? (verify === undefined ? await threadsFor(goldens) : MOST_AT_ONCE)
  const cases =
    update || jobs === 1 || verify !== undefined
      ? await here(
          goldens,
          verify === undefined ? 1 : jobs,
          golden =>
            verifyOrExplain(golden, folder, verify ?? ((one, below) => verifyCase(one, below, { update }))),
          tell,
        )
      : await verifyInThreads(goldens, { folder, jobs, done: tell })
  return { cases, orphans, orphanReasons, isEqual: orphans.length === 0 && cases.every(isEqualCase), of }
}

export function isEqualCase({ differences, unusable }: CaseResult): boolean {
  return differences.length === 0 && unusable === undefined
}

/** In this thread; what waits for another process may do so beside others. */
async function here(
  goldens: readonly GoldenCase[],
  jobs: number,
  run: (golden: GoldenCase) => Promise<CaseResult>,
  done: (result: CaseResult) => void,
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = []
  const waiting = goldens.entries()
  const work = async (): Promise<void> => {
    for (const [index, golden] of waiting) {
      const result = await run(golden)
      results[index] = result
      done(result)
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  return results
}

async function threadsFor(goldens: readonly GoldenCase[]): Promise<number> {
  let bytes = 0
  // A tape that is not there is its own case's trouble.
  for (const { tape } of goldens) bytes += (await stat(tape).catch(() => undefined))?.size ?? 0
  const worth = Math.floor(bytes / WORTH_A_THREAD)
  return Math.max(1, Math.min(MOST_AT_ONCE, goldens.length, worth))
}

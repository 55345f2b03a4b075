import { readFile, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { FeedtapeError } from '../model/errors.ts'
import { type Difference, differenceOf } from './difference.ts'
import { discover, type GoldenCase } from './discover.ts'
import { twinOptions } from './twin-options.ts'
import { pnlTwin, quotesTwin } from './twins.ts'

export interface CaseResult {
  readonly name: string
  readonly differences: readonly Difference[]
  /** Twins that `update` wrote anew. */
  readonly written: readonly string[]
  /** Why it could not be compared at all. */
  readonly unusable?: string
}

export interface VerifyOptions {
  /** Write the twins instead of comparing with them. */
  readonly update?: boolean
}

/** One case against the code: its quotes, and its P&L where it has positions. */
export async function verifyCase(
  golden: GoldenCase,
  folder: string,
  { update = false }: VerifyOptions = {},
): Promise<CaseResult> {
  const twins: { readonly file: string; readonly made: readonly string[] }[] = [
    { file: golden.quotes, made: await quotesTwin(golden) },
  ]
  if (golden.positions !== undefined || golden.isOfTape) {
    const [first] = (await linesOf(golden.pnl)) ?? []
    const options = twinOptions(first, relative(folder, golden.pnl))
    twins.push({ file: golden.pnl, made: await pnlTwin(golden, options) })
  }
  const differences: Difference[] = []
  const written: string[] = []
  for (const { file, made } of twins) {
    const name = relative(folder, file)
    const difference = differenceOf(name, (await linesOf(file)) ?? [], made)
    if (difference === undefined) continue
    if (update) {
      await writeFile(file, `${made.join('\n')}\n`)
      written.push(name)
    } else differences.push(difference)
  }
  return { name: golden.name, differences, written }
}

/** One case that cannot be read does not hide the others. */
async function verifyOrExplain(
  golden: GoldenCase,
  folder: string,
  options: VerifyOptions,
): Promise<CaseResult> {
  try {
    return await verifyCase(golden, folder, options)
  } catch (thrown) {
    if (!(thrown instanceof FeedtapeError)) throw thrown
    return { name: golden.name, differences: [], written: [], unusable: thrown.explain() }
  }
}

export interface FolderResult {
  readonly cases: readonly CaseResult[]
  /** Twins that no tape stands beside. */
  readonly orphans: readonly string[]
  readonly isEqual: boolean
}

/** Every golden case of a folder. FeedtapeError `file-missing` where there is none: an empty check checks nothing. */
export async function verifyFolder(folder: string, options: VerifyOptions = {}): Promise<FolderResult> {
  const { cases: goldens, orphans } = await discover(folder)
  if (goldens.length === 0) {
    throw new FeedtapeError('file-missing', 'there is nothing to verify', {
      where: folder,
      expected: 'files *.tape.jsonl in it or below it',
      found: 'none',
      next: 'name the folder of the fixtures; `feedtape record` makes tapes',
    })
  }
  const cases: CaseResult[] = []
  for (const golden of goldens) cases.push(await verifyOrExplain(golden, folder, options))
  const left = orphans.map(file => relative(folder, file))
  return { cases, orphans: left, isEqual: left.length === 0 && cases.every(isEqualCase) }
}

function isEqualCase({ differences, unusable }: CaseResult): boolean {
  return differences.length === 0 && unusable === undefined
}

async function linesOf(file: string): Promise<readonly string[] | undefined> {
  try {
    const text = await readFile(file, 'utf8')
    return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n')
  } catch {
    return undefined
  }
}

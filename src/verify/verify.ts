import { relative } from 'node:path'
import { FeedtapeError } from '../model/errors.ts'
import { type CaseCause, causeOf, unusableCause } from './case-cause.ts'
import { placeOn } from './cause-place.ts'
import { compareLines } from './compare-lines.ts'
import type { Difference } from './difference.ts'
import type { GoldenCase } from './discover.ts'
import { firstLineOf, inOneBatch, type LineBatches, readTwin, writeTwin } from './twin-lines.ts'
import { twinOptions } from './twin-options.ts'
import { pnlTwin, quotesTwin } from './twins.ts'

export interface CaseResult {
  readonly name: string
  readonly differences: readonly Difference[]
  /** Twins that `update` wrote anew. */
  readonly written: readonly string[]
  /** Why it could not be compared at all. */
  readonly unusable?: string
  /** Nearest to the wire; there where a difference is, or the case is unusable. */
  readonly cause?: CaseCause
}

export interface VerifyOptions {
  /** Write the twins instead of comparing with them. */
  readonly update?: boolean
}

/** A file beside a tape, and what the code makes of the tape for it. */
export interface Twin {
  readonly kind: 'quotes' | 'pnl'
  readonly path: string
  make(): LineBatches
}

/** Its quotes, and its P&L where it has positions. */
export async function twinsOf(golden: GoldenCase, folder: string): Promise<readonly Twin[]> {
  const quotes: Twin = { kind: 'quotes', path: golden.quotes, make: () => quotesTwin(golden) }
  if (golden.positions === undefined && !golden.isOfTape) return [quotes]
  const options = twinOptions(await firstLineOf(golden.pnl), relative(folder, golden.pnl))
  return [quotes, { kind: 'pnl', path: golden.pnl, make: () => inOneBatch(() => pnlTwin(golden, options)) }]
}

/** One case against the code. Throws what makes it unusable. */
export async function verifyCase(
  golden: GoldenCase,
  folder: string,
  { update = false }: VerifyOptions = {},
): Promise<CaseResult> {
  const differences: Difference[] = []
  const written: string[] = []
  let cause: CaseCause | undefined
  for (const { kind, path, make } of await twinsOf(golden, folder)) {
    const file = relative(folder, path)
    const comparison = await compareLines(file, readTwin(path), make())
    const { difference } = comparison
    if (difference === undefined) continue
    if (update) {
      await writeTwin(path, make())
      written.push(file)
      continue
    }
    const follows = kind === 'pnl' && cause !== undefined && cause.kind !== 'missing'
    differences.push(follows ? { ...difference, follows } : difference)
    cause ??= causeOf(kind, file, comparison)
  }
  const result = { name: golden.name, differences, written }
  return cause === undefined ? result : { ...result, cause: await placed(cause, golden.tape) }
}

async function placed(cause: CaseCause, tape: string): Promise<CaseCause> {
  if (cause.seq === undefined) return cause
  const place = await placeOn(tape, cause.seq)
  return place === undefined ? cause : { ...cause, place }
}

/** One case that cannot be read does not hide the others. */
export async function verifyOrExplain(
  golden: GoldenCase,
  folder: string,
  verify: (golden: GoldenCase, folder: string) => Promise<CaseResult> = verifyCase,
): Promise<CaseResult> {
  try {
    return await verify(golden, folder)
  } catch (thrown) {
    if (!(thrown instanceof FeedtapeError)) throw thrown
    return unusableCase(golden, folder, thrown)
  }
}

export function unusableCase({ name, tape }: GoldenCase, folder: string, error: FeedtapeError): CaseResult {
  const cause = unusableCause(relative(folder, tape), error)
  return { name, differences: [], written: [], unusable: error.explain(), cause }
}

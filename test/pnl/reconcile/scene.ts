import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decimalFromText } from '../../../src/model/decimal.ts'
import { parseMarkChain } from '../../../src/pnl/index.ts'
import {
  type Check,
  type ReconcileOptions,
  type Reconciliation,
  reconcile,
} from '../../../src/pnl/reconcile/index.ts'
import { TapeReader } from '../../../src/tape/index.ts'
import { open, type Step } from '../../../tools/fixtures/script.ts'
import { makeFixture } from '../../../tools/make-fixtures.ts'

export interface Talk {
  readonly feed: string
  readonly steps: readonly Step[]
}

/** A tape for each talk, all from the same moment on. */
export async function tapesOf(...talks: readonly Talk[]): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-reconcile-'))
  for (const [index, { feed, steps }] of talks.entries()) {
    await makeFixture({ feed, name: `t${index}`, about: 'a test', steps: [open, ...steps] }, folder)
  }
  return talks.map((_, index) => join(folder, `t${index}.tape.jsonl`))
}

const RULES: ReconcileOptions = {
  chain: parseMarkChain('last'),
  staleAfter: 3_600_000_000,
  tolerance: decimalFromText('0.005') ?? { mantissa: 0, scale: 0 },
}

export async function reconciled(
  paths: readonly string[],
  options: Partial<ReconcileOptions> = {},
): Promise<Reconciliation> {
  return await reconcile(
    async use => {
      const tapes = await Promise.all(paths.map(path => TapeReader.open(path)))
      try {
        return await use(tapes)
      } finally {
        for (const tape of tapes) await tape.close()
      }
    },
    { ...RULES, ...options },
  )
}

/** One check by a part of its name. */
export function checkOf({ checks }: Pick<Reconciliation, 'checks'>, name: string): Check {
  const check = checks.find(one => one.name.includes(name))
  if (check === undefined) throw new Error(`no check ${name}: ${checks.map(one => one.name).join(', ')}`)
  return check
}

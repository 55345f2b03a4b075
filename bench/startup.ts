import { systemClock } from '../src/model/clock.ts'
import type { Bench } from './bench.ts'
import { inFolder } from './folder.ts'
import { goal, interleaved, median, printRows, ratios, spread } from './measure.ts'
import { buildPackage, runNode } from './package.ts'

/** At most, times bare Node's. */
const TARGET = 2.5

interface StartRow {
  readonly name: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly target?: number
}

const HELP: readonly StartRow[] = [
  { name: 'feedtape --help', args: ['--help'], target: TARGET },
  { name: 'without compile cache', args: ['--help'], env: { NODE_DISABLE_COMPILE_CACHE: '1' } },
  { name: 'feedtape record --help', args: ['record', '--help'] },
  { name: 'feedtape replay --help', args: ['replay', '--help'] },
]

/** The built package from its first byte to its end. The first round fills the compile cache. */
export const startup: Bench = {
  name: 'startup',
  summary: '--help of the built package, against a Node of the same version that does nothing',
  isDefault: true,
  run: ({ rounds = 21 }) =>
    inFolder(async folder => {
      const launcher = await buildPackage(folder)
      const rows: readonly StartRow[] = [
        { name: 'floor: node -e 0', args: ['-e', '0'] },
        ...HELP.map(row => ({ ...row, args: [launcher, ...row.args] })),
      ]
      const took = await interleaved(
        rows.map(row => () => millisOf(row)),
        rounds,
      )
      printRows(
        `start of the built package: ${rounds} rounds`,
        ['', 'ms', 'times bare Node', 'min–max', 'target'],
        rows.map((row, index) => cells(row, took[index] ?? [], took[0] ?? [])),
      )
      return true
    }),
}

function millisOf({ args, env }: StartRow): number {
  const began = systemClock.monotonic()
  runNode(args, env)
  return (systemClock.monotonic() - began) / 1_000
}

function cells(
  { name, target }: StartRow,
  took: readonly number[],
  floor: readonly number[],
): readonly string[] {
  const times = ratios(took, floor)
  const goalText = target === undefined ? '' : goal(`at most ${target}`, median(times) <= target)
  return [name, median(took).toFixed(1), ...spread(times), goalText]
}

import { spawnSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { systemClock } from '../src/model/clock.ts'
import { tableLines } from '../src/report/table.ts'
import { median } from './measure.ts'

const ROOT = resolve(import.meta.dirname, '..')
const MODULES = join(ROOT, 'node_modules')

export const STARTUP_ROUNDS = 21
/** At most, times bare Node's. */
const TARGET = 2.5

interface StartRow {
  readonly name: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly target?: number
}

const ROWS: readonly StartRow[] = [
  { name: 'floor: node -e 0', args: ['-e', '0'] },
  { name: 'feedtape --help', args: ['--help'], target: TARGET },
  { name: 'without compile cache', args: ['--help'], env: { NODE_DISABLE_COMPILE_CACHE: '1' } },
  { name: 'feedtape record --help', args: ['record', '--help'] },
  { name: 'feedtape replay --help', args: ['replay', '--help'] },
]

/**
 * The built package from its first byte to its end, as a multiple of a Node of the same version that does nothing.
 * Rounds are interleaved and a ratio is taken within a round; the first one fills the compile cache and is not counted.
 */
export async function benchStartup(rounds: number): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'feedtape-bench-startup-'))
  try {
    const launcher = await build(join(home, 'node_modules', 'feedtape'))
    const took = ROWS.map((): number[] => [])
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, row] of ROWS.entries()) {
        const millis = run(index === 0 ? row.args : [launcher, ...row.args], row.env)
        if (round > 0) took[index]?.push(millis)
      }
    }
    console.log(`\nstart of the built package: medians of ${rounds} interleaved runs`)
    const head = ['', 'ms', 'times bare Node', 'min–max', 'target']
    const align = ['left', 'right', 'right', 'right', 'left'] as const
    const [floor = []] = took
    const rows = ROWS.map((row, index) => cells(row, took[index] ?? [], floor))
    for (const line of tableLines(rows, { head, align, indent: 2 })) console.log(line)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

function cells(
  { name, target }: StartRow,
  took: readonly number[],
  floor: readonly number[],
): readonly string[] {
  const ratios = took.map((millis, round) => millis / (floor[round] ?? Number.NaN))
  const times = median(ratios)
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`
  const goal = target === undefined ? '' : `at most ${target} ${times <= target ? 'reached' : 'missed'}`
  return [name, median(took).toFixed(1), times.toFixed(2), range, goal]
}

/** What the tarball holds, without npm: the checkout's own dist/ is left alone. Gives the launcher. */
async function build(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const tsc = join(MODULES, 'typescript', 'bin', 'tsc')
  must([tsc, '-p', join(ROOT, 'tsconfig.build.json'), '--outDir', join(folder, 'dist')])
  for (const name of ['bin', 'package.json']) {
    await cp(join(ROOT, name), join(folder, name), { recursive: true })
  }
  for (const name of ['commander', 'ws', 'zod']) {
    await symlink(join(MODULES, name), join(folder, '..', name), 'junction')
  }
  return join(folder, 'bin', 'feedtape.js')
}

/** Milliseconds of a whole process. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  const began = systemClock.monotonic()
  must(args, env)
  return (systemClock.monotonic() - began) / 1_000
}

function must(args: readonly string[], env: Readonly<Record<string, string>> = {}): void {
  const all = { ...process.env, ...env }
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: all })
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`)
}

if (import.meta.main) await benchStartup(STARTUP_ROUNDS)

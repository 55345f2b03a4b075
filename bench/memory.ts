import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { seededRandom } from '../src/model/random.ts'
import { grouped } from '../src/report/table.ts'
import type { Bench } from './bench.ts'
import { inFolder } from './folder.ts'
import { manySymbols, symbolName } from './many-symbols.ts'
import { goal, interleaved, median, printRows, spread } from './measure.ts'
import { buildPackage, runNode } from './package.ts'
import { writeTapes } from './tape.ts'

const SYMBOLS = 10_000
const HELD = [0, 1, 5_000, 9_999].map(symbolName)
/** At most so many MB above bare Node. */
const TARGET = 150

/**
 * Says a process's peak on stderr as it ends. Linux hands the peak of whoever started it on to a child's maxRSS (it
 * outlives the exec), and the bench is larger than a bare Node: VmHWM is the new program's own.
 */
const PEAK = `import { readFileSync, writeSync } from 'node:fs'
process.on('exit', () => {
  const own = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8').match(/VmHWM:\\s*(\\d+)/)?.[1] : undefined
  writeSync(2, '\\npeak ' + (own ?? process.resourceUsage().maxRSS) + ' KiB\\n')
})`
const HOOK = `data:text/javascript,${encodeURIComponent(PEAK)}`

/** The peak of `feedtape replay`, as the package has it, over a long tape of many instruments. */
export const memory: Bench = {
  name: 'memory',
  summary: 'peak memory of replaying 1 GB with 10,000 symbols (--mb), against a bare Node',
  isDefault: false,
  run: ({ rounds = 3, seed, mb }) =>
    inFolder(async folder => {
      const launcher = await buildPackage(folder)
      const tape = join(folder, 'many.tape.jsonl')
      const lastOf = new Map<string, string>()
      const messages = manySymbols(seededRandom(seed), SYMBOLS, mb * 1_000_000, lastOf)
      const { frames } = await writeTapes([tape], messages, 150)
      const positions = join(folder, 'positions.jsonl')
      const fills = HELD.map(
        instrument => `{"instrument":"${instrument}","side":"buy","quantity":"1","price":"100.25"}\n`,
      )
      await writeFile(positions, fills.join(''))
      let isRight = true
      const replayed = [launcher, 'replay', tape, '--positions', positions, '--json', '--every', '1h']
      const [bare = [], replaying = []] = await interleaved(
        [
          () => peakOf(['-e', '0']).megabytes,
          () => {
            const { megabytes, stdout } = peakOf(replayed)
            if (!marksAgree(stdout, lastOf)) isRight = false
            return megabytes
          },
        ],
        rounds,
        0,
      )
      print(
        `memory: ${mb} MB of tape, ${grouped(frames)} frames, ${grouped(SYMBOLS)} symbols`,
        bare,
        replaying,
      )
      return isRight
    }),
}

function print(title: string, bare: readonly number[], replaying: readonly number[]): void {
  const above = replaying.map((megabytes, round) => megabytes - (bare[round] ?? Number.NaN))
  printRows(
    `${title}; ${bare.length} rounds`,
    ['', 'peak MB', 'above bare Node', 'min–max', 'target'],
    [
      ['floor: node -e 0', median(bare).toFixed(1), '0.0', '', ''],
      [
        'feedtape replay',
        median(replaying).toFixed(1),
        ...spread(above, 1),
        goal(`at most ${TARGET}`, median(above) <= TARGET),
      ],
    ],
  )
}

function peakOf(args: readonly string[]): { readonly megabytes: number; readonly stdout: string } {
  const { stdout, stderr } = runNode(['--import', HOOK, ...args])
  const [, kibibytes] = /peak (\d+) KiB/.exec(stderr) ?? []
  if (kibibytes === undefined) throw new Error(`the process did not say its peak:\n${stderr}`)
  return { megabytes: (Number(kibibytes) * 1_024) / 1_000_000, stdout }
}

/** Each position's mark against the last trade that was written for its instrument. */
function marksAgree(stdout: string, lastOf: ReadonlyMap<string, string>): boolean {
  const lines = stdout.split('\n').filter(line => line.startsWith('{"kind":"position"'))
  const found = lines.map(line => {
    const { instrument, mark } = JSON.parse(line) as { readonly instrument: string; readonly mark: string }
    return `${instrument} ${mark}`
  })
  const expected = HELD.map(name => `${name} ${lastOf.get(name)}`)
  if (found.join() === expected.join()) return true
  console.error(
    `memory: not the marks that were written\n  expected  ${expected.join()}\n  found     ${found.join()}`,
  )
  return false
}

import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededRandom } from '../src/model/random.ts'
import { bytesText, grouped, tableLines } from '../src/report/table.ts'
import { chartPage } from './chart-page.ts'
import { type Input, writeInput } from './input.ts'
import { type Measured, measure, median } from './measure.ts'
import { type BenchOptions, readOptions } from './options.ts'
import { oracleOf } from './oracle.ts'
import { digest, floor, type Outcome, pnl, quotes, type Row } from './rows.ts'
import { smallFrames } from './small-frames.ts'

/** Short of a target the figures say so themselves; only a wrong answer fails the run. */
let wrong = 0

async function main(options: BenchOptions): Promise<void> {
  const { frames, rounds, seed } = options
  const [cpu] = cpus()
  console.log(
    `node ${process.versions.node} (V8 ${process.versions.v8}), ${process.platform} ${process.arch}`,
  )
  console.log(`${availableParallelism()} CPUs, ${cpu?.model ?? 'unknown'}; seed ${seed}, ${rounds} rounds`)
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-bench-'))
  try {
    const held = ['CME_MINI:MNQ1!', 'COMEX:GC1!', 'NASDAQ:AAPL', 'NSE:JUNIPER', 'NSE:CNX500', 'SP:SPX']
    const small = smallFrames(seededRandom(seed), frames)
    await bench(await writeInput(folder, 'small quote frames', small, 150, held), options)
    const watched = ['NSE:CHARTED', 'NSE:COMPARED', 'NSE:WATCHED1', 'NSE:WATCHED2']
    const page = chartPage(seededRandom(seed), Math.ceil(frames / 8))
    await bench(await writeInput(folder, 'busy chart page', page, 1_000, watched), options)
  } finally {
    await rm(folder, { recursive: true })
  }
  if (wrong > 0) process.exitCode = 1
}

async function bench(input: Input, { rounds }: BenchOptions): Promise<void> {
  const expected = oracleOf(input)
  const measured = await measure(input, [floor, quotes, pnl, digest], rounds, (row, outcome) =>
    compare(input, row, outcome, expected),
  )
  const { name, frames, bytes } = input
  console.log(
    `\n${name}: ${grouped(frames)} frames, ${bytesText(bytes)}, ${Math.round(bytes / frames)} bytes a line`,
  )
  const head = ['', 'frames/s', 'MB/s', 'of the floor', 'min–max', 'by CPU', 'target']
  const align = ['left', 'right', 'right', 'right', 'right', 'right', 'left'] as const
  for (const line of tableLines(
    measured.map(one => cells(one, input)),
    { head, align, indent: 2 },
  ))
    console.log(line)
}

function cells({ row, seconds, ratios, cpuRatios }: Measured, { frames, bytes }: Input): readonly string[] {
  const took = median(seconds)
  const ratio = median(ratios)
  const range = `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`
  const { target } = row
  const goal = target === undefined ? '' : `${target} ${ratio >= target ? 'reached' : 'missed'}`
  const speed = [grouped(Math.round(frames / took)), String(Math.round(bytes / took / 1_000_000))]
  return [row.name, ...speed, ratio.toFixed(2), range, median(cpuRatios).toFixed(2), goal]
}

function compare({ name }: Input, row: Row, outcome: Outcome, expected: Required<Outcome>): void {
  for (const kind of ['quotes', 'pnl'] as const) {
    const found = outcome[kind]
    if (found === undefined) continue
    const oracle = expected[kind].toSorted()
    const own = found.toSorted()
    const at = own.findIndex((line, index) => line !== oracle[index])
    if (at === -1 && own.length === oracle.length) continue
    wrong += 1
    console.error(`${name}, ${row.name}: not what the oracle found`)
    console.error(
      `  expected  ${oracle[Math.max(at, 0)] ?? 'nothing'}\n  found     ${own[Math.max(at, 0)] ?? 'nothing'}`,
    )
  }
}

await main(readOptions(process.argv.slice(2)))

import { seededRandom } from '../src/model/random.ts'
import { bytesText, grouped } from '../src/report/table.ts'
import type { Bench } from './bench.ts'
import { chartPage } from './chart-page.ts'
import { inFolder } from './folder.ts'
import { type Input, writeInput } from './input.ts'
import { type Cost, costOf, goal, interleaved, median, printRows, ratios, spread } from './measure.ts'
import { oracleOf } from './oracle.ts'
import { digest, floor, type Outcome, pnl, quotes, type Row } from './rows.ts'
import { smallFrames } from './small-frames.ts'

const ROWS: readonly Row[] = [floor, quotes, pnl, digest]

/** A tape to quotes and to P&L, as a part of the speed of JSON.parse alone. */
export const replay: Bench = {
  name: 'replay',
  summary: 'tape to quotes and P&L, against JSON.parse of its lines and packets',
  isDefault: true,
  run: ({ frames, rounds = 5, seed }) =>
    inFolder(async folder => {
      const held = ['CME_MINI:MNQ1!', 'COMEX:GC1!', 'NASDAQ:AAPL', 'NSE:JUNIPER', 'NSE:CNX500', 'SP:SPX']
      const small = smallFrames(seededRandom(seed), frames)
      const smallIsRight = await bench(
        await writeInput(folder, 'small quote frames', small, 150, held),
        rounds,
      )
      const watched = ['NSE:CHARTED', 'NSE:COMPARED', 'NSE:WATCHED1', 'NSE:WATCHED2']
      const page = chartPage(seededRandom(seed), Math.ceil(frames / 8))
      const pageIsRight = await bench(
        await writeInput(folder, 'busy chart page', page, 1_000, watched),
        rounds,
      )
      return smallIsRight && pageIsRight
    }),
}

async function bench(input: Input, rounds: number): Promise<boolean> {
  const expected = oracleOf(input)
  let isRight = true
  const costs = await interleaved(
    ROWS.map(row => async () => {
      let outcome: Outcome = {}
      const cost = await costOf(async () => {
        outcome = await row.run(input)
      })
      if (!agrees(input, row, outcome, expected)) isRight = false
      return cost
    }),
    rounds,
  )
  const { name, frames, bytes } = input
  printRows(
    `${name}: ${grouped(frames)} frames, ${bytesText(bytes)}, ${Math.round(bytes / frames)} bytes a line; ${rounds} rounds`,
    ['', 'frames/s', 'MB/s', 'of the floor', 'min–max', 'by CPU', 'target'],
    ROWS.map((row, index) => cells(row, costs[index] ?? [], costs[0] ?? [], input)),
  )
  return isRight
}

function cells(
  { name, target }: Row,
  own: readonly Cost[],
  ofFloor: readonly Cost[],
  { frames, bytes }: Input,
): readonly string[] {
  const by = (key: keyof Cost) => ratios(secondsOf(ofFloor, key), secondsOf(own, key))
  const took = median(secondsOf(own, 'seconds'))
  const ratio = median(by('seconds'))
  return [
    name,
    grouped(Math.round(frames / took)),
    String(Math.round(bytes / took / 1_000_000)),
    ...spread(by('seconds')),
    median(by('cpu')).toFixed(2),
    target === undefined ? '' : goal(target, ratio >= target),
  ]
}

function secondsOf(costs: readonly Cost[], key: keyof Cost): readonly number[] {
  return costs.map(cost => cost[key])
}

function agrees({ name }: Input, row: Row, outcome: Outcome, expected: Required<Outcome>): boolean {
  let isRight = true
  for (const kind of ['quotes', 'pnl'] as const) {
    const found = outcome[kind]
    if (found === undefined) continue
    const oracle = expected[kind].toSorted()
    const own = found.toSorted()
    const at = own.findIndex((line, index) => line !== oracle[index])
    if (at === -1 && own.length === oracle.length) continue
    isRight = false
    console.error(`${name}, ${row.name}: not what the oracle found`)
    console.error(
      `  expected  ${oracle[Math.max(at, 0)] ?? 'nothing'}\n  found     ${own[Math.max(at, 0)] ?? 'nothing'}`,
    )
  }
  return isRight
}

import { grouped } from '../src/report/table.ts'
import { type Pace, type PacedCost, pacedCost } from '../tools/soak/paced.ts'
import type { CpuTime } from '../tools/soak/processes.ts'
import type { Bench } from './bench.ts'
import { goal, interleaved, median, printRows, ratios, spread } from './measure.ts'

/** CPU of a client that only counts, divided by the recorder's. */
const TARGET = 0.8
const RATE = 60_000

const PACES: readonly (Pace & { readonly name: string })[] = [
  { name: 'evenly', rate: RATE, seconds: 1, gapMs: 0 },
  { name: 'bursts of 1 ms', rate: RATE, seconds: 1, gapMs: 1 },
]

/** The recorder beside a `ws` client that only counts; a frame that one of them lost is a wrong outcome. */
export const recorder: Bench = {
  name: 'recorder',
  summary: `CPU a frame at ${grouped(RATE)} frames a second, against a ws client that only counts (Linux)`,
  isDefault: true,
  async run({ rounds = 3 }) {
    if (process.platform !== 'linux') {
      console.log('\nrecorder: not measured, the account of a thread’s CPU is in Linux’s /proc')
      return true
    }
    try {
      const costs = await interleaved(
        PACES.map(pace => () => pacedCost(pace)),
        rounds,
        0,
      )
      printRows(
        `recorder: ${grouped(RATE)} frames a second, CPU of the thread that runs JavaScript; ${rounds} rounds`,
        ['', 'µs/frame', 'counting', 'of the floor', 'min–max', 'all threads', 'target'],
        PACES.map(({ name }, index) => cells(name, costs[index] ?? [])),
      )
      return true
    } catch (thrown) {
      console.error('recorder: frames were lost, or it ended early', thrown)
      return false
    }
  },
}

function cells(name: string, costs: readonly PacedCost[]): readonly string[] {
  const counting = (key: keyof CpuTime) => costs.map(cost => cost.counting[key])
  const recording = (key: keyof CpuTime) => costs.map(cost => cost.recording[key])
  const parts = ratios(counting('main'), recording('main'))
  return [
    name,
    (median(recording('main')) / 1_000).toFixed(2),
    (median(counting('main')) / 1_000).toFixed(2),
    ...spread(parts),
    median(ratios(counting('all'), recording('all'))).toFixed(2),
    goal(TARGET, median(parts) >= TARGET),
  ]
}

import { readNumbers } from './options.ts'
import { pacedCost } from './paced.ts'
import type { CpuTime } from './processes.ts'
import type { Soak } from './soak.ts'

/** The recorder's bar: CPU of a client that only counts, divided by the recorder's. */
const BAR = 0.8

export const cost: Soak = {
  name: 'cost',
  usage: '[--rate 60000] [--seconds 5] [--rounds 3] [--gap-ms 0]',
  summary: 'CPU of the recorder against a client that only counts, the same paced frames to both in turn',
  async run(args) {
    const options = readNumbers(args, { rate: 60_000, seconds: 5, rounds: 3, 'gap-ms': 0 })
    const ratios: number[] = []
    for (let round = 1; round <= options.rounds; round++) {
      const { counting, recording } = await pacedCost({ ...options, gapMs: options['gap-ms'] })
      ratios.push(counting.main / recording.main)
      console.log(
        `round ${round}: counting ${text(counting)}, recording ${text(recording)}, ` +
          `ratio ${(counting.main / recording.main).toFixed(2)} (all threads ${(counting.all / recording.all).toFixed(2)})`,
      )
    }
    const median = ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? 0
    console.log(`median ${median.toFixed(2)}; the bar is ${BAR}`)
    return median >= BAR
  },
}

function text({ main, all }: CpuTime): string {
  return `${(main / 1_000).toFixed(2)} µs/frame (all threads ${(all / 1_000).toFixed(2)})`
}

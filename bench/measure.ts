import { systemClock } from '../src/model/clock.ts'
import type { Input } from './input.ts'
import type { Outcome, Row } from './rows.ts'

export interface Measured {
  readonly row: Row
  /** Seconds, one a round. */
  readonly seconds: readonly number[]
  /** The floor's seconds over this row's in the same round: frames/s as a part of the floor's. */
  readonly ratios: readonly number[]
  /** The same by the CPU time of the process, helper threads included: steadier where others use the machine too. */
  readonly cpuRatios: readonly number[]
}

interface Cost {
  readonly seconds: number
  readonly cpu: number
}

/**
 * Every row in every round, the floor first: what slows the machine down for a while slows all of a round, and the
 * median over the rounds is of ratios. The first round warms up and is not counted.
 */
export async function measure(
  input: Input,
  rows: readonly Row[],
  rounds: number,
  check: (row: Row, outcome: Outcome) => void,
): Promise<readonly Measured[]> {
  const costs = rows.map((): Cost[] => [])
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, row] of rows.entries()) {
      const cpu = process.cpuUsage()
      const began = systemClock.monotonic()
      const outcome = await row.run(input)
      const seconds = (systemClock.monotonic() - began) / 1_000_000
      const { user, system } = process.cpuUsage(cpu)
      check(row, outcome)
      if (round > 0) costs[index]?.push({ seconds, cpu: (user + system) / 1_000_000 })
    }
  }
  const [floor = []] = costs
  return rows.map((row, index) => {
    const own = costs[index] ?? []
    return {
      row,
      seconds: own.map(cost => cost.seconds),
      ratios: own.map((cost, round) => (floor[round]?.seconds ?? 0) / cost.seconds),
      cpuRatios: own.map((cost, round) => (floor[round]?.cpu ?? 0) / cost.cpu),
    }
  })
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

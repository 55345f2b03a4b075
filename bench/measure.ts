import { systemClock } from '../src/model/clock.ts'
import { tableLines } from '../src/report/table.ts'

/** What something took once. */
export interface Cost {
  readonly seconds: number
  /** CPU seconds of this process, helper threads included: steadier where others use the machine too. */
  readonly cpu: number
}

/**
 * Every row in every round, in order: what slows the machine down for a while slows all of a round, so a ratio is taken
 * within a round. Rounds before the first warm up and are not kept. Gives each row's figures.
 */
export async function interleaved<T>(
  rows: readonly (() => T | Promise<T>)[],
  rounds: number,
  warmUps = 1,
): Promise<readonly (readonly T[])[]> {
  const kept = rows.map((): T[] => [])
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const [index, run] of rows.entries()) {
      const figure = await run()
      if (round >= 0) kept[index]?.push(figure)
    }
  }
  return kept
}

export async function costOf(work: () => unknown): Promise<Cost> {
  const before = process.cpuUsage()
  const began = systemClock.monotonic()
  await work()
  const seconds = (systemClock.monotonic() - began) / 1_000_000
  const { user, system } = process.cpuUsage(before)
  return { seconds, cpu: (user + system) / 1_000_000 }
}

/** Round by round. */
export function ratios(above: readonly number[], below: readonly number[]): readonly number[] {
  return above.map((value, round) => value / (below[round] ?? Number.NaN))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** `0.71  0.65–0.80`, as two cells: the median and what it lies between. */
export function spread(values: readonly number[], digits = 2): readonly [string, string] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return [median(values).toFixed(digits), `${low.toFixed(digits)}–${high.toFixed(digits)}`]
}

/** `at most 2.5 missed`. */
export function goal(words: string | number, isReached: boolean): string {
  return `${words} ${isReached ? 'reached' : 'missed'}`
}

/** The first column and the last are words, those between them figures. */
export function printRows(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  console.log(`\n${title}`)
  const align = head.map((_, column) => (column === 0 || column === head.length - 1 ? 'left' : 'right'))
  for (const line of tableLines(rows, { head, align, indent: 2 })) console.log(line)
}

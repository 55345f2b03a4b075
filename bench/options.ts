import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** Small quote frames; the chart page gets an eighth as many messages, which are about six times as long. */
  readonly frames: number
  /** Measured rounds, behind one that warms up. */
  readonly rounds: number
  readonly seed: number
}

/** `--frames N --rounds N --seed N`. Throws a TypeError for anything else. */
export function readOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      frames: { type: 'string', default: '300000' },
      rounds: { type: 'string', default: '7' },
      seed: { type: 'string', default: '1' },
    },
  })
  return {
    frames: wholeNumber('--frames', values.frames, 1_000, 5_000_000),
    rounds: wholeNumber('--rounds', values.rounds, 1, 1_000),
    seed: wholeNumber('--seed', values.seed, 0, 0xffff_ffff),
  }
}

function wholeNumber(option: string, text: string, low: number, high: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= low && value <= high) return value
  throw new TypeError(`${option} wants a whole number from ${low} to ${high}, found ${text}`)
}

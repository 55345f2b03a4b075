import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** Small quote frames of `replay`; its chart page gets an eighth as many messages, about six times as long. */
  readonly frames: number
  /** Measured rounds; each bench has its own number otherwise. */
  readonly rounds: number | undefined
  readonly seed: number
  /** Messages of each feed of `feeds`. */
  readonly feedMessages: number
  /** The tape of `memory`, in MB. */
  readonly mb: number
}

export const OPTIONS_TEXT = `options:
  --rounds N           measured rounds (each bench has its own number otherwise)
  --seed N             of the tapes that are made (1)
  --frames N           of replay (100,000); diff and verify add a row of this length where it is more
  --feed-messages N    of feeds (20,000)
  --mb N               the tape of memory (1,000)`

/** `[NAME…] --frames N --rounds N --seed N --feed-messages N --mb N`. Throws a TypeError for anything else. */
export function readOptions(argv: readonly string[]): {
  readonly names: readonly string[]
  readonly options: BenchOptions
} {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      frames: { type: 'string', default: '100000' },
      rounds: { type: 'string' },
      seed: { type: 'string', default: '1' },
      'feed-messages': { type: 'string', default: '20000' },
      mb: { type: 'string', default: '1000' },
    },
  })
  const options = {
    frames: wholeNumber('--frames', values.frames, 1_000, 20_000_000),
    rounds: values.rounds === undefined ? undefined : wholeNumber('--rounds', values.rounds, 1, 1_000),
    seed: wholeNumber('--seed', values.seed, 0, 0xffff_ffff),
    feedMessages: wholeNumber('--feed-messages', values['feed-messages'], 100, 1_000_000),
    mb: wholeNumber('--mb', values.mb, 10, 100_000),
  }
  return { names: positionals, options }
}

function wholeNumber(option: string, text: string, low: number, high: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= low && value <= high) return value
  throw new TypeError(`${option} wants a whole number from ${low} to ${high}, found ${text}`)
}

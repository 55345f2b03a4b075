import { excerpt, FeedtapeError } from '../model/errors.ts'
import { type Micros, microsFromDuration } from '../model/time.ts'
import type { Tally } from '../normalize/index.ts'
import { counted } from '../report/table.ts'
import { tapeProblemLines } from '../report/tape-problems.ts'
import { chainParts, PartChain, type Tape, TapeReader } from '../tape/index.ts'
import { type ExitCode, type Io, tell } from './io.ts'

/**
 * Opens all, or none: those that are open are closed again when one fails. Parts of one recording that are named
 * one behind the other are one tape.
 */
export async function openTapes(paths: readonly string[], chunkBytes?: number): Promise<readonly Tape[]> {
  const tapes: TapeReader[] = []
  try {
    for (const path of paths) {
      tapes.push(await TapeReader.open(path, chunkBytes === undefined ? {} : { chunkBytes }))
    }
    return chainParts(tapes)
  } catch (thrown) {
    await closeTapes(tapes)
    throw thrown
  }
}

export async function closeTapes(tapes: readonly Tape[]): Promise<void> {
  for (const tape of tapes) await tape.close()
}

/** Says what was wrong with the tapes themselves; 3 when anything was, since then something may be missing. */
export function tellProblems(io: Io, tapes: readonly Tape[]): ExitCode {
  let code: ExitCode = 0
  for (const tape of tapes.flatMap(partsOf)) {
    if (tape.problemCount === 0) continue
    code = 3
    for (const line of tapeProblemLines(tape)) tell(io, line)
  }
  return code
}

/** As `tellProblems`, and what was lost before these tapes were made: figures do not rest on it either. */
export function tellLoss(io: Io, tapes: readonly Tape[]): ExitCode {
  const code = tellProblems(io, tapes)
  const holed = tapes.flatMap(tape => (tape instanceof PartChain ? tape.parts : [tape])).filter(isHoled)
  for (const { name, lost } of holed) {
    tell(io, `${name}: ${counted(lost, 'entry', 'entries')} of it were lost when it was repaired or cut out`)
  }
  return holed.length > 0 ? 3 : code
}

function isHoled({ lost }: TapeReader): boolean {
  return lost > 0
}

/** Each part under its own name, and behind them what is wrong between them. */
function partsOf(tape: Tape) {
  if (!(tape instanceof PartChain)) return [tape]
  const { name, joints, parts } = tape
  return [...parts, { name, problems: joints, problemCount: joints.length }]
}

/**
 * A reader of quotes or P&L should know what these figures do not rest on; 3 where whole frames could not be given
 * to any feed.
 */
export function tellStrangers(
  io: Io,
  tallies: readonly Tally[],
  tapes: readonly { readonly name: string }[],
): ExitCode {
  let code: ExitCode = 0
  for (const [index, tally] of tallies.entries()) {
    const name = tapes[index]?.name ?? 'tape'
    const { unknown, malformed } = tally.dispositions()
    if (unknown + malformed > 0) {
      tell(
        io,
        `${name}: ${unknown} unknown and ${malformed} malformed packets; 'feedtape inspect' shows them`,
      )
    }
    if (tally.unreadable > 0) {
      code = 3
      tell(
        io,
        `${name}: ${tally.unreadable} frames stand outside an open connection of a known feed; not read`,
      )
    }
  }
  return code
}

/** `--stale-after 60s` and the like. Throws `usage`. */
export function durationOption(option: string, text: string): Micros {
  const micros = microsFromDuration(text)
  if (micros !== undefined) return micros
  throw new FeedtapeError('usage', 'not a duration', {
    where: option,
    expected: 'a number with its unit: 250ms, 90s, 10m, 1h30m',
    found: excerpt(text),
    next: `write it like ${option} 60s`,
  })
}

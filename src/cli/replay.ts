import { systemClock } from '../model/clock.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import { systemTimers } from '../model/timers.ts'
import { chosenText, type PnlOptions, type PnlResult, replayPnl, replayToLines } from '../pnl/index.ts'
import { cliConfigOf } from './cli-config.ts'
import { collect } from './collect.ts'
import type { CliCommand } from './command.ts'
import type { ExitCode, Io } from './io.ts'
import { LineOutput } from './line-output.ts'
import { refuseNoFills, tellNothingHeld } from './nothing-held.ts'
import { describePnlOutput, describePnlRules, POSITIONS_MEANING } from './pnl-options.ts'
import { jsonOutput, type PnlOutput, textOutput } from './pnl-output.ts'
import { bestOf } from './replay-best.ts'
import { plansOf, type RuleOptions, rulesOf, type SourceOptions } from './replay-rules.ts'
import { closeTapes, durationOption, openTapes, tellLoss, tellStrangers } from './tapes.ts'
import { tellUnnamedParts } from './unnamed-parts.ts'
import { tellUnpriced } from './unvalued.ts'

interface Options extends RuleOptions, Omit<SourceOptions, 'positions'> {
  readonly positions?: readonly string[]
  readonly config?: string
  readonly every?: string
  readonly speed?: string
  readonly digest?: true
  readonly json?: true
}

export const replayCommand: CliCommand = {
  name: 'replay',
  describe(command, start) {
    command
      .description(
        'Replays tapes in virtual time and values positions as (price − average) × quantity × point value, exactly. ' +
          'Unknown point values and stale prices leave a position unpriced; nothing is guessed.',
      )
      .argument('<tape...>', 'tapes (.tape.jsonl), or - for standard input')
      .option(
        '--positions <source>',
        `${POSITIONS_MEANING}. Without it the tapes’ best, which is named`,
        collect,
      )
      .option(
        '--config <file>',
        'JSON: {"instruments": {"NAME": {"pointValue", "tickSize", "currency"}}}, "rules", "rates", and what feeds are taught',
      )
      .option('--speed <factor>', 'keep a pace: 1 is as recorded, 10 ten times as fast (default: no waiting)')
    describePnlOutput(describePnlRules(command)).action((tapes: string[], options: Options) =>
      start(io => replay(io, tapes, options)),
    )
  },
}

async function replay(io: Io, paths: readonly string[], options: Options): Promise<ExitCode> {
  const config = await cliConfigOf(options.config)
  const { instruments, settings } = config
  const rules = rulesOf(options, config)
  const every = options.every === undefined ? undefined : durationOption('--every', options.every)
  const speed = options.speed === undefined ? undefined : speedOption(options.speed)
  const chosen = options.positions === undefined ? await bestOf(paths, settings) : undefined
  const named = options.positions ?? (chosen === undefined ? [] : [chosen.source])
  const positions = await plansOf(io, { ...options, positions: named })
  refuseNoFills(positions)
  const tapes = await openTapes(paths)
  const output = new LineOutput(io)
  try {
    const run: PnlOptions = {
      ...rules,
      config: instruments,
      settings,
      ...(chosen === undefined ? {} : { chosen }),
      ...(speed === undefined ? {} : { pace: { speed, clock: systemClock, timers: systemTimers } }),
    }
    const printed =
      options.json === true ? jsonOutput(output, every) : textOutput(output, every ?? 1_000_000, run)
    if (chosen !== undefined && options.json !== true) output.put(`positions: ${chosenText(chosen)}`)
    const isDigested = options.json === true || options.digest === true
    const { result, digest } = await replayOnto(printed, tapes, positions, run, isDigested)
    printed.end(result, digest)
    output.flush()
    await output.drained()
    return verdict(io, result, tapes)
  } finally {
    // A run that ends in an error has lines, too: those up to there are right.
    output.flush()
    await output.drained()
    // An error may come of just that: a fill that is later than the end of this part.
    await tellUnnamedParts(io, tapes)
    await closeTapes(tapes)
  }
}

type Tapes = Awaited<ReturnType<typeof openTapes>>
type Positions = Awaited<ReturnType<typeof plansOf>>

/** Lines cost more than the figures: they are made where somebody wants them or their digest. */
async function replayOnto(
  { tick, line }: PnlOutput,
  tapes: Tapes,
  positions: Positions,
  run: PnlOptions,
  isDigested: boolean,
): Promise<{ readonly result: PnlResult; readonly digest: string | undefined }> {
  const ticking = tick === undefined ? {} : { tick }
  if (isDigested) return await replayToLines(tapes, positions, { ...run, ...ticking }, line)
  return { result: await replayPnl(tapes, positions, run, ticking), digest: undefined }
}

function verdict(io: Io, result: PnlResult, tapes: Tapes): ExitCode {
  tellNothingHeld(io, result)
  const strangers = tellStrangers(io, result.tallies, tapes)
  const damaged = tellLoss(io, tapes) || strangers
  return tellUnpriced(io, result) || damaged
}

function speedOption(text: string): number {
  const speed = Number(text)
  if (Number.isFinite(speed) && speed > 0) return speed
  throw new FeedtapeError('usage', 'not a speed', {
    where: '--speed',
    expected: 'a number above 0',
    found: excerpt(text),
    next: 'leave it out to replay without waiting',
  })
}

import { systemClock } from '../model/clock.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import { systemTimers } from '../model/timers.ts'
import { type Book, type PnlLinesOptions, type PnlResult, replayPnl, replayToLines } from '../pnl/index.ts'
import { pnlSummary, tickLine } from '../report/pnl.ts'
import { cliConfigOf } from './cli-config.ts'
import { collect } from './collect.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, type Io, tell } from './io.ts'
import { LineOutput } from './line-output.ts'
import { plansOf, type RuleOptions, rulesOf, type SourceOptions } from './replay-rules.ts'
import { closeTapes, durationOption, openTapes, tellProblems, tellStrangers } from './tapes.ts'

interface Options extends RuleOptions, SourceOptions {
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
      .requiredOption(
        '--positions <source>',
        'fills, one JSON object a line: {id?, at?, instrument, side, quantity, price, fee?, account?, strategy?}; ' +
          'or the word fills: those that are on the tapes themselves. Repeated: books side by side, never summed',
        collect,
      )
      .option('--account <id>', 'with --positions fills: whose, where the tapes have several accounts’')
      .option(
        '--config <file>',
        'JSON: {"instruments": {"NAME": {"pointValue", "tickSize", "currency"}}}, and what feeds are taught',
      )
      .option(
        '--mark <chain>',
        'last, exit-side, mid, or several in the order to try: exit-side,last',
        'last',
      )
      .option('--matching <rule>', 'average, or fifo: first in, first out, per contract', 'average')
      .option('--fees <rule>', 'fill: those that come with the fills; none; or per-contract=AMOUNT', 'fill')
      .option('--pairs', 'list what closed what, with --matching fifo')
      .option('--stale-after <duration>', 'a price that is older marks nothing', '60s')
      .option(
        '--every <duration>',
        'print at most so often in virtual time (default 1s; with --json everything)',
      )
      .option('--speed <factor>', 'keep a pace: 1 is as recorded, 10 ten times as fast (default: no waiting)')
      .option('--digest', 'end with the SHA-256 of all lines that --json prints without --every')
      .option('--json', 'one line per event that changes a figure, then the summary, then the digest')
      .action((tapes: string[], options: Options) => start(io => replay(io, tapes, options)))
  },
}

async function replay(io: Io, paths: readonly string[], options: Options): Promise<ExitCode> {
  const rules = rulesOf(options)
  const every = options.every === undefined ? undefined : durationOption('--every', options.every)
  const speed = options.speed === undefined ? undefined : speedOption(options.speed)
  const positions = await plansOf(io, options)
  const { instruments, settings } = await cliConfigOf(options.config)
  const tapes = await openTapes(paths)
  try {
    const output = new LineOutput(io)
    const run: PnlLinesOptions = {
      ...rules,
      config: instruments,
      settings,
      ...(speed === undefined ? {} : { pace: { speed, clock: systemClock, timers: systemTimers } }),
    }
    const result =
      options.json === true
        ? await asJson(output, tapes, positions, run, every)
        : await asText(output, tapes, positions, run, every ?? 1_000_000, options.digest === true)
    output.flush()
    await output.drained()
    return verdict(io, result, tapes)
  } finally {
    await closeTapes(tapes)
  }
}

type Tapes = Awaited<ReturnType<typeof openTapes>>
type Positions = Awaited<ReturnType<typeof plansOf>>

/** `--every` thins the events that are printed, to the latest of each position and interval; the digest holds all. */
async function asJson(
  output: LineOutput,
  tapes: Tapes,
  positions: Positions,
  run: PnlLinesOptions,
  every: number | undefined,
): Promise<PnlResult> {
  const latest = new Map<string, string>()
  const release = (): void => {
    for (const line of latest.values()) output.put(line)
    latest.clear()
  }
  const tick = every === undefined || every === 0 ? undefined : { every, run: release }
  const { result, digest } = await replayToLines(
    tapes,
    positions,
    { ...run, ...(tick === undefined ? {} : { tick }) },
    (line, key) => {
      if (key !== undefined && tick !== undefined) {
        latest.delete(key)
        latest.set(key, line)
        return
      }
      release()
      output.put(line)
    },
  )
  output.put(JSON.stringify({ kind: 'digest', sha256: digest }))
  return result
}

async function asText(
  output: LineOutput,
  tapes: Tapes,
  positions: Positions,
  run: PnlLinesOptions,
  every: number,
  withDigest: boolean,
): Promise<PnlResult> {
  let last = ''
  const show = (at: number, books: readonly Book[]): void => {
    const line = tickLine(at, books)
    const figures = line.slice(line.indexOf(' '))
    if (figures !== last) output.put(line)
    last = figures
    output.flush()
  }
  const tick = every === 0 ? undefined : { every, run: show }
  if (!withDigest) {
    const result = await replayPnl(tapes, positions, run, tick === undefined ? {} : { tick })
    for (const line of ['', ...pnlSummary(result, run)]) output.put(line)
    return result
  }
  const { result, digest } = await replayToLines(
    tapes,
    positions,
    { ...run, ...(tick === undefined ? {} : { tick }) },
    () => {},
  )
  for (const line of ['', ...pnlSummary(result, run), '', `digest sha256:${digest}`]) output.put(line)
  return result
}

/** A position whose point value never came to be known is a loss that has to be said. */
function verdict(io: Io, result: PnlResult, tapes: Tapes): ExitCode {
  const strangers = tellStrangers(io, result.tallies, tapes)
  const damaged = tellProblems(io, tapes) || strangers
  const positions = result.books.flatMap(book => book.positions)
  const unvalued = new Set(
    positions.filter(position => position.pointValue === undefined).map(position => position.instrument),
  )
  for (const instrument of unvalued) {
    tell(
      io,
      `feedtape: ${instrument}: its point value is neither in the config, nor on the wire, nor in the table`,
    )
    tell(
      io,
      `  next      --config FILE with {"instruments":{${JSON.stringify(instrument)}:{"pointValue":"…"}}}`,
    )
  }
  return unvalued.size > 0 ? 3 : damaged
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

import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { excerpt, FeedtapeError, reasonOf } from '../model/errors.ts'
import { type EpochMicros, epochMicrosFromIso, microsFromDuration } from '../model/time.ts'
import {
  compareRuns,
  differenceLine,
  type EngineOptions,
  type Evidence,
  type ExplainedRun,
  type ExplainOptions,
  explainPnl,
  explanationLine,
  type RunLine,
  readEvidence,
  readRunLine,
} from '../pnl/index.ts'
import { explanationText } from '../report/explanation.ts'
import { runDifferenceText } from '../report/run-difference.ts'
import { cliConfigOf } from './cli-config.ts'
import { collect } from './collect.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, type Io, say } from './io.ts'
import { describePnlRules, POSITIONS_MEANING } from './pnl-options.ts'
import { bestOf } from './replay-best.ts'
import { plansOf, type RuleOptions, rulesOf, type SourceOptions } from './replay-rules.ts'
import { closeTapes, openTapes, tellProblems, tellStrangers } from './tapes.ts'

interface Options extends RuleOptions, Omit<SourceOptions, 'positions'> {
  readonly positions?: readonly string[]
  readonly at?: string
  readonly instrument?: string
  readonly config?: string
  readonly json?: true
}

export const explainCommand: CliCommand = {
  name: 'explain',
  describe(command, start) {
    command
      .description(
        'Says how a P&L number comes about: which entries, fields, instrument facts and rules make it. ' +
          'Given two runs (what replay --json or watch --json wrote) it says what each cent of their difference is ' +
          'made of, and since which entries.',
      )
      .argument('<file...>', 'tapes; or two runs, A and B')
      .option('--positions <source>', `${POSITIONS_MEANING}. Without it the tapes’ best`, collect)
      .option('--at <time>', 'the moment: ISO 8601, or since the start such as 90s (default: the end)')
      .option('--instrument <name>', 'one instrument, by any of its names')
      .option('--config <file>', 'JSON: instruments, and what feeds are taught')
      .option('--json', 'one line a position')
    describePnlRules(command).action((files: string[], options: Options) =>
      start(io => explain(io, files, options)),
    )
  },
}

async function explain(io: Io, files: readonly string[], options: Options): Promise<ExitCode> {
  const isTape = await Promise.all(files.map(looksLikeATape))
  if (isTape.every(is => is)) return explainTapes(io, files, options)
  const [a, b, ...more] = files
  if (a !== undefined && b !== undefined && more.length === 0 && !isTape.some(is => is)) {
    return explainRuns(io, a, b, options)
  }
  throw new FeedtapeError('usage', 'neither tapes nor two runs', {
    where: files.join(' '),
    expected: 'tapes only, or two files that replay --json or watch --json wrote',
    found: files.map((file, index) => `${file}: ${isTape[index] ? 'a tape' : 'no tape'}`).join(', '),
    next: 'name tapes to explain a number, or two runs to explain their difference',
  })
}

async function explainTapes(io: Io, paths: readonly string[], options: Options): Promise<ExitCode> {
  const config = await cliConfigOf(options.config)
  const { instruments, settings } = config
  const rules: EngineOptions = { ...rulesOf(options, config), config: instruments, settings }
  const positions = options.positions ?? [(await bestOf(paths, settings)).source]
  const plans = await plansOf(io, { ...options, positions })
  const tapes = await openTapes(paths)
  try {
    const run = await explainPnl(tapes, plans, {
      ...rules,
      ...(options.at === undefined ? {} : { at: momentOf(options.at) }),
      ...(options.instrument === undefined ? {} : { instrument: options.instrument }),
    })
    const evidence = await evidenceOf(paths, run, rules)
    const lines =
      options.json === true
        ? run.explanations.map(one => JSON.stringify(explanationLine(one, run.at, evidence)))
        : explanationText(run, { rules, evidence })
    for (const line of lines) await say(io, line)
    const strangers = tellStrangers(io, run.result.tallies, tapes)
    return tellProblems(io, tapes) || strangers
  } finally {
    await closeTapes(tapes)
  }
}

/** The tapes once more: the wire's own fields of what the numbers rest on. */
async function evidenceOf(
  paths: readonly string[],
  { explanations }: ExplainedRun,
  { settings }: EngineOptions,
): Promise<ReadonlyMap<string, Evidence>> {
  const steps = explanations.flatMap(one => one.steps.map(({ cause }) => cause))
  const places = steps.flatMap(({ tape, seq, packet }) =>
    tape === undefined || seq === undefined || packet === undefined ? [] : [{ tape, seq, packet }],
  )
  const marks = explanations.flatMap(one => (one.seen === undefined ? one.marks : [...one.marks, one.seen]))
  const tapes = await openTapes(paths)
  try {
    return await readEvidence(tapes, [...places, ...marks], settings)
  } finally {
    await closeTapes(tapes)
  }
}

async function explainRuns(io: Io, a: string, b: string, options: Options): Promise<ExitCode> {
  const at = options.at === undefined ? undefined : epochMicrosFromIso(options.at)
  if (options.at !== undefined && at === undefined) throw notAMoment(options.at, 'ISO 8601 with its offset')
  const compared = await compareRuns(linesOf(a), linesOf(b), at)
  const lines =
    options.json === true
      ? compared.differences.map(difference => JSON.stringify(differenceLine(difference)))
      : runDifferenceText(compared)
  for (const line of lines) await say(io, line)
  return 0
}

async function* linesOf(path: string): AsyncGenerator<RunLine> {
  let number = 0
  for await (const text of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number += 1
    if (text.trim() === '') continue
    const line = readRunLine(text, `${path}:${number}`)
    if (line !== undefined) yield line
  }
}

function momentOf(text: string): NonNullable<ExplainOptions['at']> {
  const at = epochMicrosFromIso(text)
  if (at !== undefined) return () => at
  const since = microsFromDuration(text)
  if (since === undefined) throw notAMoment(text, 'ISO 8601 with its offset, or a duration since the start')
  return (start: EpochMicros) => start + since
}

function notAMoment(text: string, expected: string): FeedtapeError {
  return new FeedtapeError('usage', 'not a moment', {
    where: '--at',
    expected: `${expected}, such as 2026-03-02T15:00:01Z${expected.includes('duration') ? ' or 90s' : ''}`,
    found: excerpt(text),
  })
}

const GZIP = 0x1f

/** By its first bytes: a header, or what is packed. */
async function looksLikeATape(path: string): Promise<boolean> {
  if (path === '-') {
    throw new FeedtapeError('usage', 'standard input can be read only once', {
      where: '-',
      expected: 'files: what a number rests on is looked up on the tape again',
      next: 'write it to a file first',
    })
  }
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read({ buffer: new Uint8Array(64), length: 64 })
      const start = new TextDecoder().decode(buffer.subarray(0, bytesRead))
      return buffer[0] === GZIP || /^\uFEFF?\{"kind":"header"/.test(start) || !start.startsWith('{"kind":')
    } finally {
      await file.close()
    }
  } catch (cause) {
    throw new FeedtapeError('file-missing', 'the file cannot be read', {
      where: path,
      found: reasonOf(cause),
      next: 'check the path',
      cause,
    })
  }
}

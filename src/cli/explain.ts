import { FeedtapeError } from '../model/errors.ts'
import {
  type Evidence,
  type ExplainedRun,
  explainPnl,
  explanationLine,
  readEvidence,
} from '../pnl/explain/index.ts'
import type { EngineOptions } from '../pnl/index.ts'
import { explanationText } from '../report/explanation.ts'
import { cliConfigOf } from './cli-config.ts'
import { collect } from './collect.ts'
import type { CliCommand } from './command.ts'
import { explainRuns, type RunsOptions } from './explain-runs.ts'
import { type ExitCode, type Io, say } from './io.ts'
import { momentOf } from './moment.ts'
import { refuseNoFills } from './nothing-held.ts'
import { describePnlRules, POSITIONS_MEANING } from './pnl-options.ts'
import { requireRegularFiles } from './regular-files.ts'
import { bestOf } from './replay-best.ts'
import { plansOf, type RuleOptions, rulesOf, type SourceOptions } from './replay-rules.ts'
import { type FileKind, fileKindOf } from './run-files.ts'
import { closeTapes, openTapes, tellLoss, tellStrangers } from './tapes.ts'

interface Options extends RuleOptions, Omit<SourceOptions, 'positions'>, RunsOptions {
  readonly positions?: readonly string[]
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
      .option('--book <name>', 'of two runs: this book alone, where one of them has several')
      .option('--config <file>', 'JSON: instruments, and what feeds are taught')
      .option('--json', 'one line a position')
    describePnlRules(command).action((files: string[], options: Options) =>
      start(io => explain(io, files, options)),
    )
  },
}

async function explain(io: Io, files: readonly string[], options: Options): Promise<ExitCode> {
  await requireRegularFiles(files)
  const kinds: FileKind[] = []
  for (const file of files) kinds.push(await fileKindOf(file))
  // What is neither the reader of tapes refuses, and says why.
  if (!kinds.includes('run')) return explainTapes(io, files, options)
  const [a, b, ...more] = files
  const areRuns = kinds.every(kind => kind === 'run')
  if (a !== undefined && b !== undefined && more.length === 0 && areRuns)
    return explainRuns(io, a, b, options)
  throw new FeedtapeError('usage', 'neither tapes nor two runs', {
    where: files.join(' '),
    expected: 'tapes only, or two files that replay --json or watch --json wrote',
    found: files.map((file, index) => `${file}: ${wordsOf(kinds[index] ?? 'neither')}`).join(', '),
    next: 'name tapes to explain a number, or two runs to explain their difference',
  })
}

async function explainTapes(io: Io, paths: readonly string[], options: Options): Promise<ExitCode> {
  if (options.book !== undefined) throw bookOfTapes(options.book)
  const config = await cliConfigOf(options.config)
  const { instruments, settings } = config
  const rules: EngineOptions = { ...rulesOf(options, config), config: instruments, settings }
  const positions = options.positions ?? [(await bestOf(paths, settings)).source]
  const plans = await plansOf(io, { ...options, positions })
  refuseNoFills(plans)
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
    return tellLoss(io, tapes) || strangers
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

function wordsOf(kind: FileKind): string {
  switch (kind) {
    case 'tape':
      return 'a tape'
    case 'run':
      return 'no tape but a run'
    case 'empty':
      return 'an empty file'
    case 'neither':
      return 'neither a tape nor a run'
    default:
      return kind satisfies never
  }
}

function bookOfTapes(book: string): FeedtapeError {
  return new FeedtapeError('usage', 'a book is chosen of two runs', {
    where: `--book ${book}`,
    expected: 'two runs that replay --json or watch --json wrote',
    found: 'tapes',
    next: 'leave it out, and name one source by --positions',
  })
}

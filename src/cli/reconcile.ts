import { readFile } from 'node:fs/promises'
import { type Decimal, decimalFromText, decimalSign, decimalText } from '../model/decimal.ts'
import { excerpt, FeedtapeError, reasonOf } from '../model/errors.ts'
import type { JsonObject } from '../model/observation.ts'
import { isoFromEpochMicros } from '../model/time.ts'
import {
  type Check,
  type CheckSide,
  type Figure,
  type ForeignFile,
  parseFigure,
  type Reconciliation,
  readForeignFile,
  reconcile,
} from '../pnl/reconcile/index.ts'
import { reconciliationText } from '../report/reconciliation.ts'
import { plain } from '../report/table.ts'
import { cliConfigOf } from './cli-config.ts'
import { collect } from './collect.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, type Io, say, tell } from './io.ts'
import { describePnlRules, POSITIONS_MEANING } from './pnl-options.ts'
import { requireRegularFiles } from './regular-files.ts'
import { plansOf, type RuleOptions, rulesOf, type SourceOptions } from './replay-rules.ts'
import { closeTapes, openTapes, tellLoss, tellStrangers } from './tapes.ts'
import { tellUnvalued } from './unvalued.ts'

interface Options extends RuleOptions, Omit<SourceOptions, 'positions'> {
  readonly positions?: readonly string[]
  readonly against?: readonly string[]
  readonly tolerance: string
  readonly figure?: string
  readonly config?: string
  readonly json?: true
}

export const reconcileCommand: CliCommand = {
  name: 'reconcile',
  describe(command, start) {
    command
      .description(
        'Holds everything that tapes and files say of the same money against each other: fills against the broker’s ' +
          'positions, fill pairs and cash balance, signals against the broker, a dashboard’s series against each mark ' +
          'rule. Exit 1 on a difference.',
      )
      .argument('<tape...>', 'tapes (.tape.jsonl)')
      .option('--positions <source>', `${POSITIONS_MEANING} (default: all that the tapes have)`, collect)
      .option(
        '--against <file>',
        'a CSV of time and value, Tradovate’s Performance or AccountBalanceHistory, or Trade Manager’s list of trades ' +
          '(repeatable)',
        collect,
      )
      .option('--tolerance <amount>', 'of a series: values that are not farther apart are equal', '0.005')
      .option(
        '--figure <name>',
        'what a series’ value is, where its column does not say it: unrealized, gross, net, realized ' +
          '(default: unrealized where anything was open, else realized)',
      )
      .option('--config <file>', 'JSON: instruments, and what feeds are taught')
      .option('--json', 'one line a check')
    describePnlRules(command).action((tapes: string[], options: Options) =>
      start(io => reconcileTapes(io, tapes, options)),
    )
  },
}

async function reconcileTapes(io: Io, paths: readonly string[], options: Options): Promise<ExitCode> {
  await requireRegularFiles(paths)
  const config = await cliConfigOf(options.config)
  const { instruments, settings } = config
  const rules = rulesOf(options, config)
  const tolerance = toleranceOf(options.tolerance)
  const { positions } = options
  const plans = positions === undefined ? undefined : await plansOf(io, { ...options, positions })
  const against: ForeignFile[] = []
  for (const path of options.against ?? []) against.push(readForeignFile(await textOf(path), path))
  const figure = figureOf(options.figure, against)
  let code: ExitCode = 0
  let names: readonly { readonly name: string }[] = []
  const reconciled = await reconcile(
    async use => {
      const tapes = await openTapes(paths)
      names = tapes.map(({ name }) => ({ name }))
      try {
        const used = await use(tapes)
        if (code === 0) code = tellLoss(io, tapes)
        return used
      } finally {
        await closeTapes(tapes)
      }
    },
    {
      ...rules,
      config: instruments,
      settings,
      tolerance,
      against,
      ...(figure === undefined ? {} : { figure }),
      ...(plans === undefined ? {} : { plans }),
      ...(options.account === undefined ? {} : { account: options.account }),
    },
  )
  for (const line of options.json === true ? jsonLines(reconciled) : reconciliationText(reconciled))
    await say(io, line)
  const { result, isCompared, isEqual } = reconciled
  const strangers = tellStrangers(io, result.tallies, names)
  const unvalued = tellUnvalued(io, result)
  if (!isCompared) return code || tellNothing(io, reconciled)
  return isEqual ? unvalued || code || strangers : 1
}

/** As `diff` does: two sides without anything in common are no answer. */
function tellNothing(io: Io, { checks }: Reconciliation): ExitCode {
  tell(io, 'feedtape: there is nothing to compare')
  tell(io, '  expected  an instrument that one side has held, or a row of a file')
  tell(
    io,
    `  found     ${plain(checks.map(({ name }) => `${name}: nothing on either side`).join('; '), Infinity)}`,
  )
  tell(io, '  next      check the positions files; feedtape inspect TAPE lists what a tape holds')
  return 4
}

/** Throws `usage` where a series names another figure itself. */
function figureOf(text: string | undefined, against: readonly ForeignFile[]): Figure | undefined {
  if (text === undefined) return undefined
  const figure = parseFigure(text)
  for (const file of against) {
    if (file.kind !== 'series' || file.figure === undefined || file.figure === figure) continue
    throw new FeedtapeError('usage', 'a series names another figure itself', {
      where: `--figure ${figure}`,
      expected: `${file.figure}, as the column of ${file.file} is called`,
      found: figure,
      next: 'leave --figure out, or call the column value',
    })
  }
  return figure
}

function jsonLines({ checks, isCompared, isEqual }: Reconciliation): readonly string[] {
  const summary = { kind: 'summary', checks: checks.length, isEqual, isCompared }
  return [...checks.map(checkJson), summary].map(json => JSON.stringify(json))
}

function checkJson({ name, compared, differences, notes }: Check): JsonObject {
  return {
    kind: 'check',
    name,
    compared,
    differences: differences.map(({ what, ours, theirs, difference }) => ({
      what,
      ours: sideJson(ours),
      theirs: sideJson(theirs),
      difference: difference === undefined ? null : decimalText(difference),
    })),
    notes: [...notes],
  }
}

function sideJson({ text, at, place }: CheckSide): JsonObject {
  return {
    text,
    ...(at === undefined ? {} : { at: isoFromEpochMicros(at) }),
    ...(place === undefined || place === '' ? {} : { place }),
  }
}

function toleranceOf(text: string): Decimal {
  const tolerance = decimalFromText(text)
  if (tolerance !== undefined && decimalSign(tolerance) >= 0) return tolerance
  throw new FeedtapeError('usage', 'not a tolerance', {
    where: '--tolerance',
    expected: 'an amount of at least 0, such as 0.005',
    found: excerpt(text),
  })
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new FeedtapeError('file-missing', 'the file cannot be read', {
      where: `--against ${path}`,
      found: reasonOf(cause),
      next: 'check the path',
      cause,
    })
  }
}

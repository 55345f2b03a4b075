import { type DiffReport, diffTapes } from '../diff/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import { diffLines } from '../report/diff.ts'
import { diffJson } from '../report/diff-json.ts'
import { diffJunit } from '../report/diff-junit.ts'
import { diffMarkdown } from '../report/diff-markdown.ts'
import { plain } from '../report/table.ts'
import { TapeReader } from '../tape/index.ts'
import { cliConfigOf } from './cli-config.ts'
import { collect } from './collect.ts'
import type { CliCommand } from './command.ts'
import { diffWithParser, PARSER_MEANING, PARSER_TIMEOUT_MEANING } from './diff-parser.ts'
import { type DiffRuleOptions, diffRulesOf } from './diff-rules.ts'
import { readSides } from './diff-sides.ts'
import { type ExitCode, type Io, say, tell } from './io.ts'
import { tellLoss, tellStrangers } from './tapes.ts'
import { tellUnnamedParts } from './unnamed-parts.ts'
import { writeReport } from './write-report.ts'

interface Options extends DiffRuleOptions {
  readonly config?: string
  readonly json?: true
  readonly markdown?: string | true
  readonly junit?: string
  readonly parser?: string
  readonly parserTimeout?: string
}

export const diffCommand: CliCommand = {
  name: 'diff',
  describe(command, start) {
    command
      .description(
        'Holds the quotes of one market through two wires against each other: TAPE, or TAPE#KEY for a part of one ' +
          '(KEY a feed, the number of a connection, or session|name; either may be empty, a session may end in *). ' +
          'Instruments are paired by their identity; the lag between the sides is found and taken off. Exit code 1 ' +
          'where values differ beyond their tolerance for longer than the lag is uneven.',
      )
      .argument(
        '<tapes...>',
        'two tapes, or parts of one (TAPE#KEY); one with --parser. A recording in several files is one tape: name ' +
          'them one behind the other, as in: diff a.tape.jsonl a.part2.tape.jsonl b.tape.jsonl',
      )
      .option('--parser <command>', PARSER_MEANING)
      .option('--parser-timeout <duration>', PARSER_TIMEOUT_MEANING)
      .option('--map <a=b>', 'a name of a that is to be held against a name of b (repeatable)', collect)
      .option('--field <field>', 'compare only this one (repeatable)', collect)
      .option(
        '--tolerance <field=amount>',
        'how far apart values may be: last=1tick, volume=5, last=0.1%; band=2ticks: how far a last price may lie ' +
          'outside the other side’s bid and ask (repeatable)',
        collect,
      )
      .option('--max-lag <duration>', 'how far behind either may be')
      .option(
        '--min-coverage <percent>',
        'of the time in which one side has a value, that in which both have',
      )
      .option('--by <time>', 'wire or receipt (default: wire where both have it equally fine, else receipt)')
      .option('--config <file>', 'JSON: tolerances under diff, instruments, and what feeds are taught')
      .option('--json', 'all of it as one line of JSON')
      .option('--markdown [file]', 'as Markdown, to stdout or into a file (for a CI summary)')
      .option('--junit <file>', 'one JUnit case for each field of each instrument')
      .action((tapes: readonly string[], options: Options) => start(io => diffOf(io, tapes, options)))
  },
}

/** Against another tape, or against somebody's parser of this one. */
async function diffOf(io: Io, texts: readonly string[], options: Options): Promise<ExitCode> {
  const { parser } = options
  const [only = ''] = texts
  if (parser === undefined && texts.length > 1) return await diff(io, texts, options)
  if (parser !== undefined && texts.length === 1) {
    return await diffWithParser(io, only, { ...options, parser })
  }
  throw noOtherSide(texts, parser === undefined ? 'one tape' : `${tapesText(texts.length)} and --parser`)
}

function noOtherSide(texts: readonly string[], found: string): FeedtapeError {
  return new FeedtapeError('usage', 'there is nothing to hold the tape against', {
    where: texts.join(' '),
    expected: 'two tapes, or one with --parser',
    found,
    next: 'name the other side: feedtape diff A B, or feedtape diff TAPE --parser COMMAND',
  })
}

function tapesText(count: number): string {
  return `${count === 2 ? 'two' : count} tapes`
}

async function diff(io: Io, texts: readonly string[], options: Options): Promise<ExitCode> {
  const config = await cliConfigOf(options.config)
  const rules = diffRulesOf(options, config.diff)
  const sides = await readSides(texts)
  const [a, b] = sides
  if (a === undefined || b === undefined) throw noOtherSide(texts, `one recording in ${texts.length} parts`)
  if (sides.length > 2) throw noOtherSide(texts, tapesText(sides.length))
  const { report, tallies, tapes } = await diffTapes({
    ...rules,
    a,
    b,
    open: path => TapeReader.open(path),
    config: config.instruments,
    settings: config.settings,
  })
  await show(io, report, options)
  await tellUnnamedParts(io, tapes)
  const strangers = tellStrangers(io, tallies, tapes)
  return tellLoss(io, tapes) || verdictCode(io, report) || strangers
}

async function show(io: Io, report: DiffReport, { json, junit, markdown }: Options): Promise<void> {
  if (junit !== undefined) await writeReport(junit, diffJunit(report), '--junit')
  if (typeof markdown === 'string') await writeReport(markdown, diffMarkdown(report), '--markdown')
  if (json === true) await say(io, diffJson(report))
  else if (markdown === true) await say(io, diffMarkdown(report).trimEnd())
  else for (const line of diffLines(report)) await say(io, line)
}

/** Two sides without one value in common are no answer. */
function verdictCode(io: Io, { a, b, only, verdict }: DiffReport): ExitCode {
  if (verdict.isCompared) return verdict.isWithin ? 0 : 1
  tell(io, 'feedtape: there is nothing to compare')
  tell(io, '  expected  an instrument with a field in common on both sides')
  const side = (name: string, updates: number, names: readonly string[]): string =>
    updates === 0 ? `nothing on ${name}` : `${updates} updates on ${name} (${names.slice(0, 5).join(', ')})`
  tell(io, `  found     ${plain(`${side('a', a.updates, only.a)}, ${side('b', b.updates, only.b)}`)}`)
  tell(
    io,
    "  next      'feedtape inspect TAPE' lists what it holds; --map NAME_OF_A=NAME_OF_B pairs what belongs together",
  )
  return 4
}

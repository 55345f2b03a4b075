import type { VerifiedFolder } from '../report/verified.ts'
import { verifyText } from '../report/verify-text.ts'
import { type CaseResult, type FolderResult, readShard, type Shard, verifyFolder } from '../verify/index.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, type Io, say, tell } from './io.ts'
import { checkVerifyOptions, jobsOf, type VerifyFlags } from './verify-flags.ts'
import { createVerifyProgress } from './verify-progress.ts'
import { verifiedFolder } from './verify-report.ts'
import { appendReport, writeReport } from './write-report.ts'

export const verifyCommand: CliCommand = {
  name: 'verify',
  describe(command, start) {
    const gather = (value: string, before: readonly string[] = []): readonly string[] => [...before, value]
    command
      .description(
        'Compares every <case>.tape.jsonl (or .tape.jsonl.gz) below a folder with the <case>.quotes.jsonl beside it and, where there is a ' +
          '<case>.positions.jsonl, with <case>.pnl.jsonl, whose first line holds the options; ' +
          'with "positions":"fills" (or "signals") among them P&L is made of what is on the tape. The nearest cause ' +
          'comes first: the tape, what was understood of it, quotes, P&L. Exit code 1 on a difference.',
      )
      .argument('[dir]', 'the folder of golden cases', 'fixtures')
      .option('--update', 'show what would change in the twins, and write them')
      .option('--reason <text>', 'why twins change: goes into UPDATES.md; new twins need none')
      .option('--full-diff', 'with --update: all of each twin’s diff')
      .option('--damaged', 'with --update: the twins of damaged tapes, too')
      .option('--jobs <n>', 'threads (default: the cores, at most 8; 1 where the tapes are small)')
      .option('--shard <i/n>', 'only the i-th of n parts of the cases, for several machines')
      .option('--junit <file>', 'one JUnit case for each golden case')
      .option('--markdown [file]', 'as Markdown, to stdout or at the end of a file ($GITHUB_STEP_SUMMARY)')
      .option(
        '--annotations <where>',
        'github: an error on the line of the fixture; none (default: github where GITHUB_ACTIONS is true)',
      )
      .option(
        '--parser <command>',
        'hold your own program’s reading of each tape against feedtape’s (docs/PARSERS.md)',
      )
      .option('--field <field>', 'with --parser: compare only this one (repeatable)', gather)
      .option(
        '--parser-timeout <duration>',
        'a parser that writes nothing for so long is taken for hung (default 60s)',
      )
      .option('--json', 'one JSON line a case')
      .action((folder: string, options: VerifyFlags) => start(io => verify(io, folder, options)))
  },
}

async function verify(io: Io, folder: string, options: VerifyFlags): Promise<ExitCode> {
  checkVerifyOptions(options)
  const shard = options.shard === undefined ? undefined : readShard(options.shard)
  if (options.update === true) {
    const { updateTwins } = await import('./verify-update.ts')
    return updateTwins(io, folder, shard, options)
  }
  const result = await compare(io, folder, shard, options)
  const report = verifiedFolder(folder, result, shard)
  await writeReports(report, options)
  await show(io, report, result, options)
  await annotate(io, report, options)
  if (isUnanswered(result) && options.parser !== undefined) return 4
  return result.isEqual ? 0 : 1
}

async function compare(
  io: Io,
  folder: string,
  shard: Shard | undefined,
  options: VerifyFlags,
): Promise<FolderResult> {
  const progress = createVerifyProgress(io)
  let [count, notEqual] = [0, 0]
  const done = ({ cause }: CaseResult, of: number): void => {
    count += 1
    if (cause !== undefined) notEqual += 1
    progress.show(count, of, notEqual)
  }
  const jobs = jobsOf(options)
  try {
    return await verifyFolder(folder, {
      done,
      ...(jobs === undefined ? {} : { jobs }),
      ...(shard === undefined ? {} : { shard }),
      ...(options.parser === undefined ? {} : { verify: await parserCheck(options.parser, options) }),
    })
  } finally {
    progress.end()
  }
}

async function parserCheck(parser: string, { field, parserTimeout }: VerifyFlags) {
  const [{ programOf, quoteField }, { verifyParser }] = await Promise.all([
    import('./diff-parser.ts'),
    import('../verify/index.ts'),
  ])
  const program = programOf({ parser, ...(parserTimeout === undefined ? {} : { parserTimeout }) })
  const check = { program, ...(field === undefined ? {} : { fields: field.map(quoteField) }) }
  return (...[golden, folder]: [Parameters<typeof verifyParser>[0], string]) =>
    verifyParser(golden, folder, check)
}

/** A parser that fails on every tape has said nothing about any. */
function isUnanswered({ cases }: FolderResult): boolean {
  return cases.length > 0 && cases.every(({ unusable }) => unusable !== undefined)
}

async function writeReports(report: VerifiedFolder, { junit, markdown }: VerifyFlags): Promise<void> {
  if (junit !== undefined) {
    const { verifyJunit } = await import('../report/verify-junit.ts')
    await writeReport(junit, verifyJunit(report), '--junit')
  }
  if (typeof markdown === 'string') {
    const { verifyMarkdown } = await import('../report/verify-markdown.ts')
    await appendReport(markdown, verifyMarkdown(report), '--markdown')
  }
}

async function show(
  io: Io,
  report: VerifiedFolder,
  result: FolderResult,
  { json, markdown }: VerifyFlags,
): Promise<void> {
  if (json === true) {
    const { cases, ...end } = result
    for (const line of [...cases, end]) await say(io, JSON.stringify(line))
  } else if (markdown === true) {
    const { verifyMarkdown } = await import('../report/verify-markdown.ts')
    await say(io, verifyMarkdown(report).trimEnd())
  } else for (const line of verifyText(report)) await say(io, line)
}

/** GitHub reads both streams; where the answer is a document it stays one. */
async function annotate(io: Io, report: VerifiedFolder, options: VerifyFlags): Promise<void> {
  const { annotations = io.env['GITHUB_ACTIONS'] === 'true' ? 'github' : 'none', json, markdown } = options
  if (annotations === 'none') return
  const { githubAnnotations } = await import('../report/verify-annotations.ts')
  for (const line of githubAnnotations(report)) {
    if (json === true || markdown === true) tell(io, line)
    else await say(io, line)
  }
}

import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  compareSchemas,
  cutFixtures,
  type DriftReport,
  Evidence,
  type Fixture,
  SEVERITIES,
  type Severity,
  smallestCover,
  worstOf,
} from '../inspect/drift/index.ts'
import { type FeedSettings, PacketReading, readSchema } from '../inspect/schema/index.ts'
import { excerpt, FeedtapeError, reasonOf } from '../model/errors.ts'
import { driftMarkdown, driftText } from '../report/drift.ts'
import { TapeReader } from '../tape/index.ts'
import { makeFolder } from '../tape/open-target.ts'
import { cliConfigOf } from './cli-config.ts'
import type { CliCommand } from './command.ts'
import { closeCaptures, openCaptures } from './drift-tapes.ts'
import type { OpenCapture } from './foreign-tape.ts'
import { type ExitCode, type Io, say, tell } from './io.ts'
import { knownSecrets } from './scrub.ts'
import { tellProblems } from './tapes.ts'
import { refuseStdout } from './write-report.ts'

interface Options {
  readonly failOn: string
  readonly output?: string
  readonly fixtures: boolean
  readonly overwrite?: true
  readonly markdown?: string | true
  readonly feed?: string
  readonly config?: string
  readonly json?: true
}

/** Beside the report, or where the command was run. */
const FOLDER = 'drift-fixtures'

export const driftCommand: CliCommand = {
  name: 'drift',
  describe(command, start) {
    command
      .description(
        'Says what changed on a wire from older tapes to newer ones. Critical: a field that we read is gone or has ' +
          'another type, frames are no longer to be read. Warning: new kinds and values, rates and cadence that ' +
          'moved beyond chance. The fewest new frames that show it are cut out and scrubbed, to become fixtures.\n' +
          'Each side is a tape, a folder of tapes, or several with commas between; another capture is imported for ' +
          'the occasion. The exit code is 1 where something is as bad as --fail-on says.',
      )
      .argument('<baseline>', 'what the wire was like')
      .argument('<new>', 'what it is like now')
      .option(
        '--fail-on <severity>',
        'critical, warning or info: from here on the exit code is 1',
        'critical',
      )
      .option(
        '-o, --output <folder>',
        `where the frames go (${FOLDER}, beside the --markdown file if there is one)`,
      )
      .option('--no-fixtures', 'cut nothing out')
      .option('--overwrite', 'replace files that are there')
      .option('--markdown [file]', 'as Markdown, to a file or to standard output')
      .option('--feed <name>', 'of other captures: whose wire they are, where their looks do not tell')
      .option('--config <file>', 'JSON: what feeds are taught; see record --config-schema')
      .option('--json', 'print it as JSON')
      .action((baseline: string, now: string, options: Options) =>
        start(io => run(io, baseline, now, options)),
      )
  },
}

async function run(io: Io, baseline: string, now: string, options: Options): Promise<ExitCode> {
  const failOn = severityOption(options.failOn)
  refuseStdout(options.markdown, '--markdown')
  if ([baseline, now].includes('-')) {
    const next = 'save the tape first'
    throw new FeedtapeError('usage', 'tapes are read twice', {
      where: '-',
      expected: 'a file or a folder',
      next,
    })
  }
  const { settings } = await cliConfigOf(options.config)
  const before = await openCaptures(io, baseline, options.feed)
  try {
    const after = await openCaptures(io, now, options.feed)
    try {
      const [old, fresh] = [before, after].map(captures => captures.map(({ tape }) => tape))
      const report = compareSchemas(
        await readSchema(old ?? [], { settings }),
        await readSchema(fresh ?? [], { settings }),
      )
      refuseStrangers(report)
      const fixtures = options.fixtures ? await fixturesOf(io, report, after, { ...options, settings }) : []
      await show(io, report, fixtures, options)
      tellSuspicious(io, fixtures)
      return isBadEnough(report, failOn) ? 1 : tellProblems(io, [...(old ?? []), ...(fresh ?? [])])
    } finally {
      await closeCaptures(after)
    }
  } finally {
    await closeCaptures(before)
  }
}

/** The new tapes once more: which of their frames show what was found. */
async function fixturesOf(
  io: Io,
  report: DriftReport,
  captures: readonly OpenCapture[],
  { output, markdown, overwrite, settings }: Options & { readonly settings: FeedSettings },
): Promise<readonly Fixture[]> {
  if (report.findings.every(({ sign }) => sign === undefined)) return []
  const evidence = new Evidence(report.findings)
  for (const [index, { path }] of captures.entries()) {
    const tape = await TapeReader.open(path)
    const reading = new PacketReading(tape.header, settings)
    for await (const entry of tape) {
      const read = reading.apply(entry)
      if (read !== undefined) evidence.look(read, index)
    }
  }
  const beside = typeof markdown === 'string' ? dirname(markdown) : '.'
  return await cutFixtures(smallestCover(evidence.result()), {
    paths: captures.map(({ path }) => path),
    folder: output ?? join(beside, FOLDER),
    overwrite: overwrite === true,
    known: await knownSecrets(io, undefined),
  })
}

async function show(
  io: Io,
  report: DriftReport,
  fixtures: readonly Fixture[],
  { json, markdown, overwrite }: Options,
): Promise<void> {
  if (typeof markdown === 'string') {
    await writeReport(markdown, driftMarkdown(report, fixtures), overwrite === true)
    tell(io, `report: ${markdown}`)
  }
  const findings = report.findings.map(({ sign: _, ...finding }) => finding)
  if (json === true)
    await say(io, JSON.stringify({ severity: worstOf(report) ?? 'none', ...report, findings, fixtures }))
  else
    await say(io, markdown === true ? driftMarkdown(report, fixtures).trimEnd() : driftText(report, fixtures))
}

async function writeReport(path: string, text: string, overwrite: boolean): Promise<void> {
  try {
    await makeFolder(dirname(path))
    await writeFile(path, text, { flag: overwrite ? 'w' : 'wx' })
  } catch (cause) {
    const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    throw new FeedtapeError(isThere ? 'file-exists' : 'file-unwritable', 'the report cannot be written', {
      where: path,
      expected: isThere ? 'a new file' : 'a folder and a disk that take it',
      found: isThere ? 'a file' : reasonOf(cause),
      next: isThere ? 'choose another --markdown, or say --overwrite' : 'choose another --markdown',
      cause,
    })
  }
}

function tellSuspicious(io: Io, fixtures: readonly Fixture[]): void {
  for (const { path, suspicious } of fixtures) {
    if (suspicious > 0)
      tell(io, `${suspicious} places may still hold a secret: feedtape scrub --check ${path}`)
  }
}

/** Nothing was compared: silence would look like "no drift". */
function refuseStrangers({ feeds }: DriftReport): void {
  if (feeds.some(({ baseline, now }) => baseline > 0 && now > 0)) return
  const [before, after] = (['baseline', 'now'] as const).map(side =>
    feeds.flatMap(one => (one[side] > 0 ? [one.feed] : [])).join(', '),
  )
  throw new FeedtapeError('usage', 'the two sides have no feed in common', {
    where: 'drift',
    expected: `tapes of ${before || 'a feed with messages'}`,
    found: after || 'no messages of a known feed',
    next: 'feedtape inspect shows what a tape holds; --feed says whose wire another capture is',
  })
}

function isBadEnough(report: DriftReport, failOn: Severity): boolean {
  const worst = worstOf(report)
  return worst !== undefined && SEVERITIES.indexOf(worst) <= SEVERITIES.indexOf(failOn)
}

function severityOption(text: string): Severity {
  const severity = SEVERITIES.find(one => one === text)
  if (severity !== undefined) return severity
  throw new FeedtapeError('usage', 'not a severity', {
    where: '--fail-on',
    expected: SEVERITIES.join(', '),
    found: excerpt(text),
    next: 'write it like --fail-on warning',
  })
}

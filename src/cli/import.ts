import { join, parse } from 'node:path'
import { FEEDS, feedNamed } from '../feeds/index.ts'
import { type ImportReport, importCapture, importHar, importTradovateCsv } from '../import/index.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import { systemRandom } from '../model/random.ts'
import { durationText } from '../model/time.ts'
import { recognisedLines } from '../report/recognised.ts'
import { counted, grouped, plain, tableLines } from '../report/table.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, type Io, say, tell } from './io.ts'
import { packageVersion } from './version.ts'

interface Options {
  readonly from: string
  readonly feed?: string
  readonly output?: string
  readonly all?: true
  readonly overwrite?: true
  readonly json?: true
}

export const importCommand: CliCommand = {
  name: 'import',
  describe(command, start) {
    command
      .description(
        'Makes a tape of a capture that another program wrote: sockets with their messages, and HTTP exchanges. ' +
          'Credentials are replaced on the way. The capture is read whole: memory is its limit.',
      )
      .argument('<file>', 'the capture')
      .option(
        '--from <format>',
        'what it is: har (Chrome, Playwright), tradovate-csv (the export of fills), or auto: these, and also JSON Lines of frames or records, a browser’s sessions, ' +
          'a JSON array of messages, one answer',
        'auto',
      )
      .option('--feed <name>', 'whose wire it is, where its looks do not tell or tell it wrong')
      .option('-o, --output <file>', 'the tape (default: beside the capture, X.har becomes X.tape.jsonl)')
      .option('--all', 'take hosts that no known feed lives on, too')
      .option('--overwrite', 'replace a tape that is there')
      .option('--json', 'print what was done as JSON')
      .action((file: string, options: Options) => start(io => run(io, file, options)))
  },
}

const IMPORTERS: ReadonlyMap<string, typeof importCapture> = new Map([
  ['auto', importCapture],
  ['har', importHar],
  ['tradovate-csv', importTradovateCsv],
])

async function run(io: Io, file: string, options: Options): Promise<ExitCode> {
  const read = IMPORTERS.get(options.from)
  if (read === undefined) {
    throw new FeedtapeError('usage', 'there is no importer of that name', {
      where: '--from',
      expected: `one of ${[...IMPORTERS.keys()].join(', ')}`,
      found: excerpt(options.from),
      next: 'leave it out: the file is recognised by its looks',
    })
  }
  const feed = options.feed === undefined ? {} : { feed: knownFeed(options.feed) }
  const report = await read({
    path: file,
    output: options.output ?? defaultOutput(file),
    all: options.all === true,
    overwrite: options.overwrite === true,
    random: systemRandom,
    version: packageVersion(),
    ...feed,
  })
  for (const note of report.notes) tell(io, `note: ${note}`)
  await say(io, options.json === true ? JSON.stringify(report) : reportText(report))
  if (report.leftOut.length > 0) tell(io, leftOutText(report.leftOut))
  return report.lost > 0 ? 3 : 0
}

/** Throws `usage`. */
export function knownFeed(name: string): string {
  if (feedNamed(name) !== undefined) return name
  throw new FeedtapeError('usage', 'there is no feed of that name', {
    where: '--feed',
    expected: `one of ${FEEDS.map(feed => feed.name).join(', ')}`,
    found: excerpt(name),
    next: 'choose one of them',
  })
}

function reportText({
  connections,
  frames,
  exchanges,
  failures,
  header,
  duration,
  output,
  format,
  recognised,
  tie,
}: ImportReport): string {
  const [feed = '', ...others] = recognisedLines(recognised, tie)
  const rows = [
    ['read as', format],
    ['feed', feed],
    ...others.map(line => ['', line]),
    ['connections', grouped(connections)],
    ['frames', `${grouped(frames.in)} in, ${grouped(frames.out)} out`],
    ['exchanges', grouped(exchanges)],
    ['failures', grouped(failures)],
    ['start', `${header.start}, ${durationText(duration)} long`],
    ['tape', output],
  ]
  return tableLines(rows).join('\n')
}

function leftOutText(leftOut: ImportReport['leftOut']): string {
  const rows = leftOut.map(({ host, connections, exchanges }) => [
    plain(host),
    counted(connections, 'connection'),
    counted(exchanges, 'exchange'),
  ])
  const lines = tableLines(rows, { indent: 2, align: ['left', 'right', 'right'] })
  return ['left out, because no known feed lives there (--all takes them):', ...lines].join('\n')
}

function defaultOutput(file: string): string {
  const { dir, name, ext, base } = parse(file)
  return join(dir, `${ext.toLowerCase() === '.har' ? name : base}.tape.jsonl`)
}

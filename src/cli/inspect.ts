import { inspectTape } from '../inspect/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import { inspectionText } from '../report/inspection.ts'
import { cliConfigOf } from './cli-config.ts'
import type { CliCommand } from './command.ts'
import { openCapture } from './foreign-tape.ts'
import { type ExitCode, type Io, say, tell } from './io.ts'
import { durationOption } from './tapes.ts'

interface Options {
  readonly gap: string
  readonly schema?: true
  readonly config?: string
  readonly feed?: string
  readonly json?: true
}

export const inspectCommand: CliCommand = {
  name: 'inspect',
  describe(command, start) {
    command
      .description(
        'Reads a tape to its end: connections, every packet by kind and what became of it, symbols, gaps, delays, ' +
          'what was odd, and what nobody understood with a sample of each.',
      )
      .argument('<tape...>', 'a tape, or - for standard input; another capture is imported for the occasion')
      .option(
        '--schema',
        'instead, of any number of tapes and folders: what each kind of message is built of, its cadence and sizes; ' +
          'of several feeds also which field is which, and whose prices they have',
      )
      .option('--feed <name>', 'of another capture: whose wire it is, where its looks do not tell')
      .option('--gap <duration>', 'silence longer than this is a gap', '30s')
      .option('--config <file>', 'JSON: what feeds are taught; see record --config-schema')
      .option('--json', 'print it as JSON; times in µs since the start')
      .action((tapes: string[], options: Options) => start(io => run(io, tapes, options)))
  },
}

async function run(io: Io, paths: readonly string[], options: Options): Promise<ExitCode> {
  if (options.schema === true) {
    const { inspectSchema } = await import('./inspect-schema.ts')
    return await inspectSchema(io, paths, options)
  }
  const [path, second] = paths
  if (path === undefined || second !== undefined) {
    throw new FeedtapeError('usage', 'one tape is inspected at a time', {
      found: `${paths.length} tapes`,
      next: 'name one tape, or compare what several are built of with --schema',
    })
  }
  return await inspectOne(io, path, options)
}

async function inspectOne(io: Io, path: string, { config, feed, gap, json }: Options): Promise<ExitCode> {
  const gapAfter = durationOption('--gap', gap)
  const { settings, instruments } = await cliConfigOf(config)
  const capture = await openCapture(io, path, feed)
  try {
    const inspection = await inspectTape(capture.tape, { gapAfter, settings, instruments })
    await say(io, json === true ? JSON.stringify(inspection) : inspectionText(inspection))
    if (inspection.ending.isWhole) return 0
    tell(io, `${inspection.name}: damaged or unsealed; this is what could be read safely`)
    return 3
  } finally {
    await capture.remove()
  }
}

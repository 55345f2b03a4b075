import { inspectTape } from '../inspect/index.ts'
import { inspectionText } from '../report/inspection.ts'
import { TapeReader } from '../tape/index.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, type Io, say, tell } from './io.ts'
import { durationOption } from './tapes.ts'

interface Options {
  readonly gap: string
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
      .argument('<tape>', 'a tape, or - for standard input')
      .option('--gap <duration>', 'silence longer than this is a gap', '30s')
      .option('--json', 'print it as JSON; times in µs since the start')
      .action((tape: string, options: Options) => start(io => run(io, tape, options)))
  },
}

async function run(io: Io, path: string, { gap, json }: Options): Promise<ExitCode> {
  const gapAfter = durationOption('--gap', gap)
  const inspection = await inspectTape(await TapeReader.open(path), { gapAfter })
  await say(io, json === true ? JSON.stringify(inspection) : inspectionText(inspection))
  if (inspection.ending.isWhole) return 0
  tell(io, `${inspection.name}: damaged or unsealed; this is what could be read safely`)
  return 3
}

import { sealTape } from '../edit/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import { counted, plain } from '../report/table.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, type Io, say } from './io.ts'

interface Options {
  readonly output?: string
  readonly inPlace?: true
  readonly overwrite?: true
  readonly json?: true
}

export const sealCommand: CliCommand = {
  name: 'seal',
  describe(command, start) {
    command
      .description(
        'Makes CRCs, counts, hashes and the seal anew. Numbers of entries stay where they still ascend; an entry whose ' +
          'number does not gets the next one. The header says that the tape was edited. A line that is none of the ' +
          'format is refused with its place, and then nothing is written.',
      )
      .argument('<tape>', 'the edited tape, or - for standard input')
      .option('-o, --output <file>', 'the sealed tape')
      .option('--in-place', 'put it in the place of the edited one')
      .option('--overwrite', 'replace a file that is there')
      .option('--json', 'print what was done as JSON')
      .action((tape: string, options: Options) => start(io => run(io, tape, options)))
  },
}

async function run(io: Io, path: string, options: Options): Promise<ExitCode> {
  const output = outputOf(path, options)
  const sealed = await sealTape(path, {
    output,
    overwrite: options.inPlace === true || options.overwrite === true,
  })
  if (options.json === true) {
    await say(io, JSON.stringify({ output, ...sealed }))
    return 0
  }
  const { entries, renumbered, held } = sealed
  const changes = [
    ...(renumbered === 0 ? [] : [`${renumbered} with a new number`]),
    ...(held === 0 ? [] : [`${held} at the time of the one before, since theirs went back`]),
  ]
  await say(io, `${plain(output)}: sealed: ${[counted(entries, 'entry', 'entries'), ...changes].join(', ')}`)
  return 0
}

function outputOf(path: string, { output, inPlace }: Options): string {
  if ((output === undefined) === (inPlace === undefined)) {
    throw new FeedtapeError('usage', 'where to?', {
      where: 'seal',
      expected: 'either -o FILE or --in-place',
      found: output === undefined ? 'neither' : 'both',
      next: `feedtape seal ${path} --in-place`,
    })
  }
  const file = output ?? path
  if (file === '-' || file.endsWith('.gz')) {
    throw new FeedtapeError('usage', 'a sealed tape is written to a plain file', {
      where: file,
      expected: 'a file NAME.tape.jsonl',
      next: 'choose one with -o, and gzip it afterwards',
    })
  }
  return file
}

import { differenceText, verifyFolder } from '../verify/index.ts'
import type { CliCommand } from './command.ts'
import { type ExitCode, type Io, say } from './io.ts'

interface Options {
  readonly update?: true
  readonly json?: true
}

export const verifyCommand: CliCommand = {
  name: 'verify',
  describe(command, start) {
    command
      .description(
        'Compares every <case>.tape.jsonl below a folder with the <case>.quotes.jsonl beside it and, where there is a ' +
          '<case>.positions.jsonl, with <case>.pnl.jsonl, whose first line holds the options; ' +
          'with "positions":"fills" among them P&L is made of the fills on the tape. Exit code 1 on a difference.',
      )
      .argument('[dir]', 'the folder of golden cases', 'fixtures')
      .option('--update', 'write the twins instead; review the difference before you commit it')
      .option('--json', 'one JSON line a case')
      .action((folder: string, options: Options) => start(io => verify(io, folder, options)))
  },
}

async function verify(io: Io, folder: string, options: Options): Promise<ExitCode> {
  const result = await verifyFolder(folder, { update: options.update === true })
  if (options.json === true) {
    for (const line of [...result.cases, { orphans: result.orphans, isEqual: result.isEqual }]) {
      await say(io, JSON.stringify(line))
    }
    return result.isEqual ? 0 : 1
  }
  const failed = result.cases.filter(c => c.differences.length > 0 || c.unusable !== undefined)
  const written = result.cases.flatMap(c => c.written)
  for (const file of written) await say(io, `written  ${file}`)
  for (const { name, differences, unusable } of failed) {
    if (unusable !== undefined) await say(io, `unusable ${name}\n${unusable}`)
    else await say(io, `differs  ${name}\n${differences.map(differenceText).join('\n')}`)
  }
  for (const orphan of result.orphans) await say(io, `orphan   ${orphan} has no tape beside it`)
  const count = result.cases.length
  if (options.update === true) await say(io, `${count} cases, ${written.length} twins written anew`)
  else await say(io, `${count} cases: ${count - failed.length} equal, ${failed.length} different`)
  return result.isEqual ? 0 : 1
}

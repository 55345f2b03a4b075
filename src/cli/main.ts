import { Command, CommanderError } from 'commander'
import { COMMANDS } from './commands.ts'
import { type ExitCode, explainFailure, type Io, processIo } from './io.ts'
import { outliveStdout } from './outlive-stdout.ts'
import { packageVersion } from './version.ts'

/** Runs one command line and gives its exit code. */
export async function main(args: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = 0
  const program = new Command('feedtape')
    .description('Records what a market-data feed really sent, and replays it into quotes and P&L.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .configureHelp({ subcommandTerm: command => command.name() })
    .exitOverride()
    .configureOutput({
      writeOut: text => io.stdout.write(text),
      writeErr: text => io.stderr.write(withoutValues(text)),
    })
    .showHelpAfterError('(run the command with --help for its options)')
  const called = calledName(args)
  for (const { name, summary, load } of COMMANDS) {
    const command = program.command(name).summary(summary).copyInheritedSettings(program)
    if (name !== called) continue
    const loaded = await load()
    loaded.describe(command, async run => {
      code = await run(io)
    })
  }
  try {
    await program.parseAsync(args, { from: 'user' })
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2
    return explainFailure(io, thrown)
  }
  return code
}

/** `--jwt=…` and `-t…` that no command knows may hold a credential: commander would repeat it. */
function withoutValues(text: string): string {
  return text
    .replace(/(unknown option '--[^'=]*)=[\s\S]*'/, "$1=…'")
    .replace(/(unknown option '-[^'-])[\s\S]+'/, "$1…'")
}

/** `feedtape [--option] NAME …` or `feedtape help NAME`: no option of the program itself takes a value. */
function calledName(args: readonly string[]): string | undefined {
  const [first, second] = args.filter(arg => !arg.startsWith('-'))
  return first === 'help' ? second : first
}

if (process.argv[1] !== undefined) {
  const args = process.argv.slice(2)
  outliveStdout(calledName(args))
  process.exitCode = await main(args, processIo())
}

import { PassThrough } from 'node:stream'
import { Command } from 'commander'
import { explainFailure, type Io } from '../../../src/cli/io.ts'
import { scrubCommand } from '../../../src/cli/scrub.ts'

export interface ScrubRun {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs `feedtape scrub …` in this process, as the program would. */
export async function scrub(args: readonly string[], env: Io['env'] = {}): Promise<ScrubRun> {
  const [stdout, stderr] = [collected(), collected()]
  const io: Io = { stdout: stdout.stream, stderr: stderr.stream, env, isTerminal: false, isColoured: false }
  const program = new Command('feedtape').exitOverride()
  let code = 0
  scrubCommand.describe(program.command('scrub'), async run => {
    code = await run(io)
  })
  try {
    await program.parseAsync(['scrub', ...args], { from: 'user' })
  } catch (thrown) {
    code = explainFailure(io, thrown)
  }
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}

function collected() {
  const stream = new PassThrough()
  let text = ''
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return { stream, text: () => text }
}

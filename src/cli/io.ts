import { FeedtapeError, reasonOf } from '../model/errors.ts'

/** All that a command touches of the process that it runs in. */
export interface Io {
  readonly stdout: NodeJS.WritableStream
  readonly stderr: NodeJS.WritableStream
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether a person is watching stderr: then progress is one line that changes. */
  readonly isTerminal: boolean
  /** Whether stdout may have colour. */
  readonly isColoured: boolean
}

/**
 * 0 all well · 1 the answer is "no" · 2 wrong usage · 3 done, with loss said · 4 input unusable.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4

export function exitCodeOf(error: FeedtapeError): ExitCode {
  return error.code === 'usage' ? 2 : 4
}

export function processIo(): Io {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    isTerminal: process.stderr.isTTY === true,
    isColoured: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  }
}

/** Writes a line to stdout, and waits where the reader is slower than we are. */
export async function say(io: Io, text: string): Promise<void> {
  if (!io.stdout.write(`${text}\n`)) {
    await new Promise(resolve => {
      io.stdout.once('drain', resolve)
    })
  }
}

/** Progress, warnings and errors: never mixed with the answer. */
export function tell(io: Io, text: string): void {
  io.stderr.write(`${text}\n`)
}

/** A user's mistake is explained; anything else is our own bug and keeps its stack. */
export function explainFailure(io: Io, thrown: unknown): ExitCode {
  if (thrown instanceof FeedtapeError) {
    tell(io, `feedtape: ${thrown.explain()}`)
    return exitCodeOf(thrown)
  }
  tell(io, 'feedtape: this is a bug in feedtape; please report it with the command that you ran.')
  tell(io, thrown instanceof Error && thrown.stack !== undefined ? thrown.stack : reasonOf(thrown))
  return 4
}

import { reasonOf } from '../model/errors.ts'
import { processIo, tell } from './io.ts'

/** They print and do nothing else: their reader's "enough" (`| head`) is the end, as of any filter. */
const FILTERS: ReadonlySet<string | undefined> = new Set(['quotes', 'replay'])
/** As a shell says that a closed pipe ended a command: 128 and SIGPIPE. Never 0: nobody knows the verdict. */
const CLOSED_PIPE = 141

/**
 * What a command does besides printing, and its verdict, is not its reader's to call off: where stdout is closed it goes
 * on without a word, and its exit code is its own.
 */
export function outliveStdout(command: string | undefined): void {
  const { stdout } = process
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      tell(processIo(), `feedtape: stdout cannot be written: ${reasonOf(error)}`)
      process.exit(4)
    }
    if (FILTERS.has(command)) process.exit(CLOSED_PIPE)
    stdout.write = silently
    // Whoever waits for room waits no longer.
    stdout.emit('drain')
  })
}

function silently(...written: readonly unknown[]): boolean {
  const done = written.find(part => typeof part === 'function')
  if (done !== undefined) queueMicrotask(() => done())
  return true
}

import { FeedtapeError, reasonOf } from '../model/errors.ts'
import { type ExitCode, explainFailure, type Io, tell } from './io.ts'
import { LineOutput } from './line-output.ts'

export interface WatchStdoutOptions {
  readonly note: (text: string) => void
  /** Whoever reads has had enough: end in order. */
  readonly left: () => void
  /** In characters that wait for a reader that hangs; 64 Mi if not said. */
  readonly mostWaiting?: number
}

const MOST_WAITING = 64 * 1024 * 1024

/** How a reader says "enough": it closes the pipe. */
const LEFT: readonly unknown[] = ['EPIPE', 'ECONNRESET']

/** A run's lines, to a reader who may leave, hang or break: the recording suffers from none of it. */
export class WatchStdout {
  readonly lines: LineOutput
  readonly #io: Io
  readonly #options: WatchStdoutOptions
  readonly #isOver: Promise<void>
  #failure: Error | undefined
  #isBehind = false

  constructor(io: Io, options: WatchStdoutOptions) {
    this.#io = io
    this.#options = options
    this.lines = new LineOutput(io)
    // The program's own listener would leave at once.
    io.stdout.removeAllListeners('error')
    let isOver = false
    this.#isOver = new Promise(resolve => {
      io.stdout.on('error', error => {
        resolve()
        if (!isOver) this.#break(error)
        isOver = true
      })
    })
  }

  /** From time to time: what is printed so far is seen, unless too much of it waits already. */
  flush(): void {
    const { mostWaiting = MOST_WAITING, note } = this.#options
    this.lines.flush()
    if (this.#isBehind || this.lines.waiting <= mostWaiting) return
    this.#isBehind = true
    this.lines.stop()
    const size = Math.round(this.lines.waiting / 1024 / 1024)
    note(`${size} MiB of lines wait for whoever reads them: no more are printed, the recording goes on`)
  }

  /** The last lines are with their reader, or never will be. */
  async end(): Promise<void> {
    this.flush()
    await Promise.race([this.lines.taken(), this.#isOver])
  }

  /** What its reader missed, and where to have it. */
  verdict(tape: string): ExitCode {
    if (this.#failure !== undefined) return explainFailure(this.#io, unwritable(this.#failure, tape))
    if (!this.#isBehind) return 0
    tell(this.#io, 'feedtape: stdout has not all lines: whoever reads it was too slow')
    tell(this.#io, `  next      ${replayOf(tape)}`)
    return 3
  }

  #break(error: Error): void {
    this.lines.stop()
    const { left, note } = this.#options
    if ('code' in error && LEFT.includes(error.code)) {
      left()
      return
    }
    this.#failure = error
    note(`stdout cannot be written: ${reasonOf(error)}; no more is printed, the recording goes on`)
  }
}

function unwritable(cause: Error, tape: string): FeedtapeError {
  return new FeedtapeError('file-unwritable', 'the lines could not be written', {
    where: 'stdout',
    found: reasonOf(cause),
    next: replayOf(tape),
    cause,
  })
}

function replayOf(tape: string): string {
  return `feedtape replay ${tape}, with the same options, prints all that is on the tape`
}

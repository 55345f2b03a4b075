import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import type { Micros } from '../../model/time.ts'
import type { Timers } from '../../model/timers.ts'

/** Somebody's check of a tape. */
export interface CheckCommand {
  /** As a shell takes it; `{}` stands for the tape's path. */
  readonly command: string
  /** Longer than that and it is taken for hung. */
  readonly timeout: Micros
  readonly timers: Timers
  /** Looked for in what it prints. */
  readonly saying?: string
}

export type CommandEnd =
  | { readonly kind: 'exit'; readonly code: number; readonly hasSaid: boolean; readonly words: string }
  | { readonly kind: 'hung'; readonly words: string }
  | { readonly kind: 'stopped' }

/** So much of what it printed is kept. */
const LAST_WORDS = 4_000
/** What a shell started ends with it only as a group, which Windows does not have. */
const CAN_GROUP = process.platform !== 'win32'

/** Runs it over one tape, in a process group of its own; `stop` ends it early. Its environment has FEEDTAPE_TAPE. */
export async function runCommand(check: CheckCommand, tape: string, stop: AbortSignal): Promise<CommandEnd> {
  if (stop.aborted) return { kind: 'stopped' }
  const child = spawn(commandFor(check.command, tape), {
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: CAN_GROUP,
    env: { ...process.env, FEEDTAPE_TAPE: tape },
  })
  const { stdout, stderr } = child
  const heard = new Hearing(check.saying)
  heard.listen(stdout)
  heard.listen(stderr)
  let isHung = false
  const end = (): void => endGroup(child)
  const callOff = check.timers.after(check.timeout, () => {
    isHung = true
    end()
  })
  stop.addEventListener('abort', end)
  // What it left running in the background would hold its output open, and stay.
  child.once('exit', end)
  try {
    const [code, signal] = await once(child, 'close')
    if (stop.aborted) return { kind: 'stopped' }
    if (isHung) return { kind: 'hung', words: heard.words }
    return { kind: 'exit', code: exitCode(code, signal), hasSaid: heard.hasSaid, words: heard.words }
  } finally {
    callOff()
    stop.removeEventListener('abort', end)
  }
}

/** What it printed on both streams: the end of it, and whether a text was in it. */
class Hearing {
  words = ''
  hasSaid: boolean
  readonly #wanted: string

  constructor(wanted = '') {
    this.#wanted = wanted
    this.hasSaid = wanted === ''
  }

  listen(stream: Readable): void {
    let rest = ''
    stream.setEncoding('utf8').on('data', (text: string) => {
      this.words = (this.words + text).slice(-LAST_WORDS)
      if (this.hasSaid) return
      rest += text
      this.hasSaid = rest.includes(this.#wanted)
      // It may come in two pieces.
      rest = rest.slice(-this.#wanted.length)
    })
  }
}

/** A command that takes the path from its environment wants no further word. */
export function commandFor(command: string, tape: string): string {
  const path = quoted(tape)
  if (command.includes('{}')) return command.replaceAll('{}', () => path)
  return command.includes('FEEDTAPE_TAPE') ? command : `${command} ${path}`
}

/** Left alone where that is safe, so that it also stands within somebody's own quotes. */
function quoted(path: string): string {
  if (process.platform === 'win32') return /^[\w.:\\/~-]+$/.test(path) ? path : `"${path}"`
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}

/** A signal as a shell tells it. */
function exitCode(code: number | null, signal: NodeJS.Signals | null): number {
  return code ?? 128 + (signal === null ? 0 : constants.signals[signal])
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (CAN_GROUP) process.kill(-child.pid, 'SIGKILL')
    else child.kill()
  } catch {
    // All of it has ended by itself.
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { FeedtapeError } from '../../model/errors.ts'
import { durationText, type Micros } from '../../model/time.ts'
import type { Timers } from '../../model/timers.ts'
import { safeLines } from '../../tape/index.ts'
import { type ParserUpdate, readParserLine } from './parser-line.ts'

/** So much of what it complained is shown. */
const LAST_WORDS = 2_000

/** Somebody's parser, in any language. */
export interface ParserProgram {
  /** As a shell takes it. */
  readonly command: string
  /** Without a line for so long it is taken for hung. */
  readonly silence: Micros
  readonly timers: Timers
}

/** What a shell started ends with it only as a group, which Windows does not have. */
const CAN_GROUP = process.platform !== 'win32'

/**
 * Runs somebody's parser over a tape: the tape's lines on its standard input, its updates from its standard output, in
 * the order of the entries. Neither side waits for all of the other's. Throws `bad-parser`.
 */
export async function* parserUpdates(
  { command, silence, timers }: ParserProgram,
  tape: string,
): AsyncGenerator<ParserUpdate> {
  const child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'pipe'], detached: CAN_GROUP })
  const where = `--parser '${command}'`
  let isSilent = false
  const stop = (): void => endGroup(child)
  const wait = (): (() => void) =>
    timers.after(silence, () => {
      isSilent = true
      stop()
    })
  let callOff = wait()
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-LAST_WORDS)
  })
  const closed = once(child, 'close')
  const fed = feed(tape, child.stdin)
  try {
    let number = 0
    let last = 0
    for await (const text of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1
      callOff()
      callOff = wait()
      const update = readParserLine(text, `${where}, line ${number}`)
      if (update === undefined) continue
      if (update.seq < last) throw outOfOrder(`${where}, line ${number}`, last, update.seq)
      last = update.seq
      yield update
    }
    await fed
    const [code, signal] = await closed
    if (isSilent) throw silentFor(where, silence)
    if (code !== 0) throw failed(where, code ?? signal, words)
  } finally {
    callOff()
    child.stdin.destroy()
    stop()
    await closed
  }
}

/** The tape's own lines, unpacked; what feedtape does not read is not handed on. A parser that ends before it has read all is told by its exit code, not by us. */
async function feed(path: string, stdin: NodeJS.WritableStream): Promise<void> {
  let isGone = false
  stdin.on('error', () => {
    isGone = true
  })
  stdin.on('close', () => {
    isGone = true
  })
  for await (const chunk of safeLines(path)) {
    if (isGone) return
    if (!stdin.write(chunk)) await Promise.race([once(stdin, 'drain'), once(stdin, 'close')]).catch(() => {})
  }
  stdin.end()
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    if (CAN_GROUP) process.kill(-child.pid, 'SIGKILL')
    else child.kill()
  } catch {
    // It has ended by itself meanwhile.
  }
}

function silentFor(where: string, silence: Micros): FeedtapeError {
  return new FeedtapeError('bad-parser', 'the parser hangs', {
    where,
    expected: 'a line on its standard output, or its end when its standard input ends',
    found: `nothing for ${durationText(silence)}`,
    next: 'let it flush its output and end with its input; --parser-timeout gives it more time',
  })
}

function outOfOrder(where: string, last: number, seq: number): FeedtapeError {
  return new FeedtapeError('bad-parser', 'the parser’s updates are out of order', {
    where,
    expected: `an entry from ${last} on`,
    found: `seq ${seq}`,
    next: 'write updates in the order of the entries that they come from',
  })
}

function failed(where: string, code: unknown, words: string): FeedtapeError {
  const said = words.trim() === '' ? 'it said nothing on standard error' : `its last words:\n${words.trim()}`
  return new FeedtapeError('bad-parser', 'the parser failed', {
    where,
    expected: 'that it reads all of the tape and exits with 0',
    found: `exit ${String(code)}; ${said}`,
    next: 'run it by hand: feed it the tape on standard input',
  })
}

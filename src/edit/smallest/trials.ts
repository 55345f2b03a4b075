import { createHash } from 'node:crypto'
import { copyFile, mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type CheckCommand, type CommandEnd, runCommand } from './command.ts'
import type { WholeTape } from './whole-tape.ts'

export type StoppedBy = 'runs' | 'time' | 'interrupt'

/** No more may be asked: what was found so far has to do. */
export class SearchEnded extends Error {}

export interface TrialsOptions {
  readonly tape: WholeTape
  readonly check: CheckCommand
  /** A folder of our own for the tapes that are tried. */
  readonly folder: string
  /** What each of them is called. */
  readonly name: string
  readonly maxRuns: number
  readonly isAnyFailure: boolean
  /** Ends the search. */
  readonly stop: AbortSignal
  /** Ends everything. */
  readonly leave: AbortSignal
}

/** Runs the command over tapes, and knows what it came to. */
export class Trials {
  runs = 0
  hung = 0
  /** Whether the search was ended by the number of its runs. */
  isExhausted = false
  /** How it ended on the whole tape. */
  code = 0
  readonly #options: TrialsOptions
  readonly #known = new Map<string, boolean>()

  constructor(options: TrialsOptions) {
    this.#options = options
  }

  /** As the whole tape fails? Throws SearchEnded. */
  async fails(units: readonly number[]): Promise<boolean> {
    const key = keyOf(units)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const { maxRuns, stop } = this.#options
    if (this.runs >= maxRuns) this.isExhausted = true
    if (this.isExhausted || stop.aborted) throw new SearchEnded()
    const { end } = await this.runOn(units, stop)
    if (end.kind === 'stopped') throw new SearchEnded()
    const isFailing = this.isFailure(end)
    this.#known.set(key, isFailing)
    return isFailing
  }

  /** Runs the command over a tape of these units, and takes that away again. */
  async runOn(
    units: readonly number[],
    stop = this.#options.leave,
  ): Promise<{ readonly end: CommandEnd; readonly bytes: number }> {
    return await this.#run(path => this.#options.tape.write(path, units), stop)
  }

  /** Runs the command over a copy of a tape. */
  async runOver(tape: string, stop = this.#options.leave): Promise<CommandEnd> {
    return (await this.#run(path => copyFile(tape, path), stop)).end
  }

  isFailure(end: CommandEnd): boolean {
    if (end.kind !== 'exit' || !end.hasSaid) return false
    return this.#options.isAnyFailure || this.code === 0 ? end.code !== 0 : end.code === this.code
  }

  /** In a folder of its own: what a command leaves beside one tape says nothing of the next one. */
  async #run(write: (path: string) => Promise<void>, stop: AbortSignal) {
    // Before anything is waited for: others may be asked for meanwhile.
    this.runs += 1
    const folder = join(this.#options.folder, `${this.runs}`)
    const path = join(folder, this.#options.name)
    await mkdir(folder)
    try {
      await write(path)
      const { size } = await stat(path)
      const end = await runCommand(this.#options.check, path, stop)
      if (end.kind === 'hung') this.hung += 1
      return { end, bytes: size }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
}

function keyOf(units: readonly number[]): string {
  return createHash('sha256').update(Uint32Array.from(units)).digest('base64')
}

import type { Command } from 'commander'
import type { ExitCode, Io } from './io.ts'

/** What an action does with the process that it runs in. */
export type Run = (io: Io) => Promise<ExitCode>

/** One file a command: `describe` adds arguments, options and an action that hands on its `Run`. */
export interface CliCommand {
  readonly name: string
  describe(command: Command, start: (run: Run) => Promise<void>): void
}

/** A command as `feedtape --help` lists it. Its file, with all that it imports, is loaded when it is called. */
export interface CommandEntry {
  readonly name: string
  readonly summary: string
  load(): Promise<CliCommand>
}

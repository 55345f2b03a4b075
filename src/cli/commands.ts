import type { CliCommand } from './command.ts'
import { demoCommand } from './demo.ts'
import { quotesCommand } from './quotes.ts'
import { replayCommand } from './replay.ts'
import { verifyCommand } from './verify.ts'

/** In the order of the way of the data, as `--help` lists them. */
export const COMMANDS: readonly CliCommand[] = [quotesCommand, replayCommand, verifyCommand, demoCommand]

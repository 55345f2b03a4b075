import type { CliCommand } from './command.ts'
import { demoCommand } from './demo.ts'
import { importCommand } from './import.ts'
import { inspectCommand } from './inspect.ts'
import { quotesCommand } from './quotes.ts'
import { recordCommand } from './record.ts'
import { replayCommand } from './replay.ts'
import { verifyCommand } from './verify.ts'

/** In the order of the way of the data, as `--help` lists them. */
export const COMMANDS: readonly CliCommand[] = [
  recordCommand,
  importCommand,
  quotesCommand,
  replayCommand,
  inspectCommand,
  verifyCommand,
  demoCommand,
]

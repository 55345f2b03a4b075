import type { Micros } from '../../model/time.ts'
import { TapeReader } from '../../tape/index.ts'
import { type CompareParserOptions, compareParser, type ParserReport } from './compare-parser.ts'
import { ownUpdates } from './own-updates.ts'
import { type ParserProgram, parserUpdates } from './parser-process.ts'

export type { CompareParserOptions, FieldCount, ParserDifference, ParserReport } from './compare-parser.ts'
export { isDecimal, type ParserUpdate, type ParserValue, readParserLine } from './parser-line.ts'
export type { ParserProgram } from './parser-process.ts'

export const PARSER_SILENCE: Micros = 60_000_000

/** A tape through somebody's parser, against what feedtape reads of it. `tape` has been read. Throws `bad-parser`. */
export async function diffParser(
  path: string,
  program: ParserProgram,
  options: CompareParserOptions & { readonly settings?: ReadonlyMap<string, unknown> } = {},
): Promise<ParserReport & { readonly tape: TapeReader }> {
  const tape = await TapeReader.open(path)
  try {
    const updates = ownUpdates(tape, options.settings)
    const report = await compareParser(updates, parserUpdates(program, path), options)
    return { ...report, tape }
  } finally {
    await tape.close()
  }
}

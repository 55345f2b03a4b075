import type { Micros } from '../../model/time.ts'
import { TapeReader } from '../../tape/index.ts'
import { type CompareParserOptions, compareParser, type ParserReport } from './compare-parser.ts'
import { ownUpdates } from './own-updates.ts'
import { type ParserProgram, parserUpdates } from './parser-process.ts'

export type { CompareParserOptions, FieldCount, ParserDifference, ParserReport } from './compare-parser.ts'
export { isDecimal, type ParserUpdate, type ParserValue, readParserLine } from './parser-line.ts'
export type { ParserProgram } from './parser-process.ts'

export const PARSER_SILENCE: Micros = 60_000_000

/** A tape through somebody's parser, against what feedtape reads of it. Throws `bad-parser`. */
export async function diffParser(
  path: string,
  program: ParserProgram,
  options: CompareParserOptions & { readonly settings?: ReadonlyMap<string, unknown> } = {},
): Promise<ParserReport> {
  const tape = await TapeReader.open(path)
  try {
    return await compareParser(ownUpdates(tape, options.settings), parserUpdates(program, path), options)
  } finally {
    await tape.close()
  }
}

import { diffParser, PARSER_SILENCE, type ParserProgram, type ParserReport } from '../diff/parser/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import type { JsonObject } from '../model/observation.ts'
import { QUOTE_FIELD_NAMES, type QuoteField } from '../model/quote.ts'
import { isoFromEpochMicros } from '../model/time.ts'
import { systemTimers } from '../model/timers.ts'
import {
  parserDiffJunit,
  parserDiffMarkdown,
  parserDiffText,
  parserValueText,
} from '../report/parser-diff.ts'
import { cliConfigOf } from './cli-config.ts'
import { type ExitCode, type Io, say } from './io.ts'
import { durationOption, tellProblems } from './tapes.ts'
import { writeReport } from './write-report.ts'

export interface ParserOptions {
  readonly parser: string
  readonly parserTimeout?: string
  readonly field?: readonly string[]
  readonly config?: string
  readonly json?: true
  readonly markdown?: string | true
  readonly junit?: string
}

export const PARSER_MEANING =
  'hold what your own program reads of the tape against feedtape: it gets the tape’s lines on standard input and ' +
  'writes quote updates as JSON lines (docs/PARSERS.md); another version of feedtape is one, too: ' +
  "'npx feedtape@VERSION quotes - --updates --json'"

export const PARSER_TIMEOUT_MEANING =
  'a parser that writes nothing for so long is taken for hung (default 60s)'

/** `feedtape diff TAPE --parser COMMAND`. */
export async function diffWithParser(io: Io, path: string, options: ParserOptions): Promise<ExitCode> {
  if (path === '-') {
    throw new FeedtapeError('usage', 'standard input can be read only once', {
      where: '-',
      expected: 'a file: your parser and feedtape both read it',
      next: 'write it to a file first',
    })
  }
  const { settings } = await cliConfigOf(options.config)
  const fields = options.field?.map(quoteField)
  const report = await diffParser(path, programOf(options), {
    settings,
    ...(fields === undefined ? {} : { fields }),
  })
  const { junit, markdown } = options
  if (junit !== undefined) await writeReport(junit, parserDiffJunit(path, report), '--junit')
  if (typeof markdown === 'string') {
    await writeReport(markdown, `${parserDiffMarkdown(path, report).join('\n')}\n`, '--markdown')
  }
  if (options.json === true) await say(io, JSON.stringify(reportJson(report)))
  else if (markdown === true) for (const line of parserDiffMarkdown(path, report)) await say(io, line)
  else for (const line of parserDiffText(report)) await say(io, line)
  const isEqual = (fields !== undefined || isSaid(report)) && report.different === 0
  return tellProblems(io, [report.tape]) || (isEqual ? 0 : 1)
}

/** A parser that says nothing has read nothing: that is no agreement. */
function isSaid({ fields, entries }: ParserReport): boolean {
  return entries === 0 || fields.length > 0
}

export function programOf({
  parser,
  parserTimeout,
}: Pick<ParserOptions, 'parser' | 'parserTimeout'>): ParserProgram {
  const silence =
    parserTimeout === undefined ? PARSER_SILENCE : durationOption('--parser-timeout', parserTimeout)
  return { command: parser, silence, timers: systemTimers }
}

export function quoteField(text: string): QuoteField {
  const field = QUOTE_FIELD_NAMES.find(name => name === text)
  if (field !== undefined) return field
  throw new FeedtapeError('usage', 'there is no such field of a quote', {
    where: `--field ${text}`,
    expected: QUOTE_FIELD_NAMES.join(', '),
    found: text,
  })
}

function reportJson({ entries, fields, differences, different, unsaid }: ParserReport): JsonObject {
  return {
    kind: 'parser-diff',
    entries,
    different,
    fields: fields.map(field => ({ ...field })),
    unsaid: [...unsaid],
    differences: differences.map(({ seq, at, feed, conn, name, session, field, ours, theirs }) => ({
      seq,
      at: at === undefined ? null : isoFromEpochMicros(at),
      feed,
      conn: conn ?? null,
      name,
      session,
      field,
      feedtape: ours === undefined ? null : parserValueText({ field }, ours),
      parser: theirs === undefined ? null : parserValueText({ field }, theirs),
    })),
  }
}

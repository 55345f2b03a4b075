import { relative } from 'node:path'
import {
  diffParser,
  isDecimal,
  type ParserDifference,
  type ParserProgram,
  type ParserReport,
  type ParserValue,
} from '../diff/parser/index.ts'
import { decimalText } from '../model/decimal.ts'
import { FeedtapeError } from '../model/errors.ts'
import { QUOTE_FIELDS, type QuoteField } from '../model/quote.ts'
import { isoFromEpochMicros } from '../model/time.ts'
import { openSource } from '../tape/source.ts'
import { unpackedSource } from '../tape/unpack.ts'
import type { CaseCause } from './case-cause.ts'
import { placeOn } from './cause-place.ts'
import type { Change, Difference } from './difference.ts'
import type { GoldenCase } from './discover.ts'
import { readTaught } from './taught.ts'
import { readTwin } from './twin-lines.ts'
import type { CaseResult } from './verify.ts'

/** What of feedtape's reading is compared. */
export interface ParserCheck {
  readonly program: ParserProgram
  /** These and no others; without it, those that the parser says anywhere on a tape. */
  readonly fields?: readonly QuoteField[]
}

/** A case's tape through somebody's parser, against feedtape's reading of it. Throws `bad-parser`. */
export async function verifyParser(
  golden: GoldenCase,
  folder: string,
  { fields, program }: ParserCheck,
): Promise<CaseResult> {
  await refuseDamagedGzip(golden.tape)
  const settings = await readTaught(golden.config)
  const report = await diffParser(golden.tape, program, {
    settings,
    ...(fields === undefined ? {} : { fields }),
    listed: 1,
  })
  const equal: CaseResult = { name: golden.name, differences: [], written: [] }
  const isAsked = fields !== undefined
  const file = relative(folder, golden.quotes)
  const cause = await causeOf(report, golden, file, isAsked)
  if (cause === undefined) return equal
  const { change, expected, found, key, line, of, seq } = cause
  const count = Math.max(report.different, 1)
  const difference: Difference = { file, line, key, expected, found, count, change, kind: of }
  return { ...equal, differences: [seq === undefined ? difference : { ...difference, seq }], cause }
}

const CHUNK_BYTES = 1 << 18

/** A parser is given the lines that a whole file holds; where its packing is cut nobody knows which those are. */
async function refuseDamagedGzip(tape: string): Promise<void> {
  if (!tape.endsWith('.gz')) return
  const source = unpackedSource(await openSource(tape))
  const into = Buffer.alloc(CHUNK_BYTES)
  try {
    while ((await source.read(into)) > 0);
    if (source.damage === undefined) return
    const { expected, found, what } = source.damage
    throw new FeedtapeError('file-missing', `the tape cannot be read to its end: ${what}`, {
      where: tape,
      expected,
      found,
      next: 'feedtape check tells more of it; feedtape check --repair saves what is whole',
    })
  } finally {
    await source.close()
  }
}

/** A parser that says nothing has read nothing: no agreement, unless neither side has a field that was asked for. */
async function causeOf(
  report: ParserReport,
  golden: GoldenCase,
  file: string,
  isAsked: boolean,
): Promise<CaseCause | undefined> {
  const [first] = report.differences
  if (first !== undefined) return differenceCause(first, golden, file)
  if (isAsked || report.entries === 0 || report.fields.length > 0) return undefined
  return {
    kind: 'parser',
    file,
    line: 1,
    key: undefined,
    expected: `${report.entries} entries with a quote`,
    found: 'the parser said nothing at all',
    change: 'gone',
    of: 'quote',
  }
}

async function differenceCause(one: ParserDifference, golden: GoldenCase, file: string): Promise<CaseCause> {
  const { field, name, ours, seq, theirs } = one
  const place = await placeOn(golden.tape, seq)
  return {
    kind: 'parser',
    file,
    line: await lineOf(golden.quotes, seq, name),
    key: `fields.${field}`,
    expected: valueText(field, ours),
    found: valueText(field, theirs),
    change: changeOf(ours, theirs),
    of: 'quote',
    seq,
    ...(place === undefined ? {} : { place }),
  }
}

function changeOf(ours: ParserValue | undefined, theirs: ParserValue | undefined): Change {
  if (ours === undefined) return 'new'
  return theirs === undefined ? 'gone' : 'changed'
}

/** As golden files write it. */
function valueText(field: QuoteField, value: ParserValue | undefined): string {
  if (value === undefined) return 'nothing'
  if (isDecimal(value)) return JSON.stringify(decimalText(value))
  const isTime = typeof value === 'number' && QUOTE_FIELDS[field].type === 'time'
  return JSON.stringify(isTime ? isoFromEpochMicros(value) : value)
}

/** Where feedtape's reading of the entry stands in the twin; 1 where it does not. */
async function lineOf(twin: string, seq: number, name: string): Promise<number> {
  const start = `{"kind":"quote","seq":${seq},`
  const named = `"name":${JSON.stringify(name)}`
  let line = 0
  let first: number | undefined
  for await (const batch of readTwin(twin)) {
    for (const text of batch) {
      line += 1
      if (!text.startsWith(start)) continue
      if (text.includes(named)) return line
      first ??= line
    }
  }
  return first ?? 1
}

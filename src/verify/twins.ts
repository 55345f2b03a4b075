import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { readConfig } from '../instruments/index.ts'
import { excerpt, FeedtapeError, reasonOf } from '../model/errors.ts'
import type { JsonObject, JsonValue } from '../model/observation.ts'
import { microsFromDuration } from '../model/time.ts'
import { Normalizer, observationLine, tallyLine } from '../normalize/index.ts'
import { parseMarkChain, readPositions, replayToLines } from '../pnl/index.ts'
import { TapeMerge } from '../replay/index.ts'
import { TapeReader } from '../tape/index.ts'
import type { GoldenCase } from './discover.ts'

/** A tape's observations, what was wrong with the tape, and the account of its packets. */
export async function quotesTwin(path: string): Promise<readonly string[]> {
  const tape = await TapeReader.open(path)
  try {
    const lines: JsonObject[] = []
    let at = 0
    const normalizer = new Normalizer({
      observation: (observation, entry, packet) =>
        lines.push(observationLine(observation, entry, packet, at)),
    })
    await new TapeMerge([tape]).run((entry, _tape, time) => {
      at = time
      normalizer.apply(entry)
    })
    for (const { line, what, entry } of tape.problems) {
      lines.push({ kind: 'problem', line, what, ...(entry === undefined ? {} : { entry }) })
    }
    return [...lines, tallyLine(normalizer.tally)].map(line => JSON.stringify(line))
  } finally {
    await tape.close()
  }
}

/** What a P&L twin was made with: the first line of its file. */
export interface TwinOptions {
  readonly mark: string
  readonly staleAfter: string
  readonly instruments: JsonValue
}

export const DEFAULT_TWIN_OPTIONS: TwinOptions = { mark: 'last', staleAfter: '60s', instruments: {} }

/** The options line, then the lines of `replay --json` under these options. */
export async function pnlTwin(
  { tape: path, pnl }: GoldenCase,
  positionsFile: string,
  options: TwinOptions,
): Promise<readonly string[]> {
  const { mark, staleAfter, instruments } = options
  const where = `${basename(pnl)}:1`
  const micros = microsFromDuration(staleAfter)
  if (micros === undefined) {
    throw new FeedtapeError('bad-config', 'staleAfter is not a duration', { where, found: staleAfter })
  }
  const config = readConfig(JSON.stringify({ instruments }), where)
  const positions = readPositions(await readFile(positionsFile, 'utf8'), basename(positionsFile))
  const tape = await TapeReader.open(path)
  try {
    const lines = [JSON.stringify({ kind: 'options', mark, staleAfter, instruments })]
    const run = { chain: parseMarkChain(mark), staleAfter: micros, config: config.instruments }
    const { digest } = await replayToLines([tape], positions, run, line => lines.push(line))
    const problems = tape.problems.map(({ line, what }) => JSON.stringify({ kind: 'problem', line, what }))
    return [...lines, JSON.stringify({ kind: 'digest', sha256: digest }), ...problems]
  } finally {
    await tape.close()
  }
}

/** The options that an existing P&L twin was made with; the defaults where there is none yet. */
export function twinOptions(firstLine: string | undefined, where: string): TwinOptions {
  if (firstLine === undefined || firstLine === '') return DEFAULT_TWIN_OPTIONS
  let json: unknown
  try {
    json = JSON.parse(firstLine)
  } catch (cause) {
    throw badOptions(where, reasonOf(cause))
  }
  const result = OPTIONS.safeParse(json)
  if (!result.success) throw badOptions(where, excerpt(firstLine, 120))
  const { mark, staleAfter, instruments } = { ...DEFAULT_TWIN_OPTIONS, ...result.data }
  return { mark, staleAfter, instruments }
}

/** Strict: an option that is misspelt would be replaced by its default at the next --update. */
const OPTIONS = z.strictObject({
  kind: z.literal('options'),
  mark: z.string().exactOptional(),
  staleAfter: z.string().exactOptional(),
  instruments: z.record(z.string(), z.json()).exactOptional(),
})

function badOptions(where: string, found: string): FeedtapeError {
  return new FeedtapeError('bad-config', 'a P&L twin begins with its options', {
    where,
    expected: '{"kind":"options","mark":"last","staleAfter":"60s","instruments":{}}',
    found,
    next: 'correct the first line, or delete the file and run with --update',
  })
}

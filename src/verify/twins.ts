import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { readConfig } from '../instruments/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import type { JsonObject } from '../model/observation.ts'
import { epochMicrosFromIso, microsFromDuration } from '../model/time.ts'
import { Normalizer, observationLine, tallyLine } from '../normalize/index.ts'
import {
  type Positions,
  parseFeeRule,
  parseMarkChain,
  parseMatching,
  readPositions,
  replayToLines,
  type TapePositions,
} from '../pnl/index.ts'
import { TapeMerge } from '../replay/index.ts'
import { TapeReader } from '../tape/index.ts'
import type { GoldenCase } from './discover.ts'
import { readTaught } from './taught.ts'
import { optionsLine, type TwinOptions } from './twin-options.ts'

/** A tape's observations, what was wrong with the tape, and the account of its packets. */
export async function quotesTwin({
  tape: path,
  config,
}: Pick<GoldenCase, 'tape' | 'config'>): Promise<readonly string[]> {
  const settings = await readTaught(config)
  const tape = await TapeReader.open(path)
  try {
    const lines: JsonObject[] = []
    let at = 0
    const normalizer = new Normalizer(
      {
        observation: (observation, entry, packet) =>
          lines.push(observationLine(observation, entry, packet, at)),
      },
      { settings, start: epochMicrosFromIso(tape.header.start) ?? 0 },
    )
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

/** The options line, then the lines of `replay --json` under these options. */
export async function pnlTwin(
  { tape: path, pnl, positions: positionsFile, config: configFile }: GoldenCase,
  options: TwinOptions,
): Promise<readonly string[]> {
  const { mark, staleAfter, instruments, matching, fees, pairs } = options
  const where = `${basename(pnl)}:1`
  const micros = microsFromDuration(staleAfter)
  if (micros === undefined) {
    throw new FeedtapeError('bad-config', 'staleAfter is not a duration', { where, found: staleAfter })
  }
  const config = readConfig(JSON.stringify({ instruments }), where)
  const positions = await positionsOf(positionsFile, options)
  const tape = await TapeReader.open(path)
  try {
    const lines = [optionsLine(options)]
    const run = {
      chain: parseMarkChain(mark),
      staleAfter: micros,
      config: config.instruments,
      settings: await readTaught(configFile),
      ...(matching === undefined ? {} : { matching: parseMatching(matching) }),
      ...(fees === undefined ? {} : { fees: parseFeeRule(fees) }),
      ...(pairs === undefined ? {} : { pairs }),
    }
    const { digest } = await replayToLines([tape], positions, run, line => lines.push(line))
    const problems = tape.problems.map(({ line, what }) => JSON.stringify({ kind: 'problem', line, what }))
    return [...lines, JSON.stringify({ kind: 'digest', sha256: digest }), ...problems]
  } finally {
    await tape.close()
  }
}

async function positionsOf(
  file: string | undefined,
  { positions, account }: TwinOptions,
): Promise<Positions | TapePositions> {
  if (file !== undefined && positions !== undefined) throw twoSources(file)
  if (file !== undefined) return readPositions(await readFile(file, 'utf8'), basename(file))
  return { from: 'fills', ...(account === undefined ? {} : { account }) }
}

function twoSources(file: string): FeedtapeError {
  return new FeedtapeError('bad-config', 'a case has one source of positions', {
    where: basename(file),
    expected: 'this file, or "positions":"fills" in the first line of the P&L twin',
    found: 'both',
    next: 'remove one of them',
  })
}

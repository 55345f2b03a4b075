import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { readConfig } from '../instruments/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import { microsFromDuration } from '../model/time.ts'
import { Normalizer, observationLine, tallyLine } from '../normalize/index.ts'
import {
  type Positions,
  parseCurrency,
  parseFeeRule,
  parseMarkChain,
  parseMatching,
  parseRates,
  readPositions,
  replayToLines,
  type TapePositions,
  type TapeSignals,
} from '../pnl/index.ts'
import { TapeMerge } from '../replay/index.ts'
import { TapeReader } from '../tape/index.ts'
import type { GoldenCase } from './discover.ts'
import { readTaught } from './taught.ts'
import { optionsLine, type TwinOptions } from './twin-options.ts'

/** A tape's observations, what was wrong with the tape, and the account of its packets; block by block of the tape. */
export async function* quotesTwin({
  tape: path,
  config,
}: Pick<GoldenCase, 'tape' | 'config'>): AsyncGenerator<readonly string[], void, undefined> {
  const settings = await readTaught(config)
  const tape = await TapeReader.open(path)
  try {
    const { start } = new TapeMerge([tape])
    const lines: string[] = []
    let at = start
    const normalizer = new Normalizer(
      {
        observation: (observation, entry, packet) =>
          lines.push(JSON.stringify(observationLine(observation, entry, packet, at))),
      },
      { settings, start },
    )
    do {
      for (let entry = tape.next(); entry !== undefined; entry = tape.next()) {
        at = start + entry.at
        normalizer.apply(entry)
      }
      if (lines.length > 0) yield lines.splice(0)
    } while (await tape.fill())
    const problems = tape.problems.map(({ line, what, entry }) => ({
      kind: 'problem',
      line,
      what,
      ...(entry === undefined ? {} : { entry }),
    }))
    yield [...problems, tallyLine(normalizer.tally)].map(line => JSON.stringify(line))
  } finally {
    await tape.close()
  }
}

/** The options line, then the lines of `replay --json` under these options. */
export async function pnlTwin(
  { tape: path, pnl, positions: positionsFile, config: configFile }: GoldenCase,
  options: TwinOptions,
): Promise<readonly string[]> {
  const { mark, staleAfter, instruments, matching, fees, pairs, stats, equity, currency, rates } = options
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
      ...(stats === undefined ? {} : { stats }),
      ...(equity === undefined ? {} : { equity }),
      ...(currency === undefined ? {} : { currency: parseCurrency(currency) }),
      ...(rates === undefined ? {} : { rates: parseRates(rates) }),
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
): Promise<Positions | TapePositions | TapeSignals> {
  if (file !== undefined && positions !== undefined) throw twoSources(file)
  if (file !== undefined) return readPositions(await readFile(file, 'utf8'), basename(file))
  if (positions === 'signals') return { from: 'signals' }
  return { from: positions ?? 'fills', ...(account === undefined ? {} : { account }) }
}

function twoSources(file: string): FeedtapeError {
  return new FeedtapeError('bad-config', 'a case has one source of positions', {
    where: basename(file),
    expected: 'this file, or "positions":"fills" (or "broker", "signals") in the first line of the P&L twin',
    found: 'both',
    next: 'remove one of them',
  })
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { decimalText } from '../../../src/model/decimal.ts'
import type { JsonObject } from '../../../src/model/observation.ts'
import { type PnlOptions, type PositionReport, replayToLines } from '../../../src/pnl/index.ts'
import type { BookPlan } from '../../../src/pnl/replay-options.ts'
import { TapeReader } from '../../../src/tape/index.ts'
import { open, type Step } from '../../../tools/fixtures/script.ts'
import { data } from '../../../tools/fixtures/trade-manager/packets.ts'
import { makeFixture } from '../../../tools/make-fixtures.ts'

export const RULES: PnlOptions = { chain: ['exit-side'], staleAfter: 60_000_000 }

export const nq = (bid: number, ask: number): Step =>
  data('NQ1!', JSON.stringify({ ask, bid }), '{"step": 0.25, "amnt": 5.0}')

/** `OPEN — 2 SELL at 100`, of the strategy S on NQ1! 15 unless another is named. */
export const opened = (trade: string, { strategy = 'S', ticker = 'NQ1!' } = {}): string =>
  `📊 [RECORDER] OPEN — Strategy: **${strategy}**, Ticker: **${ticker}**, Timeframe: **15** — ${trade}`

export const added = (position: string, { strategy = 'S', ticker = 'NQ1!' } = {}): string =>
  `📝 [RECORDER] ADD — Strategy: **${strategy}**, Ticker: **${ticker}**, Timeframe: **15** — Position: ${position}`

/** A form that the tests' own config teaches. */
export const closed = (price: string, size = '', strategy = 'S'): string =>
  `shut ${strategy} NQ1! 15 ${size}@ ${price}`
export const more = (trade: string): string => `more S NQ1! 15 ${trade}`

const TAUGHT = {
  signals: [
    {
      action: 'close',
      pattern:
        '^shut (?<strategy>\\S+) (?<ticker>\\S+) (?<timeframe>\\w+) (?:(?<quantity>[\\d.]+) )?@ (?<price>[\\d.]+)$',
    },
    { action: 'close', pattern: '^shut (?<strategy>\\S+) (?<ticker>\\S+) (?<timeframe>\\w+)$' },
    {
      action: 'add',
      pattern:
        '^more (?<strategy>\\S+) (?<ticker>\\S+) (?<timeframe>\\w+) (?<quantity>\\d+) (?<side>BUY|SELL) at (?<price>[\\d.]+)$',
    },
    {
      action: 'add',
      pattern:
        '^more (?<strategy>\\S+) (?<ticker>\\S+) (?<timeframe>\\w+) (?<quantity>\\d+) at (?<price>[\\d.]+)$',
    },
  ],
}

export async function tapeOf(name: string, ...steps: readonly Step[]): Promise<TapeReader> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-signals-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await makeFixture({ feed: 'trade-manager', name, about: 'a test', steps: [open, ...steps] }, folder)
  const tape = await TapeReader.open(join(folder, `${name}.tape.jsonl`))
  onTestFinished(() => tape.close())
  return tape
}

export interface Ran {
  /** `S NQ1! +1 at 100 realized 0`; then `rounded`, `uncertain`. */
  readonly positions: readonly string[]
  readonly source: JsonObject
  /** Kind, strategy and size of each event that a source brought. */
  readonly events: readonly string[]
  readonly digest: string
}

/** A run over tapes, by what their log says unless another source is named. */
export async function run(
  tapes: TapeReader | readonly TapeReader[],
  plan: BookPlan = { from: 'signals' },
  rules: PnlOptions = RULES,
): Promise<Ran> {
  const lines: JsonObject[] = []
  const settings = new Map([['trade-manager', TAUGHT]])
  const { result, digest } = await replayToLines(tapesOf(tapes), plan, { ...rules, settings }, line =>
    lines.push(JSON.parse(line)),
  )
  const [book] = result.books
  return {
    positions: (book?.positions ?? []).map(shown),
    source: lines.find(({ kind }) => kind === 'source') ?? {},
    events: lines
      .filter(({ kind, at }) => at !== undefined && !['quote', 'stale', 'facts'].includes(`${kind}`))
      .map(({ kind, strategy = '', quantity }) => `${kind} ${strategy} ${quantity}`),
    digest,
  }
}

function tapesOf(tapes: TapeReader | readonly TapeReader[]): readonly TapeReader[] {
  return tapes instanceof TapeReader ? [tapes] : tapes
}

function shown(position: PositionReport): string {
  const { label, instrument, quantity, average, realized, averageWord, uncertainSince } = position
  const words = [
    label?.strategy ?? '–',
    instrument,
    decimalText(quantity),
    ...(average === undefined ? [] : [`at ${decimalText(average)}`]),
    `realized ${realized === undefined ? '–' : decimalText(realized)}`,
    ...(averageWord === undefined ? [] : [averageWord]),
    ...(uncertainSince === undefined ? [] : ['uncertain']),
  ]
  return words.join(' ')
}

import { z } from 'zod'
import { excerpt, FeedtapeError, reasonOf } from '../model/errors.ts'
import type { JsonValue } from '../model/observation.ts'

/** What a P&L twin was made with: the first line of its file. */
export interface TwinOptions {
  readonly mark: string
  readonly staleAfter: string
  readonly instruments: JsonValue
  /** What follows is left out where it is the default: a twin's first line says no more than it was told. */
  readonly matching?: string
  readonly fees?: string
  readonly pairs?: boolean
  /** Where there is no file of fills: those that are on the tape, or what a broker or strategies say there. */
  readonly positions?: 'fills' | 'broker' | 'signals'
  readonly account?: string
  readonly stats?: boolean
  readonly equity?: boolean
  /** With the rates as on the command line: `EUR/USD=1.08`. */
  readonly currency?: string
  readonly rates?: readonly string[]
}

export const DEFAULT_TWIN_OPTIONS: TwinOptions = { mark: 'last', staleAfter: '60s', instruments: {} }

/** The first line of a P&L twin, its keys in one order. */
export function optionsLine({ mark, staleAfter, instruments, ...more }: TwinOptions): string {
  const { matching, fees, pairs, positions, account, stats, equity, currency, rates } = more
  return JSON.stringify({
    kind: 'options',
    mark,
    staleAfter,
    instruments,
    matching,
    fees,
    pairs,
    positions,
    account,
    stats,
    equity,
    currency,
    rates,
  })
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
  const { kind: _, ...options } = result.data
  return { ...DEFAULT_TWIN_OPTIONS, ...options }
}

/** Strict: an option that is misspelt would be replaced by its default at the next --update. */
const OPTIONS = z.strictObject({
  kind: z.literal('options'),
  mark: z.string().exactOptional(),
  staleAfter: z.string().exactOptional(),
  instruments: z.record(z.string(), z.json()).exactOptional(),
  matching: z.string().exactOptional(),
  fees: z.string().exactOptional(),
  pairs: z.boolean().exactOptional(),
  positions: z.enum(['fills', 'broker', 'signals']).exactOptional(),
  account: z.string().exactOptional(),
  stats: z.boolean().exactOptional(),
  equity: z.boolean().exactOptional(),
  currency: z.string().exactOptional(),
  rates: z.array(z.string()).exactOptional(),
})

function badOptions(where: string, found: string): FeedtapeError {
  return new FeedtapeError('bad-config', 'a P&L twin begins with its options', {
    where,
    expected: '{"kind":"options","mark":"last","staleAfter":"60s","instruments":{}}',
    found,
    next: 'correct the first line, or delete the file and run with --update',
  })
}

import type { InstrumentConfig } from '../instruments/index.ts'
import type { Rate, SignalsMapping } from '../pnl/index.ts'

/** All that one config file says, for every command that takes `--config`. */
export interface CliConfig {
  readonly record: RecordConfig | undefined
  /** What the user teaches a feed, by its name, as its own schema has read it. */
  readonly settings: ReadonlyMap<string, unknown>
  readonly instruments: ReadonlyMap<string, InstrumentConfig>
  /** What the bodies of webhooks say. */
  readonly signals?: SignalsMapping | undefined
  readonly diff?: DiffConfig | undefined
  readonly rules?: RulesConfig | undefined
  readonly rates?: readonly Rate[] | undefined
}

/** What P&L is counted by, as written and checked; the command line's own words win. */
export interface RulesConfig {
  readonly mark?: string | undefined
  readonly matching?: string | undefined
  readonly staleAfter?: string | undefined
  readonly fees?: string | undefined
  readonly currency?: string | undefined
}

/** What `diff` allows, as written and checked; the command line's own words win. */
export interface DiffConfig {
  readonly tolerances?: Readonly<Record<string, string | undefined>> | undefined
  readonly maxLag?: string | undefined
  readonly minCoverage?: string | undefined
}

/** What `record` is to do; the command line's own words win. Durations and sizes as written, and checked. */
export interface RecordConfig {
  readonly sources?: readonly SourceConfig[] | undefined
  readonly for?: string | undefined
  readonly frames?: number | undefined
  readonly output?: string | undefined
  readonly rotateSize?: string | undefined
  readonly rotateEvery?: string | undefined
  readonly fsync?: boolean | undefined
  readonly credentials?: string | undefined
}

export interface SourceConfig {
  readonly feed: string
  readonly symbols?: readonly string[] | undefined
  readonly url?: string | undefined
  readonly every?: string | undefined
  readonly options?: Readonly<Record<string, string | undefined>> | undefined
}

/** What `--config` says, where it was given. Without it no command waits for the libraries that read it. */
export async function cliConfigOf(path: string | undefined): Promise<CliConfig> {
  if (path === undefined) return { record: undefined, settings: new Map(), instruments: new Map() }
  const { readCliConfig } = await import('./config.ts')
  return await readCliConfig(path)
}

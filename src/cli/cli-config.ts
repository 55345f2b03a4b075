import type { InstrumentConfig } from '../instruments/index.ts'

/** All that one config file says, for every command that takes `--config`. */
export interface CliConfig {
  readonly record: RecordConfig | undefined
  /** What the user teaches a feed, by its name, as its own schema has read it. */
  readonly settings: ReadonlyMap<string, unknown>
  readonly instruments: ReadonlyMap<string, InstrumentConfig>
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

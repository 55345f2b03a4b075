import type { Feed } from '../feeds/index.ts'
import { FeedtapeError } from '../model/errors.ts'
import { checkedOptions, type RecordLimits, type SourceOptions } from '../record/index.ts'
import type { RotationRule } from '../tape/index.ts'
import type { CliConfig, SourceConfig } from './cli-config.ts'
import {
  byFeed,
  checkedAddress,
  checkedFeed,
  checkedLimits,
  checkedOutput,
  checkedPace,
  checkedRotation,
  checkedSymbols,
  checkedUrl,
  chosenIn,
} from './record-options.ts'

export interface RecordFlags {
  readonly symbol?: readonly string[]
  readonly every?: readonly string[]
  readonly option?: readonly string[]
  readonly url?: readonly string[]
  readonly authUrl?: readonly string[]
  readonly config?: string
  readonly configSchema?: true
  readonly for?: string
  readonly frames?: string
  readonly output?: string
  readonly credentials?: string
  readonly overwrite?: true
  readonly fsync?: true
  readonly rotateSize?: string
  readonly rotateEvery?: string
  readonly forcePermission?: true
  readonly json?: true
}

/** What is to be recorded, how long and to where: of the command line and of the config, the former first. */
export interface RecordRequest {
  readonly sources: readonly SourceOptions[]
  readonly limits: RecordLimits
  readonly rotate: RotationRule | undefined
  readonly output: string | undefined
  readonly fsync: boolean
  readonly credentialsFile: string | undefined
}

/** What the command is called, and its option for a polled feed's pace: errors say them. */
export interface RecordWords {
  readonly command: 'record' | 'watch'
  readonly pace: '--every' | '--poll-every'
}

const RECORD: RecordWords = { command: 'record', pace: '--every' }

/** Throws `usage`; what the config says was checked when it was read. */
export function requestOf(
  names: readonly string[],
  flags: RecordFlags,
  config: CliConfig,
  words: RecordWords = RECORD,
): RecordRequest {
  const { record = {} } = config
  return {
    sources:
      names.length === 0
        ? configuredSources(flags, config, words)
        : namedSources(names, flags, config, words),
    limits: checkedLimits({
      for: flags.for ?? record.for,
      frames: flags.frames ?? record.frames?.toString(),
    }),
    rotate: checkedRotation({
      rotateSize: flags.rotateSize ?? record.rotateSize,
      rotateEvery: flags.rotateEvery ?? record.rotateEvery,
    }),
    output: checkedOutput(flags.output ?? record.output),
    fsync: flags.fsync ?? record.fsync ?? false,
    credentialsFile: flags.credentials ?? record.credentials,
  }
}

/** What belongs to a source, and so to the feeds that are named beside it. */
const OF_A_SOURCE = ['symbol', 'every', 'option', 'url'] as const

function namedSources(
  names: readonly string[],
  flags: RecordFlags,
  config: CliConfig,
  words: RecordWords,
): readonly SourceOptions[] {
  if (config.record?.sources !== undefined) throw twice('the feeds that are named')
  const feeds = [...new Set(names)].map(checkedFeed)
  const isOneOfMany = feeds.length > 1
  const symbols = byFeed('--symbol', flags.symbol ?? [], feeds)
  const options = byFeed('--option', flags.option ?? [], feeds, ':')
  const urls = byFeed('--url', flags.url ?? [], feeds)
  const paces = pacesOf(words.pace, flags.every ?? [], feeds)
  return feeds.map(feed => {
    const url = checkedUrl('--url', feed, urls.get(feed.name)?.at(-1))
    const pace = checkedPace(feed, paces.get(feed.name), words.pace)
    return {
      feed,
      symbols: checkedSymbols(feed, symbols.get(feed.name), isOneOfMany, words.command),
      options: checkedOptions(feed, chosenIn(options.get(feed.name)), '--option'),
      ...(url === undefined ? {} : { url }),
      ...(pace === undefined ? {} : { pace }),
      ...besides(feed, feeds, flags, config),
    }
  })
}

/** A pace that names no feed is for all that are polled. */
function pacesOf(
  where: string,
  values: readonly string[],
  feeds: readonly Feed[],
): ReadonlyMap<string, readonly string[]> {
  const polled = feeds.filter(feed => feed.transport === 'http')
  const every = values.flatMap(value =>
    value.includes('=') || polled.length === 0 ? [value] : polled.map(feed => `${feed.name}=${value}`),
  )
  return byFeed(where, every, feeds)
}

function configuredSources(
  flags: RecordFlags,
  config: CliConfig,
  words: RecordWords,
): readonly SourceOptions[] {
  const sources: readonly SourceConfig[] = config.record?.sources ?? []
  const misplaced = OF_A_SOURCE.find(name => flags[name] !== undefined)
  if (sources.length > 0 && misplaced !== undefined)
    throw twice(misplaced === 'every' ? words.pace : `--${misplaced}`)
  if (sources.length === 0) {
    throw new FeedtapeError('usage', 'nothing to record', {
      expected: 'one or more feeds, or --config FILE with record.sources',
      next: `feedtape ${words.command} tradingview-socket --symbol CME_MINI:NQ1!`,
    })
  }
  const feeds = sources.map(source => checkedFeed(source.feed))
  return sources.map((source, index) => {
    const feed = checkedFeed(source.feed)
    const where = `${flags.config} record.sources.${index}`
    const url = checkedUrl(`${where}.url`, feed, source.url)
    const pace = checkedPace(feed, source.every === undefined ? undefined : [source.every])
    return {
      feed,
      symbols: [...new Set(source.symbols ?? [])],
      options: checkedOptions(feed, chosenIn(optionTexts(source)), `${where}.options`),
      ...(url === undefined ? {} : { url }),
      ...(pace === undefined ? {} : { pace }),
      ...besides(feed, feeds, flags, config),
    }
  })
}

function optionTexts({ options = {} }: SourceConfig): readonly string[] {
  return Object.entries(options).map(([name, value]) => `${name}=${value}`)
}

function twice(what: string): FeedtapeError {
  return new FeedtapeError('usage', `the config has record.sources, and ${what} would change them`, {
    expected: 'sources either in the config or on the command line',
    next: 'leave one of them out',
  })
}

/** What comes neither from a source's own words nor from the credentials. */
function besides(
  feed: Feed,
  feeds: readonly Feed[],
  flags: RecordFlags,
  { settings }: CliConfig,
): Pick<SourceOptions, 'exchangeUrl' | 'flags' | 'settings'> {
  const given = byFeed('--auth-url', flags.authUrl ?? [], feeds)
    .get(feed.name)
    ?.at(-1)
  const exchangeUrl = checkedAddress('--auth-url', given, /^https?:$/, 'http://… or https://…')
  const taught = settings.get(feed.name)
  return {
    ...(exchangeUrl === undefined ? {} : { exchangeUrl }),
    ...(flags.forcePermission === true ? { flags: new Set(['force-permission']) } : {}),
    ...(taught === undefined ? {} : { settings: taught }),
  }
}

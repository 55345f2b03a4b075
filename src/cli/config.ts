import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { FEEDS, type Feed } from '../feeds/index.ts'
import { INSTRUMENTS_SCHEMA } from '../instruments/config.ts'
import { configJson, refusalOf, writtenObject } from '../instruments/hand-written.ts'
import { readConfig } from '../instruments/index.ts'
import type { Decimal } from '../model/decimal.ts'
import { FeedtapeError, reasonOf } from '../model/errors.ts'
import type { Rate } from '../pnl/index.ts'
import { SIGNALS_SCHEMA } from '../pnl/index.ts'
import type { CliConfig } from './cli-config.ts'
import { DIFF_SCHEMA } from './diff-schema.ts'
import { RATES_SCHEMA, RULES_SCHEMA } from './rules-schema.ts'
import { durationOf, sizeOf } from './written.ts'

/** The schema of the whole file, made of what each feed knows about itself. */
export function configSchema(feeds: readonly Feed[] = FEEDS) {
  const settings = feeds.flatMap(({ name, settings: taught }) =>
    taught === undefined ? [] : [[name, taught.schema.optional()] as const],
  )
  return writtenObject({
    $schema: z.string('where the schema of this file is, for editors').optional(),
    record: recordSchema(feeds).optional(),
    feeds: writtenObject(Object.fromEntries(settings)).optional(),
    instruments: INSTRUMENTS_SCHEMA.optional(),
    rules: RULES_SCHEMA.optional(),
    rates: RATES_SCHEMA.optional(),
    signals: SIGNALS_SCHEMA.optional(),
    diff: DIFF_SCHEMA.optional(),
  })
}

function recordSchema(feeds: readonly Feed[]) {
  const duration = written(
    'a duration longer than nothing, such as "90s"',
    text => durationOf(text) !== undefined,
  )
  const size = written('a size from 10kB, such as "100MB"', text => sizeOf(text) !== undefined)
  const count = 'a whole number from 1'
  return writtenObject({
    sources: z
      .array(anySource(feeds), 'a list of sources such as [{"feed":"…","symbols":["…"]}]')
      .min(1, 'at least one source')
      .optional(),
    for: duration.describe('End after so long: "10m"').optional(),
    frames: z.int(count).min(1, count).describe('End after so many incoming frames and answers').optional(),
    output: written('a file’s name', text => text !== '')
      .describe('The tape')
      .optional(),
    rotateSize: size.describe('Go on in the next part at this size: "100MB"').optional(),
    rotateEvery: duration.describe('Go on in the next part after so long: "1h"').optional(),
    fsync: z.boolean('true or false').describe('Have the data on the disk itself every 100 ms').optional(),
    credentials: written('a file’s name', text => text !== '')
      .describe('A file with NAME=value lines; never the values themselves')
      .optional(),
  })
}

function anySource(feeds: readonly Feed[]) {
  const [first, ...others] = feeds.map(sourceSchema)
  if (first === undefined) throw new Error('a registry without feeds')
  const names = feeds.map(feed => feed.name).join(', ')
  return z.discriminatedUnion('feed', [first, ...others], {
    error: `a source whose feed is one of: ${names}`,
  })
}

function sourceSchema(feed: Feed) {
  const { needsSymbols = true, options = [] } = feed.session
  const symbols = z
    .array(
      written('a symbol', text => text !== ''),
      'a list of symbols such as ["…"]',
    )
    .min(1, 'at least one symbol')
  const chosen = options.map(({ meaning, name, refuse, value }) => {
    const option = z.string(meaning).superRefine((text, context) => {
      const refusal = refuse?.(text)
      if (refusal !== undefined) context.addIssue({ code: 'custom', message: `${meaning}: ${refusal}` })
    })
    return [name, option.describe(`${meaning} (if nothing is chosen: ${value})`).optional()] as const
  })
  const protocol = feed.transport === 'http' ? /^https?:$/ : /^wss?:$/
  const example = feed.transport === 'http' ? 'https://…' : 'wss://…'
  const url = written(`an address ${example}`, text => protocol.test(URL.parse(text)?.protocol ?? ''))
  const shape = {
    feed: z.literal(feed.name).describe(feed.title),
    symbols: needsSymbols ? symbols : symbols.optional(),
    url: url.describe('Instead of the feed’s own address').optional(),
    options: writtenObject(Object.fromEntries(chosen)).optional(),
  }
  if (feed.transport === 'websocket') return writtenObject(shape)
  return writtenObject({ ...shape, every: paceSchema(feed.session.fastest) })
}

function paceSchema(fastest: number) {
  const least = `${fastest / 1_000}ms`
  const isPolite = (text: string): boolean => (durationOf(text) ?? 0) >= fastest
  return written(`a duration from ${least}, such as "1s"`, isPolite)
    .describe(`From one request to the next, from ${least}`)
    .optional()
}

function written(expected: string, isRight: (text: string) => boolean) {
  return z.string(expected).refine(isRight, expected)
}

/** Reads the file that `--config` names. Throws `file-missing` and `bad-config`, which name the key. */
export async function readCliConfig(path: string): Promise<CliConfig> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new FeedtapeError('file-missing', 'the file cannot be read', {
      where: `--config ${path}`,
      found: reasonOf(cause),
      next: 'check the path',
      cause,
    })
  })
  return parseCliConfig(text, path)
}

export function parseCliConfig(text: string, file: string, feeds: readonly Feed[] = FEEDS): CliConfig {
  const json = configJson(text, file, '{"record":{},"instruments":{}}')
  const result = configSchema(feeds).safeParse(json)
  if (!result.success) {
    const { found, path, ...detail } = refusalOf(result.error, json)
    const where = path === '' ? file : `${file} ${path}`
    throw new FeedtapeError('bad-config', 'the config does not say what it should', {
      where,
      ...detail,
      found: isShown(path, found) ? found : NOT_SHOWN,
    })
  }
  const { diff, feeds: taught = {}, rates, record, rules, signals } = result.data
  const instruments: unknown = Object.entries(json ?? {}).find(([key]) => key === 'instruments')?.[1]
  return {
    ...(diff === undefined ? {} : { diff }),
    ...(signals === undefined ? {} : { signals }),
    record,
    ...(rules === undefined ? {} : { rules }),
    ...(rates === undefined ? {} : { rates: ratesIn(rates) }),
    settings: new Map(Object.entries(taught).filter(([, settings]) => settings !== undefined)),
    instruments: readConfig(JSON.stringify({ instruments }), file).instruments,
  }
}

function ratesIn(written: Readonly<Record<string, Readonly<Record<string, Decimal>>>>): readonly Rate[] {
  return Object.entries(written).flatMap(([from, worth]) =>
    Object.entries(worth).map(([to, rate]) => ({ from, to, rate })),
  )
}

const NOT_SHOWN = 'something that is not shown: it may hold a credential'

/** What is to be recorded is a word or a short list of them; anything longer may be a token in the wrong place. */
function isShown(path: string, found: string): boolean {
  if (!path.startsWith('record') || !found.startsWith('"')) return true
  return /^[\w.,:| -]{0,15}$/.test(found.replaceAll(/[\\"]/g, ''))
}

/** The same as JSON schema, for editors: docs/config.schema.json. */
export function configSchemaText(): string {
  const schema = z.toJSONSchema(configSchema(), { io: 'input', target: 'draft-07', unrepresentable: 'any' })
  return `${JSON.stringify({ title: 'feedtape --config', ...schema }, undefined, 2)}\n`
}

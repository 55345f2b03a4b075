import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { configSchemaText, parseCliConfig } from '../../src/cli/config.ts'
import { FEEDS, type Feed } from '../../src/feeds/index.ts'
import { FeedtapeError } from '../../src/model/errors.ts'
import { folder } from '../record/scene.ts'
import { smallFeed } from '../record/small-feed.ts'
import { runCli } from './run-cli.ts'

const small: Feed = {
  ...smallFeed({ fastest: 200_000 }),
  settings: { schema: z.strictObject({ tick: z.string('a tick') }) },
}
const KNOWN = [small, ...FEEDS]

function refusal(config: unknown): string {
  try {
    parseCliConfig(JSON.stringify(config), 'my.json', KNOWN)
  } catch (thrown) {
    if (thrown instanceof FeedtapeError) return thrown.explain()
  }
  throw new Error('it was taken')
}

function source(words: object): object {
  return { record: { sources: [{ feed: 'small', symbols: ['A'], ...words }] } }
}

describe('a config that does not say what it should names the key', () => {
  test.each([
    [[], 'my.json: ', 'an object with the keys $schema, record, feeds, instruments'],
    [{ recor: {} }, 'my.json recor: ', 'only the keys $schema, record, feeds, instruments'],
    [{ record: { sources: [] } }, 'my.json record.sources: ', 'at least one source'],
    [
      { record: { sources: [{ feed: 'nasdaq' }] } },
      'my.json record.sources.0.feed: ',
      'one of: small, tradingview-socket',
    ],
    [{ record: { for: '10' } }, 'my.json record.for: ', 'a duration longer than nothing, such as "90s"'],
    [{ record: { rotateSize: '5' } }, 'my.json record.rotateSize: ', 'a size from 10kB'],
    [{ record: { frames: 1.5 } }, 'my.json record.frames: ', 'a whole number from 1'],
    [source({ symbols: [] }), 'my.json record.sources.0.symbols: ', 'at least one symbol'],
    [source({ every: '100ms' }), 'my.json record.sources.0.every: ', 'a duration from 200ms'],
    [source({ url: 'wss://x/' }), 'my.json record.sources.0.url: ', 'an address https://…'],
    [source({ options: { path: 'x' } }), 'my.json record.sources.0.options.path: ', 'it begins with /'],
    [source({ options: { way: 'x' } }), 'my.json record.sources.0.options.way: ', 'only the keys path'],
    [source({ password: 'planted-secret' }), 'my.json record.sources.0.password: ', 'only the keys feed'],
    [{ feeds: { small: { tick: 1 } } }, 'my.json feeds.small.tick: ', 'a tick'],
    [{ feeds: { other: {} } }, 'my.json feeds.other: ', 'only the keys small'],
    [
      { instruments: { A: { pointValue: '0' } } },
      'my.json instruments.A.pointValue: ',
      'a decimal above zero',
    ],
  ])('%j', (config, where, expected) => {
    const words = refusal(config)
    expect(words.startsWith(where), words).toBe(true)
    expect(words).toContain(expected)
    expect(words).not.toContain('planted-secret')
  })

  test('and says where the JSON is none', () => {
    expect(() => parseCliConfig('{', 'my.json')).toThrow('the config is not JSON')
  })
})

test('one file holds what is recorded, what feeds are taught and what instruments are worth', () => {
  const text = JSON.stringify({
    $schema: './config.schema.json',
    record: {
      sources: [
        { feed: 'tradingview-socket', symbols: ['CME_MINI:NQ1!'] },
        { feed: 'small', symbols: ['A'], every: '1s', options: { path: '/x' }, url: 'http://127.0.0.1/' },
      ],
      for: '10m',
      output: 'a.tape.jsonl',
    },
    feeds: { small: { tick: '0.25' } },
    instruments: { 'CME_MINI:NQ1!': { pointValue: '20' } },
  })
  const config = parseCliConfig(`\uFEFF${text}`, 'my.json', KNOWN)
  expect(config.record).toMatchObject({ for: '10m', sources: [{}, { every: '1s', options: { path: '/x' } }] })
  expect(config.settings).toEqual(new Map([['small', { tick: '0.25' }]]))
  expect(config.instruments.get('CME_MINI:NQ1!')?.pointValue).toEqual({ mantissa: 20, scale: 0 })
})

describe('the schema for editors', () => {
  const committed = fileURLToPath(new URL('../../docs/config.schema.json', import.meta.url))

  test('is committed as it is now: feedtape record --config-schema > docs/config.schema.json', async () => {
    expect(await readFile(committed, 'utf8')).toBe(configSchemaText())
  })

  test('names every feed, its options and what it can be taught', () => {
    const schema: unknown = JSON.parse(configSchemaText())
    const text = JSON.stringify(schema)
    for (const feed of FEEDS) {
      expect(text).toContain(`"const":"${feed.name}"`)
      for (const { name } of feed.session.options ?? []) expect(text).toContain(`"${name}":{`)
    }
    const taught = FEEDS.filter(feed => feed.settings !== undefined).map(feed => feed.name)
    expect(schema).toHaveProperty(
      'properties.feeds.properties',
      Object.fromEntries(taught.map(name => [name, expect.any(Object)])),
    )
  })

  test('is printed by the program', async () => {
    const { code, stdout } = await runCli(['record', '--config-schema'])
    expect([code, stdout]).toEqual([0, configSchemaText()])
  })
})

test.each(['quotes', 'inspect', 'replay'])(
  '%s reads the same file, and names the key that is wrong',
  async command => {
    const cwd = await folder()
    await writeFile(join(cwd, 'my.json'), '{"record":{},"feeds":{"nobody":{}}}')
    await writeFile(join(cwd, 'fills.jsonl'), '')
    const positions = command === 'replay' ? ['--positions', 'fills.jsonl'] : []
    const { code, stderr } = await runCli([command, 'a.tape.jsonl', ...positions, '--config', 'my.json'], {
      cwd,
    })
    expect([code, stderr]).toEqual([
      4,
      expect.stringContaining('my.json feeds.nobody: the config does not say'),
    ])
    const missing = await runCli([command, 'a.tape.jsonl', ...positions, '--config', 'no.json'], { cwd })
    expect([missing.code, missing.stderr]).toEqual([
      4,
      expect.stringContaining('--config no.json: the file cannot'),
    ])
  },
)

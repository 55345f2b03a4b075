import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FEEDS } from '../../src/feeds/index.ts'
import { tradingviewScanner } from '../../src/feeds/tradingview-scanner/index.ts'
import { tradingviewSocket } from '../../src/feeds/tradingview-socket/index.ts'
import { runCli } from '../cli/run-cli.ts'
import { feedtape } from './feedtape.ts'
import { folder, NQ, ofKind, readEntries, venueForTest } from './scene.ts'
import { hostForTest } from './small-venue.ts'

const BOTH = ['tradingview-socket', 'tradingview-scanner']
const TO_BOTH = ['--symbol', `tradingview-socket=${NQ}`, '--symbol', `tradingview-scanner=${NQ}`]

async function record(args: readonly string[], cwd?: string) {
  const place = cwd ?? (await folder())
  const guard = new URL('../loopback-guard.mjs', import.meta.url).href
  const result = await runCli(['record', ...args], { cwd: place, env: { NODE_OPTIONS: `--import=${guard}` } })
  return { ...result, cwd: place }
}

test.each([
  [[...BOTH, '--symbol', NQ], /--symbol: several feeds are named[\s\S]*tradingview-socket=…/],
  [
    [...BOTH, ...TO_BOTH.slice(0, 2)],
    /nothing to subscribe to on tradingview-scanner[\s\S]*--symbol tradingview-scanner=/,
  ],
  [[...BOTH, ...TO_BOTH, '--url', 'ws://127.0.0.1/'], /--url: several feeds are named/],
  [
    ['tradingview-scanner', '--symbol', NQ, '--url', 'ws://127.0.0.1/'],
    /--url: this is no address[\s\S]*https/,
  ],
  [
    ['tradingview-scanner', '--symbol', NQ, '--every', '1ms'],
    /--every: tradingview-scanner is not asked so often[\s\S]*200ms/,
  ],
  [['json-socket'], /--url: json-socket has no address of its own/],
  [['tradingview-socket', '--symbol', NQ, '--every', '1s'], /--every: tradingview-socket is a socket/],
  [['tradingview-scanner', '--symbol', NQ, '--option', 'planet=mars'], /has no such option[\s\S]*market/],
  [
    ['tradingview-scanner', '--symbol', NQ, '--option', 'market'],
    /--option: this chooses nothing[\s\S]*NAME=VALUE/,
  ],
  [
    ['tradingview-scanner', '--config', 'c.json'],
    /the config has record.sources[\s\S]*leave one of them out/,
  ],
  [['--config', 'c.json', '--symbol', NQ], /the config has record.sources, and --symbol/],
])('%j is wrong usage: exit 2, and nothing is recorded', async (args, explained) => {
  const cwd = await folder()
  const sources = [{ feed: 'tradingview-socket', symbols: [NQ] }]
  await writeFile(join(cwd, 'c.json'), JSON.stringify({ record: { sources } }))
  const { code, stderr } = await record(args, cwd)
  expect(stderr).toMatch(explained)
  expect(code).toBe(2)
  expect(await readdir(cwd)).toEqual(['c.json'])
})

test('an option that is refused is not repeated where it may hold a credential', async () => {
  const hello = 'hello={"token":"planted0Secret123"}'
  const args = ['json-socket', '--url', 'ws://127.0.0.1:9/', '--option', hello]
  const { code, stderr } = await record(args, await folder())
  expect({ code, isNamed: stderr.includes('cannot use this hello') }).toEqual({ code: 2, isNamed: true })
  expect(stderr).not.toContain('planted0Secret123')
})

test('the help names every feed, its choices and its variables', async () => {
  const { code, stdout } = await runCli(['record', '--help'])
  expect(code).toBe(0)
  for (const { name, session } of FEEDS) {
    expect(stdout).toContain(`  ${name}\n`)
    for (const option of session.options ?? []) expect(stdout).toContain(`--option ${option.name}=`)
    for (const { variable } of session.credentials) expect(stdout).toContain(variable)
  }
})

test('two feeds are recorded side by side onto one tape, by flags and by a config alike', async () => {
  const host = await hostForTest(tradingviewSocket.conversation, tradingviewScanner.conversation)
  const urls = { socket: host.urlOf(tradingviewSocket.conversation), scanner: host.origin }
  const flags = [
    ...TO_BOTH,
    '--url',
    `tradingview-socket=${urls.socket}`,
    '--url',
    `tradingview-scanner=${urls.scanner}`,
  ]
  const named = await record([
    ...BOTH,
    ...flags,
    '--every',
    '200ms',
    '--for',
    '1500ms',
    '-o',
    'a.jsonl',
    '--json',
  ])
  const cwd = await folder()
  const sources = [
    { feed: 'tradingview-socket', symbols: [NQ], url: urls.socket },
    { feed: 'tradingview-scanner', symbols: [NQ], url: urls.scanner, every: '200ms' },
  ]
  const config = { record: { sources, for: '10m', output: 'a.jsonl' } }
  await writeFile(join(cwd, 'c.json'), JSON.stringify(config))
  const configured = await record(['--config', 'c.json', '--for', '1500ms', '--json'], cwd)
  for (const { code, cwd: place, stderr, stdout } of [named, configured]) {
    expect(stderr).toMatch(/tradingview-scanner: limits: a request every 200 ms/)
    expect(stderr).toMatch(/tradingview-socket: connection 1 to 127/)
    expect(code, stderr).toBe(0)
    const answer = JSON.parse(stdout)
    expect(answer).toMatchObject({ ending: 'time', connections: 2, failures: 0 })
    expect(answer.sources).toMatchObject([
      { name: 'tradingview-socket', standing: 'guest' },
      { name: 'tradingview-scanner', connections: 1 },
    ])
    const entries = await readEntries(join(place, 'a.jsonl'))
    const asked = ofKind(entries, 'request').filter(request => request.feed === 'tradingview-scanner')
    expect(asked.length).toBeGreaterThan(3)
    expect(asked.length).toBeLessThan(10)
    const quotes = await runCli(['quotes', '--json', 'a.jsonl'], { cwd: place })
    expect(quotes.stdout).toContain(NQ)
    expect(await runCli(['check', 'a.jsonl'], { cwd: place })).toMatchObject({ code: 0 })
  }
})

test('Ctrl-C ends all sources in order, also one that waits: sealed, exit 0', async () => {
  const venue = await venueForTest()
  const host = await hostForTest(tradingviewScanner.conversation)
  const urls = ['--url', `tradingview-socket=${venue.url}`, '--url', `tradingview-scanner=${host.origin}`]
  const run = await feedtape([...BOTH, ...TO_BOTH, ...urls, '-o', 'a.jsonl', '--json'])
  const client = await venue.client()
  await run.says(/tradingview-scanner: the venue takes us in|tradingview-scanner: connection 1/)
  host.fail({ kind: 'status', status: 429, headers: { 'retry-after': '600' } })
  await run.says(/tradingview-scanner: the venue answers 429.*next try in 10 m/)
  const closed = new Promise(resolve => client.socket.once('close', resolve))
  run.process.kill('SIGINT')
  expect(await run.exit).toBe(0)
  expect(await closed).toBe(1000)
  expect(JSON.parse(run.output.stdout)).toMatchObject({ ending: 'stopped', connections: 2 })
  expect(await readEntries(join(run.cwd, 'a.jsonl'))).not.toEqual([])
})

test('one source refused beside one that was recorded is exit 3, and said; all refused is exit 4', async () => {
  const venue = await venueForTest()
  const host = await hostForTest(tradingviewScanner.conversation)
  const flags = [
    ...TO_BOTH,
    '--url',
    `tradingview-socket=${venue.url}`,
    '--url',
    `tradingview-scanner=${host.origin}`,
  ]
  const sayNo = async (): Promise<void> => {
    ;(await venue.client()).says(
      '{"session_id":"0.1.1_test"}',
      '{"m":"protocol_error","p":["bad auth token"]}',
    )
  }
  const [some] = await Promise.all([record([...BOTH, ...flags, '--for', '2s', '-o', 'a.jsonl']), sayNo()])
  expect(some.code, some.stderr).toBe(3)
  expect(some.stderr).toMatch(/tradingview-socket: refused for good: the venue does not take our token/)
  expect(some.stderr).toMatch(/a\.jsonl \(tradingview-socket\): the venue does not take our token[\s\S]*next/)
  const [all] = await Promise.all([
    record(['tradingview-socket', '--symbol', NQ, '--url', venue.url, '-o', 'a.jsonl']),
    sayNo(),
  ])
  expect(all.code).toBe(4)
})

test('a feed that nobody reached beside one that was recorded is exit 3, and said', async () => {
  const host = await hostForTest(tradingviewScanner.conversation)
  const gone = await venueForTest()
  await gone.close()
  const flags = [
    ...TO_BOTH,
    '--url',
    `tradingview-socket=${gone.url}`,
    '--url',
    `tradingview-scanner=${host.origin}`,
  ]
  const { code, stderr } = await record([...BOTH, ...flags, '--for', '1s', '-o', 'a.jsonl'])
  expect([code, stderr]).toEqual([
    3,
    expect.stringContaining('(tradingview-socket): no connection came about'),
  ])
})

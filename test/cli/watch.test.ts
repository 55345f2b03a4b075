import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { tradingviewSocket } from '../../src/feeds/tradingview-socket/index.ts'
import type { Host } from '../../src/serve/index.ts'
import { listenTo } from '../live/listener.ts'
import { hostOf, NQ } from '../live/live-scene.ts'
import { feedtape, type Run } from '../record/feedtape.ts'
import { folder } from '../record/scene.ts'
import { runCli } from './run-cli.ts'

const TAPE = 'live.tape.jsonl'
const RULES = ['--positions', 'fills.jsonl', '--stale-after', '200ms', '--mark', 'exit-side,last']

/** A folder with a file of fills, of which the second is still to come. */
async function place(): Promise<string> {
  const cwd = await folder()
  const at = new Date(Date.now() + 700).toISOString()
  const fills = [
    { instrument: NQ, side: 'buy', quantity: '2', price: '25600.25', fee: '1.24' },
    { instrument: NQ, side: 'sell', quantity: '1', price: '25601', fee: '0.62', at },
  ]
  await writeFile(join(cwd, 'fills.jsonl'), fills.map(fill => JSON.stringify(fill)).join('\n'))
  return cwd
}

async function watch(cwd: string, args: readonly string[], symbol = NQ): Promise<Run> {
  return await feedtape(['tradingview-socket', '--symbol', symbol, ...args], {}, 'watch', cwd)
}

function venue(host: Host): readonly string[] {
  return ['--url', host.urlOf(tradingviewSocket.conversation), '-o', TAPE]
}

/** Until the host is closed, which ends it with an error. */
function playOn(host: Host): void {
  host.play(100_000, 10_000).catch(() => {})
}

async function playUntil(host: Host, run: Run, holds: () => boolean): Promise<void> {
  while (!holds()) {
    if (run.process.exitCode !== null) throw new Error(`it ended too early: ${run.output.stderr}`)
    await host.play(5, 10_000)
  }
}

function lines(run: Run): readonly string[] {
  return run.output.stdout.split('\n').filter(line => line !== '')
}

async function until(run: Run, holds: () => boolean): Promise<void> {
  const { exit, output, process: child } = run
  let isOver = false
  void exit.then(() => {
    isOver = true
  })
  while (!holds()) {
    if (isOver) throw new Error(`it ended too early: ${output.stderr}`)
    await Promise.race([once(child.stdout ?? child, 'data'), exit])
  }
}

describe('what is wrong is said before anything is published, recorded or asked', () => {
  test.each([
    [[], /--positions/],
    [[...RULES, '--publish', '99999'], /--publish: this is no port/],
    [
      [...RULES, '--publish', '0.0.0.0:8787'],
      /others than this machine could read[\s\S]*--publish-host 0\.0\.0\.0/,
    ],
    [[...RULES, '--publish-host', '0.0.0.0'], /--publish-host: nothing is published/],
    [[...RULES, '--publish', '0', '--publish-every', '1ms'], /--publish-every: not so often/],
    [
      [...RULES, '--publish', '0', '--publish-origin', 'example.org/x'],
      /--publish-origin: this is no origin/,
    ],
    [[...RULES, '--poll-every', '1s'], /--poll-every: tradingview-socket is a socket/],
    [[...RULES, '--mark', 'best'], /--mark/],
  ])('%j is wrong usage: exit 2', async (args, explained) => {
    const cwd = await place()
    const { code, stderr } = await runCli(['watch', 'tradingview-socket', '--symbol', NQ, ...args], { cwd })
    expect(stderr).toMatch(explained)
    expect(code).toBe(2)
    expect(await readdir(cwd)).toEqual(['fills.jsonl'])
  })

  test('a port that is taken: exit 2, and nothing is recorded', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? `${address?.port}` : ''
    const cwd = await place()
    const run = await watch(cwd, [...RULES, '--publish', port])
    expect(await run.exit).toBe(2)
    expect(run.output.stderr).toMatch(/somebody else serves there[\s\S]*take another port/)
    expect(await readdir(cwd)).toEqual(['fills.jsonl'])
  })
})

test('until Ctrl-C it prints what a replay of its tape prints, byte for byte, through a drop', async () => {
  const cwd = await place()
  const host = await hostOf(1, tradingviewSocket.conversation)
  const run = await watch(cwd, [...venue(host), ...RULES, '--json'])
  await playUntil(host, run, () => lines(run).length > 20)
  host.drop()
  await until(run, () => lines(run).some(line => line.startsWith('{"kind":"stale"')))
  const { length } = lines(run)
  await playUntil(
    host,
    run,
    () => lines(run).length > length + 10 && run.output.stdout.includes('"quantity":"1"'),
  )
  run.process.kill('SIGINT')
  expect(await run.exit, run.output.stderr).toBe(0)
  const replay = await runCli(['replay', TAPE, ...RULES, '--json'], { cwd })
  expect(replay.code).toBe(0)
  expect(run.output.stdout).toBe(replay.stdout)
  expect(JSON.parse(lines(run).at(-1) ?? '')).toMatchObject({ kind: 'digest' })
  expect((await runCli(['check', TAPE], { cwd })).code).toBe(0)
})

test('without --json it prints replay’s lines and summary, and of the tape on stderr', async () => {
  const cwd = await place()
  const host = await hostOf(2, tradingviewSocket.conversation)
  playOn(host)
  const run = await watch(cwd, [...venue(host), ...RULES, '--every', '100ms', '--digest', '--for', '1500ms'])
  expect(await run.exit, run.output.stderr).toBe(0)
  const replay = await runCli(['replay', TAPE, ...RULES, '--every', '100ms', '--digest'], { cwd })
  expect(run.output.stdout).toBe(replay.stdout)
  expect(run.output.stdout).toMatch(/digest sha256:[0-9a-f]{64}\n$/)
  expect(run.output.stderr).toMatch(/time is up after[\s\S]*sealed with/)
})

test('published, its clients hear the end; whoever reads the lines may leave, and the tape is sealed', async () => {
  const cwd = await place()
  const host = await hostOf(3, tradingviewSocket.conversation)
  playOn(host)
  const run = await watch(cwd, [...venue(host), ...RULES, '--json', '--publish', '0'])
  await run.says(/publishing at ws:/)
  const [, url = ''] = /publishing at (\S+)/.exec(run.output.stderr) ?? []
  const client = await listenTo(url, 'http://localhost:5173')
  await client.until(messages => messages.length > 1)
  // Past the fill that was still to come.
  await until(run, () => run.output.stdout.includes('"quantity":"1"'))
  run.process.stdout?.destroy()
  expect(await client.closed).toBe(1000)
  expect(client.messages[0]).toMatchObject({ v: 1, kind: 'snapshot' })
  expect(client.messages.at(-1)).toMatchObject({ kind: 'end', summary: expect.any(Array) })
  expect(await run.exit, run.output.stderr).toBe(0)
  expect(run.output.stderr).toMatch(/nobody reads the lines any longer/)
  expect((await runCli(['check', TAPE], { cwd })).code).toBe(0)
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { appendFile, open, readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { tradingviewSocket } from '../../src/feeds/tradingview-socket/index.ts'
import type { Host } from '../../src/serve/index.ts'
import { partPath } from '../../src/tape/index.ts'
import { listenTo } from '../live/listener.ts'
import { hostOf, NQ } from '../live/live-scene.ts'
import { feedtape, type Run } from '../record/feedtape.ts'
import { folder } from '../record/scene.ts'
import { runCli } from './run-cli.ts'

const LAUNCHER = fileURLToPath(new URL('../../bin/feedtape.js', import.meta.url))
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

/** As `feedtape … >/dev/full` does. */
async function ontoFullDisk(cwd: string, args: readonly string[]) {
  const disk = await open('/dev/full', 'w')
  onTestFinished(() => disk.close())
  const child = spawn(process.execPath, [LAUNCHER, ...args], { cwd, stdio: ['ignore', disk.fd, 'pipe'] })
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const [code]: (number | null)[] = await once(child, 'close')
  return { code, stderr }
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
    // An unset variable of a shell: Node would make all addresses of it.
    [
      [...RULES, '--publish', '0', '--publish-host', ''],
      /--publish-host: this is no address of this machine/,
    ],
    [
      [...RULES, '--publish', '0', '--publish-host', ' '],
      /--publish-host: this is no address of this machine/,
    ],
    [[...RULES, '--publish', '0', '--publish-host', '127.0.0.1:99'], /--publish-host: this is no address/],
    [[...RULES, '--publish', '0', '--publish-host', '1.2.3'], /--publish-host: this is no address/],
    [[...RULES, '--publish', '0', '--publish-host', 'a b'], /--publish-host: this is no address/],
    [
      [...RULES, '--publish', '127.0.0.1:0', '--publish-host', '0.0.0.0'],
      /--publish: two addresses to publish at/,
    ],
    [
      [...RULES, '-o', './fills.jsonl', '--overwrite'],
      /-o \.\/fills\.jsonl: the tape would overwrite what the run reads[\s\S]*--positions fills\.jsonl/,
    ],
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

test('a position that nothing quoted ends both with 3, and says what was quoted', async () => {
  const cwd = await folder()
  const fill = { instrument: 'CME_MINI:NQZ2062', side: 'buy', quantity: '1', price: '1', account: 'A' }
  await writeFile(join(cwd, 'fills.jsonl'), JSON.stringify(fill))
  const host = await hostOf(6, tradingviewSocket.conversation)
  playOn(host)
  const rules = ['--positions', 'fills.jsonl', '--json']
  const run = await watch(cwd, [...venue(host), ...rules, '--for', '800ms'])
  expect(await run.exit, run.output.stderr).toBe(3)
  const replay = await runCli(['replay', TAPE, ...rules], { cwd })
  expect(replay.code).toBe(3)
  expect(run.output.stdout).toBe(replay.stdout)
  expect(run.output.stdout).toContain('"instrument":"CME_MINI:NQZ2062","account":"A"')
  expect(run.output.stderr).toContain(`is it one of these, which are quoted: ${NQ}?`)
})

test('what cannot be counted ends both alike: the lines up to there, the error, exit 4', async () => {
  const cwd = await place()
  const late = { instrument: NQ, side: 'buy', quantity: '1', price: '25600', at: '2100-01-01T00:00:00Z' }
  await appendFile(join(cwd, 'fills.jsonl'), `\n${JSON.stringify(late)}`)
  const host = await hostOf(4, tradingviewSocket.conversation)
  playOn(host)
  const rules = ['--positions', 'fills.jsonl', '--json']
  const run = await watch(cwd, [...venue(host), ...rules, '--for', '1200ms'])
  expect(await run.exit).toBe(4)
  const replay = await runCli(['replay', TAPE, ...rules], { cwd })
  expect(replay.code).toBe(4)
  expect(lines(run).length).toBeGreaterThan(10)
  expect(replay.stdout).toBe(run.output.stdout)
  expect(replay.stderr).toContain('fills.jsonl:3')
  // Said before anything else, and not only when it is over.
  expect(run.output.stderr).toMatch(
    /^fills\.jsonl:3: 2 fills are still to come, the last at 2100-01-01T00:00:00/,
  )
})

describe.skipIf(!existsSync('/dev/full'))('a disk that is full', () => {
  test('where the lines go: the recording goes on and is sealed, exit 4', async () => {
    const cwd = await place()
    const host = await hostOf(5, tradingviewSocket.conversation)
    playOn(host)
    const address = host.urlOf(tradingviewSocket.conversation)
    const rest = ['--url', address, '-o', TAPE, '--positions', 'fills.jsonl', '--json', '--for', '1200ms']
    const { code, stderr } = await ontoFullDisk(cwd, ['watch', 'tradingview-socket', '--symbol', NQ, ...rest])
    expect(stderr).toMatch(/stdout cannot be written: ENOSPC[\s\S]*time is up after[\s\S]*sealed with/)
    expect(stderr).not.toMatch(/nobody reads/)
    expect(code).toBe(4)
    expect((await runCli(['check', TAPE], { cwd })).code).toBe(0)
  })

  test('where the tape goes: neither summary nor digest passes for the tape’s, exit 4', async () => {
    const cwd = await place()
    const host = await hostOf(6, tradingviewSocket.conversation)
    playOn(host)
    const address = host.urlOf(tradingviewSocket.conversation)
    const args = ['--url', address, '-o', '/dev/full', '--overwrite', ...RULES, '--json']
    const run = await watch(cwd, args)
    expect(await run.exit).toBe(4)
    expect(run.output.stdout).not.toMatch(/"kind":"(summary|digest)"/)
    expect(run.output.stderr).toMatch(/no summary and no digest[\s\S]*ENOSPC: the disk is full/)
  })
})

test('of a rotated tape the part that is not named is said, and nothing where all are', async () => {
  const cwd = await place()
  const host = await hostOf(7, tradingviewSocket.conversation)
  playOn(host)
  const run = await watch(cwd, [...venue(host), ...RULES, '--rotate-size', '10kB', '--for', '1500ms'])
  expect(await run.exit, run.output.stderr).toBe(0)
  const [first, second] = [TAPE, partPath(TAPE, 2)]
  const replay = async (...tapes: readonly string[]) => {
    const { stderr } = await runCli(['replay', ...tapes, '--positions', 'fills.jsonl', '--json'], { cwd })
    return stderr
  }
  expect(await replay(first)).toContain(`${first}: the recording goes on in ${second}, which is not named`)
  expect(await replay(second)).toContain(
    `${second}: part 2 of a recording; the parts before it are not named`,
  )
  const count = (await readdir(cwd)).filter(name => name.endsWith('.tape.jsonl')).length
  const all = Array.from({ length: count }, (_, index) => partPath(TAPE, index + 1))
  expect(await replay(...all)).not.toMatch(/not named/)
})

import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { FEEDS } from '../../src/feeds/index.ts'
import { runCli } from '../cli/run-cli.ts'

const SHORT = ['--minutes', '0.5', '--instruments', '4']

describe('feedtape synth', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'feedtape-synth-'))
  })

  test.each([
    [['--seed', 'x'], '--seed'],
    [['--seed', '1', '--minutes', '0'], '--minutes'],
    [['--seed', '1', '--minutes', '1e9'], '--minutes'],
    [['--seed', '1', '--instruments', '10'], '--instruments'],
    [['--seed', '1', '--start', '2026-12-14T15:00:00'], '--start'],
    [['--seed', '1', '--wires', 'tradingview-sockets'], '--wires'],
    [['--seed', '1', '--plant', 'trade-manager:wrong'], '--plant'],
    [['--seed', '1', '--plant', 'trade-manager:late', '--plant', 'trade-manager:stale'], '--plant'],
    [['--seed', '1', '--wires', 'json-socket', '--plant', 'trade-manager:late'], '--plant'],
    [
      ['--seed', '1', '--plant', 'tradingview-scanner:wrong-multiplier'],
      '--plant tradingview-scanner:wrong-multiplier',
    ],
    [
      ['--seed', '1', '--plant', 'tradingview-symbol-search:stale'],
      '--plant tradingview-symbol-search:stale',
    ],
  ])('%j is wrong usage, and nothing is written', async (args, where) => {
    const output = join(folder, 'never')
    const { code, stderr, stdout } = await runCli(['synth', ...args, '-o', output])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(`feedtape: ${where}: `)
    await expect(readdir(output)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('writes a tape for each wire, the truth, positions and a config that all commands take', async () => {
    const output = join(folder, 'whole')
    const { code, stderr, stdout } = await runCli(['synth', '--seed', '3', ...SHORT, '-o', output])
    expect([code, stderr]).toEqual([0, ''])
    for (const { name } of FEEDS) expect(stdout).toContain(name)
    const tapes = FEEDS.map(({ name }) => `${name}.tape.jsonl`)
    expect((await readdir(output)).toSorted()).toEqual(
      [...tapes, 'config.json', 'positions.jsonl', 'truth.jsonl'].toSorted(),
    )
    const whole = await runCli(['check', ...tapes.map(name => join(output, name))])
    expect([whole.code, whole.stderr]).toEqual([0, ''])
    const valued = await runCli([
      'replay',
      join(output, 'json-socket.tape.jsonl'),
      ...['--positions', join(output, 'positions.jsonl'), '--config', join(output, 'config.json'), '--json'],
    ])
    expect([valued.code, valued.stderr]).toEqual([0, ''])
  })

  test('keeps lags and planted errors in the truth, and off the tapes', async () => {
    const output = join(folder, 'planted')
    const { code, stdout } = await runCli([
      ...['synth', '--seed', '3', '--minutes', '1', '-o', output, '--wires', 'trade-manager,json-socket'],
      ...['--plant', 'trade-manager:swapped-sides'],
    ])
    expect(code).toBe(0)
    expect(stdout).toContain('planted in trade-manager: swapped-sides in ')
    const lines = (await readFile(join(output, 'truth.jsonl'), 'utf8')).split('\n')
    const [wire] = lines.flatMap(line =>
      line.startsWith('{"kind":"wire","wire":"trade-manager"') ? [JSON.parse(line)] : [],
    )
    expect(wire).toMatchObject({
      lag: expect.any(Number),
      planted: { kind: 'swapped-sides', market: expect.any(String) },
    })
    expect(wire.cannot['quote last']).toBe('DATA has bid and ask only')
    expect(await readFile(join(output, 'trade-manager.tape.jsonl'), 'utf8')).not.toMatch(/swapped|"lag"/)
  })

  test('overwrites nothing unless it is told to', async () => {
    const output = join(folder, 'once')
    const args = ['synth', '--seed', '1', ...SHORT, '--wires', 'trade-manager', '-o', output]
    expect((await runCli(args)).code).toBe(0)
    const mine = join(output, 'positions.jsonl')
    await writeFile(mine, 'mine')
    const again = await runCli(args)
    expect([again.code, again.stdout]).toEqual([4, ''])
    expect(again.stderr).toContain('is there already')
    expect(await readFile(mine, 'utf8')).toBe('mine')
    expect((await runCli([...args, '--overwrite'])).code).toBe(0)
    expect(await readFile(mine, 'utf8')).not.toBe('mine')
  })

  test('over an older session leaves nothing of it beside the new truth, and what is not its own untouched', async () => {
    const output = join(folder, 'over')
    const run = (...args: readonly string[]) => runCli(['synth', ...SHORT, '-o', output, ...args])
    expect((await run('--seed', '1')).code).toBe(0)
    const mine = join(output, 'mine.tape.jsonl')
    await writeFile(mine, 'mine')
    const args = ['--seed', '2', '--wires', 'trade-manager', '--overwrite']
    expect(await run(...args)).toMatchObject({ code: 0, stderr: '' })
    const names = ['config.json', 'positions.jsonl', 'trade-manager.tape.jsonl', 'truth.jsonl']
    expect((await readdir(output)).toSorted()).toEqual([...names, 'mine.tape.jsonl'].toSorted())
    const truth = await readFile(join(output, 'truth.jsonl'), 'utf8')

    await writeFile(join(output, 'json-socket.tape.jsonl'), 'of somebody')
    const refused = await run(...args, '--seed', '3')
    expect(refused).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('of another market'),
    })
    expect(await readFile(join(output, 'truth.jsonl'), 'utf8')).toBe(truth)
    expect(await readFile(join(output, 'json-socket.tape.jsonl'), 'utf8')).toBe('of somebody')
  })

  test.runIf(process.platform === 'linux')('where no folder can be made says so, and ends', async () => {
    const run = await runCli(['synth', '--seed', '1', ...SHORT, '-o', '/proc/feedtape/below'])
    expect(run).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('cannot be written') })
  })

  test('gives the same bytes for the same seed in two processes, in other time zones, and others for another', async () => {
    const made = await Promise.all(
      [
        ['5', 'UTC'],
        ['5', 'Pacific/Auckland'],
        ['6', 'UTC'],
      ].map(async ([seed = '', zone = '']) => {
        const output = join(folder, `${seed}-${zone.slice(0, 3)}`)
        const { code } = await runCli(['synth', '--seed', seed, ...SHORT, '-o', output], {
          env: { TZ: zone },
        })
        expect(code).toBe(0)
        const names = (await readdir(output)).toSorted()
        return await Promise.all(names.map(name => readFile(join(output, name), 'utf8')))
      }),
    )
    const [one, other, third] = made
    expect(one).toEqual(other)
    expect(one).not.toEqual(third)
  })

  test('prints JSON lines for programs', async () => {
    const output = join(folder, 'json')
    const { stdout } = await runCli(['synth', '--seed', '1', ...SHORT, '--json', '-o', output])
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines.map(({ wire }) => wire)).toEqual(FEEDS.map(({ name }) => name))
    for (const line of lines) {
      expect(line).toMatchObject({
        entries: expect.any(Number),
        lag: expect.any(Number),
        cannot: expect.any(Object),
      })
    }
  })
})

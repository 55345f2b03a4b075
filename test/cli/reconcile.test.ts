import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { close } from '../../tools/fixtures/script.ts'
import { qsd, receive } from '../../tools/fixtures/tradingview-socket/packets.ts'
import { tapesOf } from '../pnl/reconcile/scene.ts'
import { runCli } from './run-cli.ts'

const CASE = resolve('fixtures/tradingview-socket/pnl-nq')
const ARGS = ['reconcile', `${CASE}.tape.jsonl`, '--positions', `${CASE}.positions.jsonl`]

async function against(...rows: readonly string[]): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'feedtape-reconcile-cli-')), 'mine.csv')
  await writeFile(path, ['time,value', ...rows].join('\n'))
  return path
}

describe('feedtape reconcile', () => {
  test('refuses a file that is not there, a tolerance that is none, and nothing to compare', async () => {
    const gone = await runCli([...ARGS, '--against', 'gone.csv'])
    expect(gone).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining('--against gone.csv') })
    const loose = await runCli([...ARGS, '--against', await against(), '--tolerance', 'some'])
    expect(loose).toMatchObject({ code: 2, stderr: expect.stringContaining('--tolerance: not a tolerance') })
    expect(await runCli(ARGS)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is nothing to hold against each other'),
    })
  })

  test('exits 0 where all is equal and 1 where it is not, for people and for programs', async () => {
    const equal = await runCli([...ARGS, '--against', await against('2026-03-02T15:00:01.003500Z,1000.00')])
    expect(equal).toMatchObject({ code: 0, stderr: '' })
    expect(equal.stdout).toContain('1 compared, equal\n  by mark last, unrealized: 1 of 1 points equal')
    const path = await against(
      '2026-03-02T15:00:01.003500Z,100.00',
      '2026-03-02T15:00:01.003600Z,100.00',
      '2026-03-02T15:00:01.003700Z,100.00',
    )
    const wrong = await runCli([...ARGS, '--against', path])
    expect(wrong.code).toBe(1)
    expect(wrong.stdout).toContain('unrealized: -900\n')
    expect(wrong.stdout).toContain('times 0.1: another point value, or another size: 3 of 3 points')
    const json = await runCli([...ARGS, '--against', path, '--json'])
    expect(json.code).toBe(1)
    const lines = json.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines).toMatchObject([
      { kind: 'check', compared: 3, differences: [{ difference: '-900', theirs: { text: '100' } }, {}, {}] },
      { kind: 'summary', checks: 1, isEqual: false },
    ])
  })

  test('refuses standard input, which is read more than once, and a figure that contradicts a series', async () => {
    expect(await runCli(['reconcile', '-', '--positions', 'fills'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('standard input'),
    })
    const path = await fileOf('named.csv', 'time,net\n2026-03-02T15:00:01.003500Z,1000')
    const other = await runCli([...ARGS, '--against', path, '--figure', 'gross'])
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('a series names another figure') })
    const none = await runCli([...ARGS, '--against', path, '--figure', 'most'])
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('--figure') })
  })

  test('judges a value without a name by the figure that is chosen', async () => {
    const path = await against('2026-03-02T15:00:01.003500Z,0')
    expect(await runCli([...ARGS, '--against', path])).toMatchObject({ code: 1 })
    expect(await runCli([...ARGS, '--against', path, '--figure', 'realized'])).toMatchObject({ code: 0 })
  })

  test('ends with 3 where all is equal and a point value is not known, or frames could not be read', async () => {
    const fill = '{"instrument":"XYZ","side":"buy","quantity":"1","price":"1"}'
    const [one, two] = [await fileOf('a.jsonl', fill), await fileOf('b.jsonl', fill)]
    const tape = `${CASE}.tape.jsonl`
    const unvalued = await runCli(['reconcile', tape, '--positions', one, '--positions', two])
    expect(unvalued).toMatchObject({ code: 3, stderr: expect.stringContaining('XYZ: its point value') })
    const known = fill.replace('XYZ', 'NQ1!')
    const strange = await strangeTape()
    const args = [
      '--positions',
      await fileOf('a.jsonl', known),
      '--positions',
      await fileOf('b.jsonl', known),
    ]
    expect(await runCli(['reconcile', strange, ...args])).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('1 frames stand outside an open connection of a known feed'),
    })
  })

  test('of two sides with nothing on either has compared nothing, and ends with 4', async () => {
    const args = ['--positions', await fileOf('a.jsonl', ''), '--positions', await fileOf('b.jsonl', '')]
    const empty = await runCli(['reconcile', `${CASE}.tape.jsonl`, ...args])
    expect(empty).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('0 compared, nothing to compare'),
    })
    expect(empty.stderr).toContain('feedtape: there is nothing to compare\n')
    const { code, stdout } = await runCli(['reconcile', `${CASE}.tape.jsonl`, ...args, '--json'])
    expect(code).toBe(4)
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
      kind: 'summary',
      checks: 1,
      isEqual: false,
      isCompared: false,
    })
  })

  test('says how many packets nobody could read', async () => {
    const known = '{"instrument":"NQ1!","side":"buy","quantity":"1","price":"1"}'
    const args = [
      '--positions',
      await fileOf('a.jsonl', known),
      '--positions',
      await fileOf('b.jsonl', known),
    ]
    const tape = resolve('fixtures/tradingview-socket/unknown-kind.tape.jsonl')
    const result = await runCli(['reconcile', tape, ...args])
    expect(result).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/[1-9]\d* unknown and \d+ malformed packets/),
    })
  })
})

/** A frame behind the end of its connection. */
async function strangeTape(): Promise<string> {
  const steps = [close(1000), receive(qsd('qs_SyntheticAaa', 'CME_MINI:NQ1!', { lp: 1 }))]
  const [path = ''] = await tapesOf({ feed: 'tradingview-socket', steps })
  return path
}

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'feedtape-reconcile-cli-')), name)
  await writeFile(path, text)
  return path
}

import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { runCli } from './run-cli.ts'

const CASE = resolve('fixtures/tradingview-socket/pnl-mark-chain')
const TAPE = `${CASE}.tape.jsonl`
const POSITIONS = ['--positions', `${CASE}.positions.jsonl`]
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-explain-cli-'))
  for (const mark of ['last', 'mid']) {
    const { stdout } = await runCli(['replay', TAPE, ...POSITIONS, '--mark', mark, '--json'])
    await writeFile(join(folder, `${mark}.jsonl`), stdout)
  }
})

describe('feedtape explain', () => {
  test('refuses a tape beside a run, a file that is neither, and standard input', async () => {
    const run = join(folder, 'last.jsonl')
    const mixed = await runCli(['explain', TAPE, run, ...POSITIONS])
    expect(mixed).toMatchObject({ code: 2, stdout: '' })
    expect(mixed.stderr).toContain(`${run}: no tape`)
    await writeFile(join(folder, 'torn.jsonl'), '{"kind":"quote","at":')
    const torn = await runCli(['explain', run, join(folder, 'torn.jsonl')])
    expect(torn).toMatchObject({ code: 4, stdout: '' })
    expect(torn.stderr).toContain('torn.jsonl:1: this is not a run')
    expect(await runCli(['explain', '-', ...POSITIONS])).toMatchObject({ code: 2 })
    expect(await runCli(['explain', join(folder, 'none.jsonl')])).toMatchObject({ code: 4 })
    const when = await runCli(['explain', TAPE, ...POSITIONS, '--at', 'noon'])
    expect(when).toMatchObject({ code: 2, stderr: expect.stringContaining('--at: not a moment') })
  })

  test('says of one instrument what makes its number, down to the entries', async () => {
    const args = [
      'explain',
      TAPE,
      ...POSITIONS,
      '--mark',
      'mid',
      '--stale-after',
      '1h',
      '--instrument',
      'NQ1!',
    ]
    const { code, stdout } = await runCli(args)
    expect(code).toBe(0)
    expect(stdout).toContain('+185 = unrealized +185 + realized 0 − fees 0\n')
    expect(stdout).toContain('unrealized +185 = (25650.75 × -1 + 25660) × 20 a point\n')
    expect(stdout).toMatch(
      /entry 4, packet 0 of [0-9a-f]{32}: tradingview-socket qs_SyntheticAaa CME_MINI:NQ1!/,
    )
    expect(stdout).toContain('sell 1 at 25660')
    expect(stdout).not.toContain('MNQ1!')
    const json = await runCli([...args, '--json'])
    const lines = json.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines).toMatchObject([{ kind: 'explanation', instrument: 'CME_MINI:NQ1!', net: '185' }])
  })

  test('says of two runs what their difference is made of, and since which entry', async () => {
    const { code, stdout } = await runCli(['explain', join(folder, 'last.jsonl'), join(folder, 'mid.jsonl')])
    expect(code).toBe(0)
    expect(stdout).toContain('mark: last in A, mid in B')
    expect(stdout).toMatch(/^ {4}mark .*since 2026-03-02T15:00:01\.\d+Z; A: quote, entry \d+/m)
    const same = await runCli(['explain', join(folder, 'last.jsonl'), join(folder, 'last.jsonl')])
    expect(same).toMatchObject({ code: 0, stdout: expect.stringContaining('no difference') })
  })

  test('compares at a moment, too', async () => {
    const files = [join(folder, 'last.jsonl'), join(folder, 'mid.jsonl')]
    const { stdout } = await runCli(['explain', ...files, '--at', '2026-03-02T15:00:00Z', '--json'])
    expect(stdout).toBe('')
  })
})

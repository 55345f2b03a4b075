import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
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
})

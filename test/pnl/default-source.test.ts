import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bestSource } from '../../src/pnl/index.ts'
import { runCli } from '../cli/run-cli.ts'

const USER = 'fixtures/tradovate-user-data'
const QUOTES = 'fixtures/tradingview-socket/pnl-fifo.tape.jsonl'
/** What is open there has no quote. */
const UNQUOTED = 3
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-best-'))
})
afterAll(() => rm(folder, { recursive: true }))

const named = (source: string): string =>
  `positions: ${source} (best of fills, broker, signals on these tapes)`

describe('without --positions', () => {
  test('tapes that say nothing of positions are wrong usage, and it is said what to give', async () => {
    const { code, stdout, stderr } = await runCli(['replay', QUOTES])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('the tapes say nothing of positions')
    expect(stderr).toContain('--positions fills.jsonl')
  })

  test('standard input cannot be looked through first, and it is said to name the source', async () => {
    const input = await readFile(`${USER}/fills.tape.jsonl`, 'utf8')
    const { code, stderr } = await runCli(['replay', '-'], { input })
    expect(code).toBe(2)
    expect(stderr).toContain('standard input cannot be read twice')
    expect((await runCli(['replay', '-', '--positions', 'fills'], { input })).code).toBe(UNQUOTED)
  })

  test('an account is the best source’s, and no other account’s', async () => {
    const tape = `${USER}/fills.tape.jsonl`
    expect((await runCli(['replay', tape, '--account', '1000002'])).code).toBe(UNQUOTED)
    expect((await runCli(['replay', tape, '--account', '7'])).stderr).toContain('no fill of this account')
  })

  test('the tapes’ best is taken and named in the first line', async () => {
    for (const [tape, source, end] of [
      ['fills', 'fills', UNQUOTED],
      ['fills-gap', 'fills', UNQUOTED],
      ['broker', 'broker', 0],
    ] as const) {
      const { code, stdout } = await runCli(['replay', `${USER}/${tape}.tape.jsonl`])
      expect({ code, first: stdout.split('\n', 1)[0] }).toEqual({
        code: end,
        first: named(source),
      })
    }
  })

  test('it is named in the summary of --json, which is otherwise that of the named source', async () => {
    const path = join(folder, 'copy.tape.jsonl')
    await copyFile(`${USER}/broker.tape.jsonl`, path)
    const lines = (text: string): readonly string[] =>
      text.split('\n').filter(line => !line.includes('"kind":"digest"'))
    const best = lines((await runCli(['replay', path, '--json'])).stdout)
    const summary = best.find(line => line.includes('"kind":"summary"')) ?? ''
    expect(JSON.parse(summary)).toMatchObject({
      positions: 'broker',
      words: { fills: 0, broker: 7, signals: 0 },
    })
    const asked = lines((await runCli(['replay', path, '--json', '--positions', 'broker'])).stdout)
    const said = '"positions":"broker","words":{"fills":0,"broker":7,"signals":0},'
    expect(best.map(line => line.replace(said, ''))).toEqual(asked)
  })
})

test('fills are better than a broker’s words, and those than signals', () => {
  const chosen = (fills: number, broker: number, signals: number) =>
    bestSource({ fills, broker, signals }).source
  expect([chosen(1, 9, 9), chosen(0, 1, 9), chosen(0, 0, 1)]).toEqual(['fills', 'broker', 'signals'])
  expect(() => chosen(0, 0, 0)).toThrow('the tapes say nothing of positions')
})

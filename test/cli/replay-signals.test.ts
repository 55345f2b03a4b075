import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

const CASE = 'fixtures/trade-manager/positions'
let folder = ''
const path = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-signals-cli-'))
  const body = { ticker: 'NQ1!', side: 'buy', size: 2, at: 24958.5 }
  await writeFile(path('hooks.jsonl'), `${JSON.stringify({ at: '2026-03-02T15:00:00Z', body })}\n`)
  const signals = { ticker: 'ticker', action: 'side', quantity: 'size', price: 'at' }
  await writeFile(path('config.json'), JSON.stringify({ signals }))
  await writeFile(path('wrong.json'), JSON.stringify({ signals: { ...signals, price: '' } }))
})
afterAll(() => rm(folder, { recursive: true }))

const hooks = (...args: string[]) =>
  runCli(['replay', `${CASE}.tape.jsonl`, '--positions', `signals:${path('hooks.jsonl')}`, ...args])

describe('feedtape replay --positions signals', () => {
  it('is wrong usage with a file of webhooks that nobody has explained', async () => {
    const { code, stderr } = await hooks()
    expect(code).toBe(2)
    expect(stderr).toContain('nobody has said what the bodies of these webhooks mean')
    expect(stderr).toContain('no --config')
  })

  it('names the key of a mapping that is wrong', async () => {
    const { code, stderr } = await hooks('--config', path('wrong.json'))
    expect(code).toBe(4)
    expect(stderr).toContain('signals.price')
  })

  it('names a file that is missing', async () => {
    const { code, stderr } = await runCli([
      'replay',
      `${CASE}.tape.jsonl`,
      ...['--positions', 'signals:missing.jsonl', '--config', path('config.json')],
    ])
    expect(code).toBe(4)
    expect(stderr).toContain('signals:missing.jsonl')
  })

  it('says what the signals came to, where the strange ones stand, and what rests on a rounded average', async () => {
    const { code, stdout } = await runCli([
      ...['replay', `${CASE}.tape.jsonl`, '--positions', 'signals', '--mark', 'exit-side'],
      ...['--config', `${CASE}.config.json`],
    ])
    expect(code).toBe(0)
    const lines = stdout.split('\n')
    const from = lines.findIndex(line => line.startsWith('positions:'))
    expect(lines.slice(from, from + 6)).toEqual([
      'positions: the tapes’ signals: 4 opened, 1 added to, 1 closed · in the order of receipt, their only time · 1 position set at a rounded average',
      '  1 not understood (feedtape inspect shows them): #16.0',
      '  1 told again: #15.0',
      '  1 closed nothing: no ticker in it: #10.0',
      '  1 closed nothing: nothing was open: #12.0',
      '  1 opened on an open position, whose own end nobody told: what that made is not counted: #14.0',
    ])
    expect(stdout).toContain('47430.33 (rounded)')
    expect(stdout).toContain('P&L from a rounded average: MYM1! (SYN-15SV 15)')
  })

  it('puts books side by side: the log’s and the webhooks’', async () => {
    const { code, stdout, stderr } = await hooks('--positions', 'signals', '--config', path('config.json'))
    // Nothing quotes what the signals leave open.
    expect(code, stderr).toBe(3)
    expect(stdout).toContain('books side by side, never summed: signals-file, signals')
    expect(stdout).toContain(
      'positions: the file’s signals: 1 opened, 0 added to, 0 closed · in the order of their time',
    )
  })
})

import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Step, wait } from '../../tools/fixtures/script.ts'
import { qsd, receive } from '../../tools/fixtures/tradingview-socket/packets.ts'
import { tapesOf } from '../pnl/reconcile/scene.ts'
import { type CliResult, runCli } from './run-cli.ts'

const quote = (name: string, fields: object): Step => receive(qsd('qs_SyntheticAaa', name, { ...fields }))

let quoted = ''
let silent = ''
let folder = ''
beforeAll(async () => {
  const quotes = [quote('CME_MINI:NQ1!', { lp: 25600 }), quote('CME_MINI:ES1!', { bid: 6800, ask: 6801 })]
  const [one, two] = await tapesOf(
    { feed: 'tradingview-socket', steps: [...quotes, wait(120), quote('CME_MINI:NQ1!', { bid: 1 })] },
    { feed: 'tradingview-socket', steps: [wait(1)] },
  )
  quoted = one ?? ''
  silent = two ?? ''
  folder = await mkdtemp(join(tmpdir(), 'feedtape-unmarked-'))
})

async function replay(tape: string, fills: readonly object[], ...args: string[]): Promise<CliResult> {
  const path = join(folder, 'fills.jsonl')
  await writeFile(path, fills.map(fill => JSON.stringify({ quantity: '1', price: '1', ...fill })).join('\n'))
  return await runCli(['replay', tape, '--positions', path, '--json', ...args])
}

const bought = (instrument: string) => ({ instrument, side: 'buy' })
const sold = (instrument: string) => ({ instrument, side: 'sell' })

describe('an open position that no price ever came for ends with 3, on stderr what to do', () => {
  test('of a contract that nothing quotes: those that look alike', async () => {
    const { code, stderr } = await replay(quoted, [bought('CME_MINI:NQZ2062')])
    expect(code).toBe(3)
    expect(stderr).toBe(
      [
        'feedtape: CME_MINI:NQZ2062: nothing quotes it to the end of the run: no price, no P&L of it',
        '  next      is it one of these, which are quoted: CME_MINI:NQ1!?',
        '',
      ].join('\n'),
    )
  })

  test('of a name that is like none: those that are quoted', async () => {
    const { code, stderr } = await replay(quoted, [bought('CLZ2026')])
    expect({ code, stderr }).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('quoted are CME_MINI:NQ1!, CME_MINI:ES1! (feedtape quotes TAPE)'),
    })
  })

  test('on a tape without quotes', async () => {
    const { code, stderr } = await replay(silent, [bought('NQ1!')])
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('these have none') })
  })

  test('where its quotes have not what the rules take', async () => {
    const { code, stderr } = await replay(quoted, [bought('CME_MINI:ES1!')])
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('--mark') })
    expect(await replay(quoted, [bought('CME_MINI:ES1!')], '--mark', 'last,exit-side')).toMatchObject({
      code: 0,
      stderr: '',
    })
  })
})

test('a mark that is stale at the end, and a position that is flat then, are 0 and nothing is said', async () => {
  const stale = await replay(quoted, [bought('CME_MINI:NQ1!')])
  expect(stale.stdout).toContain('"unpriced":"stale (last)"')
  expect(stale).toMatchObject({ code: 0, stderr: '' })
  // By the last rule of the chain it never had a price; by the first it had.
  expect(await replay(quoted, [bought('CME_MINI:NQ1!')], '--mark', 'last,mid')).toMatchObject({
    code: 0,
    stderr: '',
  })
  expect(await replay(quoted, [bought('CLZ2026'), sold('CLZ2026')])).toMatchObject({ code: 0, stderr: '' })
})

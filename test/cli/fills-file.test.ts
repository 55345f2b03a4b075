import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { qsd, receive } from '../../tools/fixtures/tradingview-socket/packets.ts'
import { tapesOf } from '../pnl/reconcile/scene.ts'
import { type CliResult, runCli } from './run-cli.ts'

const NQ = 'CME_MINI:NQ1!'

let tape = ''
let folder = ''
beforeAll(async () => {
  const quote = receive(qsd('qs_SyntheticAaa', NQ, { lp: 25650 }))
  ;[tape = ''] = await tapesOf({ feed: 'tradingview-socket', steps: [quote] })
  folder = await mkdtemp(join(tmpdir(), 'feedtape-fills-file-'))
})

async function fileOf(text: string): Promise<string> {
  const path = join(folder, 'fills.jsonl')
  await writeFile(path, text)
  return path
}

async function replay(lines: readonly object[], ...args: readonly string[]): Promise<CliResult> {
  const path = await fileOf(lines.map(line => JSON.stringify({ instrument: NQ, ...line })).join('\n'))
  return await runCli(['replay', tape, '--positions', path, ...args])
}

const one = { side: 'buy', quantity: '1', price: '25600' }
const byTwo = [
  { ...one, account: 'A', strategy: 's1' },
  { ...one, side: 'sell', account: 'B', strategy: 's2' },
]

describe('--account with a file of fills', () => {
  test('that has none of that account names those that it has', async () => {
    const { code, stderr } = await replay(byTwo, '--account', 'C')
    expect(code).toBe(4)
    expect(stderr).toContain('the file has no fill of this account')
    expect(stderr).toMatch(/found +A, B\n/)
  })

  test('takes that account’s, and says what it left out', async () => {
    const { code, stderr, stdout } = await replay([...byTwo, one], '--account', 'A')
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('fills.jsonl: 1 fill of B left out, by --account')
    expect(stderr).toContain('fills.jsonl: 1 fill that names no account left out, by --account')
    expect(stdout).toContain(`${NQ} (A s1)`)
    expect(stdout).not.toContain('(B s2)')
  })

  test('leaves one that names none as it is, beside a source of the tapes that takes the account', async () => {
    const { code, stderr, stdout } = await replay([one], '--positions', 'fills', '--account', 'A')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'feedtape: --positions fills: 0 fills of the tapes count; the table is empty\n',
    })
    expect(stdout).toContain('+1000')
  })
})

test('two accounts of one instrument are two positions, each with its own P&L', async () => {
  const { code, stdout } = await replay(byTwo)
  expect(code).toBe(0)
  expect(stdout).toMatch(/NQ1! \(A s1\) +\+1 .*\+1000 /)
  expect(stdout).toMatch(/NQ1! \(B s2\) +-1 .*-1000 /)
})

describe('nothing that could be held', () => {
  test.each(['', '\n \n'])(
    'in a file of %j is unusable input, for every command that counts it',
    async text => {
      const positions = ['--positions', await fileOf(text)]
      const watch = ['watch', 'tradingview-socket', '--symbol', NQ]
      for (const command of [['replay', tape], ['explain', tape], watch]) {
        const { code, stderr, stdout } = await runCli([...command, ...positions], { cwd: folder })
        expect({ code, stdout }, command[0]).toEqual({ code: 4, stdout: '' })
        expect(stderr).toContain('fills.jsonl: the file has no fill')
      }
    },
  )

  test('on the tapes is said, and no error: so is a quiet day', async () => {
    const run = await runCli(['replay', tape, '--positions', 'fills', '--json'])
    expect(run).toMatchObject({ code: 0, stderr: expect.stringContaining('0 fills of the tapes count') })
    const broker = await runCli(['replay', tape, '--positions', 'broker', '--json'])
    expect(broker).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('the broker states no position'),
    })
  })
})

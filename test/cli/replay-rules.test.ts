import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { runCli } from './run-cli.ts'

const FIFO = 'fixtures/tradingview-socket/pnl-fifo'
const EXPORT = 'fixtures/tradovate-user-data/export.tape.jsonl'
const FILLS = 'fixtures/tradovate-user-data/fills.tape.jsonl'
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-rules-'))
})

/** Without the options that a P&L twin begins with. */
async function twinOf(stem: string): Promise<string> {
  const text = await readFile(`${stem}.pnl.jsonl`, 'utf8')
  return text.slice(text.indexOf('\n') + 1)
}

/** The file that the export's tape was made of. */
async function rowsOfExport(): Promise<string> {
  const tape = await readFile(EXPORT, 'utf8')
  const rows = [...tape.matchAll(/"text":("(?:[^"\\]|\\.)*")/g)].map(([, text = '""']): string =>
    JSON.parse(text),
  )
  return rows.join('')
}

const fromFile = ['replay', `${FIFO}.tape.jsonl`, '--positions', `${FIFO}.positions.jsonl`]

describe('rules that cannot be', () => {
  it.each([
    ['a matching that does not exist', ['--matching', 'lifo'], 'there is no matching of that name'],
    ['a rule for fees that does not exist', ['--fees', 'per-share=1'], 'the rule for fees cannot be read'],
    ['pairs by average', ['--pairs'], 'average has no pairs'],
    [
      'an account of a file that names none',
      ['--account', '7'],
      'a file that names no account has none to choose',
    ],
  ])('%s is wrong usage', async (_, args, what) => {
    const { code, stdout, stderr } = await runCli([...fromFile, ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(what)
  })

  it('an account that has no fill is refused, and the one that has is named', async () => {
    const { code, stderr } = await runCli(['replay', FILLS, '--positions', 'fills', '--account', '7'])
    expect(code).toBe(4)
    expect(stderr).toContain('the tapes have no fill of this account')
    expect(stderr).toContain('1000002')
  })
})

describe('rules are printed with every result', () => {
  it.each([
    [[], 'rules: matching average · mark last · stale after 1 m 00 s · fees per fill'],
    [['--matching', 'fifo', '--fees', 'none'], 'matching fifo · mark last · stale after 1 m 00 s · no fees'],
    [['--fees', 'per-contract=0.62'], 'stale after 1 m 00 s · fees per-contract 0.62'],
  ])('%j', async (args, line) => {
    expect((await runCli([...fromFile, ...args])).stdout).toContain(line)
  })

  it('as they are in --json, where the default of fees is the line without them', async () => {
    const summary = async (...args: string[]) => {
      const { stdout } = await runCli([...fromFile, '--json', ...args])
      const line = stdout.split('\n').find(text => text.includes('"kind":"summary"'))
      return JSON.parse(line ?? '{}')
    }
    expect(await summary()).toMatchObject({ matching: 'average' })
    expect(await summary()).not.toHaveProperty('fees')
    expect(await summary('--matching', 'fifo', '--fees', 'none')).toMatchObject({
      matching: 'fifo',
      fees: 'none',
    })
  })
})

describe('pairs', () => {
  it('are lines of their own kind in --json, and the golden twin’s', async () => {
    const args = ['--matching', 'fifo', '--fees', 'per-contract=0.35', '--pairs', '--json']
    const { code, stdout } = await runCli([...fromFile, ...args])
    expect(code).toBe(0)
    expect(stdout).toBe(await twinOf(FIFO))
  })

  it('are a table for people: what closed what, at which prices, for how much', async () => {
    const { stdout } = await runCli([...fromFile, '--matching', 'fifo', '--pairs'])
    const table = stdout.slice(stdout.indexOf('pairs '))
    expect(table.split('\n').slice(1, 3)).toEqual([
      expect.stringMatching(
        /^CME_MINI:MNQ1! +long +1 +a +2026-03-02 14:00:00\.000 +25590\.25 +c +.* 25607 +\+33\.5 +USD$/,
      ),
      expect.stringMatching(/^CME_MINI:MNQ1! +long +1 +b .* 25601\.333 +c .* \+11\.334 +USD$/),
    ])
    expect(table).toMatch(/ line 6 +2026-03-02 15:00:05\.000 +25615\.5 +\+28\.334 /)
  })

  it('are none where nothing was closed, and that is said', async () => {
    const path = join(folder, 'one.jsonl')
    await writeFile(path, '{"instrument":"CME_MINI:MNQ1!","side":"buy","quantity":"1","price":"25600"}\n')
    const args = ['replay', `${FIFO}.tape.jsonl`, '--positions', path, '--matching', 'fifo', '--pairs']
    expect((await runCli(args)).stdout).toContain('\nno pairs: nothing was closed\n')
  })
})

describe('positions of the fills that are on the tape', () => {
  it('are the golden twins’, of a socket and of an export', async () => {
    for (const tape of [FILLS, EXPORT]) {
      const { stdout } = await runCli([
        'replay',
        tape,
        '--positions',
        'fills',
        '--matching',
        'fifo',
        '--pairs',
        '--json',
      ])
      expect(stdout).toBe(await twinOf(tape.replace('.tape.jsonl', '')))
    }
  })

  it('say whose they are and what became of the others; what is open without a quote is unpriced', async () => {
    const { code, stdout, stderr } = await runCli(['replay', FILLS, '--positions', 'fills'])
    expect(code).toBe(3)
    expect(stderr).toContain('feedtape: NQZ6: nothing quotes it to the end of the run')
    expect(stdout).toContain(
      'positions: the tapes’ 2 fills of account 1000002, in the order of receipt · 3 told again · 1 corrected · 1 taken back',
    )
    expect(stdout).toContain('no price yet (last)')
    expect(stdout).toContain('unpriced: NQZ6')
  })

  it('two tapes of the same fills are one history: each counts once', async () => {
    const file = join(folder, 'again.csv')
    await writeFile(file, await rowsOfExport())
    const [one, two] = [join(folder, 'one.tape.jsonl'), join(folder, 'two.tape.jsonl')]
    for (const output of [one, two]) {
      const imported = await runCli(['import', '--from', 'tradovate-csv', file, '-o', output])
      expect(imported).toMatchObject({ code: 0 })
    }
    const once = await runCli(['replay', one, '--positions', 'fills', '--json'])
    const twice = await runCli(['replay', one, two, '--positions', 'fills', '--json'])
    const positionsIn = (stdout: string) =>
      stdout.split('\n').filter(line => line.includes('"kind":"position"'))
    expect(positionsIn(twice.stdout)).toEqual(positionsIn(once.stdout))
    expect(positionsIn(once.stdout)).toHaveLength(2)
  })

  it('of a cut tape are those behind the cut: what else is in its lead is a part, and is left out', async () => {
    const path = join(folder, 'cut.tape.jsonl')
    expect(await runCli(['cut', EXPORT, '--from', '6ms', '-o', path])).toMatchObject({ code: 0 })
    const { stdout } = await runCli(['replay', path, '--positions', 'fills', '--matching', 'fifo'])
    expect(stdout).toContain('the tapes’ 2 fills of account 1000002')
    expect(stdout).toContain('1 taken back · 2 left out: from before the cut')
    expect(stdout).toMatch(/\nRTYZ6 +-1 +2648\.2 /)
    expect(stdout).toMatch(/\nNQZ6 +\+1 +25605 /)
  })

  it('replay alone from the export of a platform: imported, matched, the same digest each time', async () => {
    const path = join(folder, 'Fills.csv')
    await writeFile(path, await rowsOfExport())
    const imported = await runCli(['import', '--from', 'tradovate-csv', path])
    expect(imported).toMatchObject({
      code: 0,
      stderr: 'note: numbers that are binary noise, and are read as 15 digits: 1\n',
    })
    const args = ['replay', `${path}.tape.jsonl`, '--positions', 'fills', '--matching', 'fifo', '--digest']
    const [one, two] = [await runCli(args), await runCli([...args, '--speed', '1000000'])]
    expect(one.code).toBe(0)
    expect(one.stdout).toMatch(/\nRTYZ6 .* \+55 /)
    expect(two.stdout).toBe(one.stdout)
  })
})

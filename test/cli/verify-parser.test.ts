import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { goldenFolder } from '../verify/golden-folder.ts'
import { runCli } from './run-cli.ts'

const RECONNECT = 'tradingview-socket/reconnect'
const PNL = 'tradingview-socket/pnl-fifo'
const FEEDTAPE = `'${process.execPath}' bin/feedtape.js quotes - --updates --json`

/** feedtape itself with each of its lines changed on the way. */
async function changed(change: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'feedtape-verify-parser-')), 'change.mjs')
  await writeFile(
    path,
    `import { createInterface } from 'node:readline'
for await (const line of createInterface({ input: process.stdin })) console.log(${change})`,
  )
  return `${FEEDTAPE} | '${process.execPath}' '${path}'`
}

const verify = (folder: string, parser: string, ...more: readonly string[]) =>
  runCli(['verify', folder, '--parser', parser, ...more], { env: { GITHUB_ACTIONS: '' } })

describe('feedtape verify --parser', () => {
  test('refuses a field that quotes do not have', async () => {
    const found = await verify('fixtures/json-socket', 'true', '--field', 'price')
    expect(found).toMatchObject({ code: 2, stderr: expect.stringContaining('--field price') })
  })

  test('exits 4 where the parser fails on every tape, which are told once', async () => {
    const { code, stdout } = await verify(await goldenFolder(RECONNECT, PNL), 'exit 3')
    expect(code).toBe(4)
    expect(stdout).toContain(`unusable ${PNL}\n--parser 'exit 3': the parser failed`)
    expect(stdout).toContain(`  and 1 more case: same the parser failed (${RECONNECT})\n`)
    expect(stdout).toContain('2 cases: 0 equal, 0 different, 2 unusable\n')
  })

  test('finds feedtape itself equal on every tape, whatever the twins say', async () => {
    const folder = await goldenFolder(RECONNECT, PNL)
    await writeFile(join(folder, `${PNL}.pnl.jsonl`), '')
    expect(await verify(folder, FEEDTAPE)).toEqual({
      code: 0,
      stdout: '2 cases: 2 equal, 0 different\n',
      stderr: '',
    })
  })

  test('takes packed tapes, and one whose packing is cut hides no other case', async () => {
    const folder = await goldenFolder(RECONNECT, PNL)
    for (const [name, bytes] of [
      [RECONNECT, undefined],
      [PNL, 300],
    ] as const) {
      const path = join(folder, `${name}.tape.jsonl`)
      await writeFile(`${path}.gz`, gzipSync(await readFile(path)).subarray(0, bytes))
      await rm(path)
    }
    const { code, stderr, stdout } = await verify(folder, FEEDTAPE)
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toContain(`unusable ${PNL}\n`)
    expect(stdout).toContain('the tape cannot be read to its end: gzip cut\n')
    expect(stdout).toContain('2 cases: 1 equal, 0 different, 1 unusable\n')
  })

  test('shows what a parser reads otherwise: the line of the twin, both values, the entry', async () => {
    const folder = await goldenFolder(RECONNECT, PNL)
    const parser = await changed(`line.replace('"last":"25651"', '"last":"25652"')`)
    const { code, stdout } = await verify(folder, parser)
    expect(code).toBe(1)
    expect(stdout).toContain(
      `${RECONNECT}.quotes.jsonl:3 fields.last\n  feedtape  "25651"\n  parser    "25652"\n  entry     7, tradingview-socket frame: ~m~`,
    )
    const junit = join(folder, 'junit.xml')
    const only = await verify(folder, parser, '--field', 'bid', '--junit', junit)
    expect(only).toMatchObject({ code: 0, stdout: '2 cases: 2 equal, 0 different\n' })
  })

  test('takes silence for no agreement', async () => {
    const { code, stdout } = await verify(await goldenFolder(RECONNECT), 'cat > /dev/null')
    expect(code).toBe(1)
    expect(stdout).toContain('the parser said nothing at all')
  })
})

describe('the examples of docs/PARSERS.md', () => {
  const hasPython = spawnSync('python3', ['--version']).status === 0
  // By doubles an integer beyond 2^53 is another.
  const javascript = [
    'parser.ts',
    `'${process.execPath}' docs/examples/parser.ts`,
    ['quote-numbers'],
  ] as const
  const python = ['parser.py', 'python3 docs/examples/parser.py', []] as const
  test.each(hasPython ? [javascript, python] : [javascript])(
    '%s reads every fixture of its wire, and differs only where it says less',
    async (_, command, doubles) => {
      const { stdout } = await verify('fixtures/tradingview-socket', command, '--json')
      const cases = stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
        .filter(({ name }) => name !== undefined)
      expect(cases.length).toBeGreaterThan(30)
      expect(cases.filter(({ unusable }) => unusable !== undefined)).toEqual([])
      const different = cases.filter(({ differences }) => differences.length > 0).map(({ name }) => name)
      // Forms of a quote that are seldom.
      expect(different).toEqual([...doubles, 'quote-shorthand', 'server-kinds'])
    },
    60_000,
  )
})

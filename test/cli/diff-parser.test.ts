import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { runCli } from './run-cli.ts'

const CASES = 'fixtures/tradingview-socket'
const EXAMPLE = `'${process.execPath}' docs/examples/parser.ts`
/** The example, but for a price that is no number, which it takes for one. */
let careless = ''

beforeAll(async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'feedtape-parser-cli-')), 'careless.ts')
  const example = await readFile('docs/examples/parser.ts', 'utf8')
  await writeFile(path, example.replace(', decimal(value)]', ', value]'))
  careless = `'${process.execPath}' '${path}'`
})

describe('feedtape diff --parser', () => {
  test('wants one tape, that is a file, and fields that quotes have', async () => {
    const tape = `${CASES}/quote-partial.tape.jsonl`
    expect(await runCli(['diff', tape])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('found     one tape'),
    })
    const both = await runCli(['diff', tape, tape, '--parser', EXAMPLE])
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('two tapes and --parser') })
    expect(await runCli(['diff', '-', '--parser', EXAMPLE])).toMatchObject({ code: 2 })
    expect(await runCli(['diff', tape, '--parser', EXAMPLE, '--field', 'price'])).toMatchObject({ code: 2 })
  })

  test('exits 0 where a parser agrees, 1 where it does not with the frame, and 4 where it fails', async () => {
    const same = await runCli(['diff', `${CASES}/pnl-mark-chain.tape.jsonl`, '--parser', EXAMPLE])
    expect(same).toMatchObject({ code: 0, stderr: '' })
    expect(same.stdout).toMatch(/^4 entries with a quote, 0 differences\n/)
    const other = await runCli(['diff', `${CASES}/quote-partial.tape.jsonl`, '--parser', careless])
    expect(other.code).toBe(1)
    expect(other.stdout).toMatch(
      /entry 10, .*: CME_MINI:MNQ1! last \(tradingview-socket, .*\n {2}feedtape {2}nothing\n {2}parser {4}25650\n {2}frame/,
    )
    const json = await runCli(['diff', `${CASES}/quote-partial.tape.jsonl`, '--parser', careless, '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({
      kind: 'parser-diff',
      different: 1,
      differences: [{ seq: 10, parser: '25650' }],
    })
    const fails = await runCli(['diff', `${CASES}/quote-partial.tape.jsonl`, '--parser', 'exit 7'])
    expect(fails).toMatchObject({ code: 4, stderr: expect.stringContaining('exit 7') })
  })

  test('writes Markdown and JUnit for a CI run', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'feedtape-parser-cli-'))
    const [markdown, junit] = [join(folder, 'diff.md'), join(folder, 'diff.xml')]
    const args = ['diff', `${CASES}/quote-partial.tape.jsonl`, '--parser', careless]
    expect(await runCli([...args, '--markdown', markdown, '--junit', junit])).toMatchObject({ code: 1 })
    expect(await readFile(markdown, 'utf8')).toContain('| 10 | CME\\_MINI:MNQ1! | last | nothing | 25650 |')
    expect(await readFile(junit, 'utf8')).toContain('<testsuites tests="4" failures="1"')
  })

  test('hands no damaged line on, says what is damaged, and ends with 3', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'feedtape-parser-cli-')), 'cut.tape.jsonl')
    const text = await readFile(`${CASES}/pnl-mark-chain.tape.jsonl`, 'utf8')
    await writeFile(path, text.replace('"bid":', '"bad":').slice(0, -200))
    const damaged = await runCli(['diff', path, '--parser', EXAMPLE])
    expect(damaged.stdout).toMatch(/^\d entries with a quote, 0 differences\n/)
    expect(damaged).toMatchObject({ code: 3, stderr: expect.stringContaining('cut.tape.jsonl') })
  })

  test('does not take silence for agreement', async () => {
    const silent = await runCli(['diff', `${CASES}/quote-partial.tape.jsonl`, '--parser', 'cat > /dev/null'])
    expect(silent).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('the parser said nothing at all'),
    })
  })
})

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { partPath, TapeReader, TapeWriter } from '../../src/tape/index.ts'
import { last, QUARTER_TICK, tapeOf, walk } from '../diff/tapes.ts'
import { runCli } from './run-cli.ts'

const MOVES = walk(100)

async function tapes(offTicks: number): Promise<readonly [string, string]> {
  const a = await tapeOf(
    MOVES.map(({ at, ticks }) => last(at, ticks)),
    { facts: QUARTER_TICK },
  )
  const b = await tapeOf(
    MOVES.map(({ at, ticks }, step) => last(at + 0.25, step === 40 ? ticks + offTicks : ticks)),
    { facts: QUARTER_TICK, id: 'b' },
  )
  return [a, b]
}

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'feedtape-cli-diff-'))
  onTestFinished(() => rm(made, { recursive: true }))
  return made
}

describe('diff refuses', () => {
  test.each([
    ['a field that is none', ['a', 'b', '--field', 'price'], '--field'],
    ['a tolerance without an amount', ['a', 'b', '--tolerance', 'last'], '--tolerance'],
    ['a duration without a unit', ['a', 'b', '--max-lag', '5'], '--max-lag'],
    ['more than all', ['a', 'b', '--min-coverage', '101%'], '--min-coverage'],
    ['another time', ['a', 'b', '--by', 'clock'], '--by'],
    ['half a pair', ['a', 'b', '--map', 'X'], '--map'],
    ['standard input', ['-', 'b'], 'standard input cannot be read twice'],
    ['a key that is none', ['a#nowhere', 'b'], 'this selects nothing of a tape'],
  ])('%s with exit code 2', async (_what, args, said) => {
    const { code, stderr, stdout } = await runCli(['diff', ...args])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(said)
  })

  test('a tape that is not there, and two that have nothing in common, with 4', async () => {
    expect((await runCli(['diff', 'nowhere.tape.jsonl', 'nowhere.tape.jsonl'])).code).toBe(4)
    const a = await tapeOf([last(1, 100)])
    const b = await tapeOf([{ ...last(1, 100), name: 'NASDAQ:AAPL' }], { id: 'b' })
    const { code, stderr } = await runCli(['diff', a, b])
    expect(code).toBe(4)
    expect(stderr).toContain('there is nothing to compare')
    expect(stderr).toContain('--map')
  })
})

describe('diff answers', () => {
  test('0 within, 1 beyond, and 3 where a tape is damaged', async () => {
    const [a, b] = await tapes(1)
    expect((await runCli(['diff', a, b])).code).toBe(1)
    expect((await runCli(['diff', a, b, '--tolerance', 'last=1tick', '--max-lag', '300ms'])).code).toBe(0)
    expect((await runCli(['diff', a, b, '--tolerance', 'last=1tick', '--max-lag', '200ms'])).code).toBe(1)
    await writeFile(b, (await readFile(b, 'utf8')).replace('\\"lp\\":', '\\"lx\\":'))
    const damaged = await runCli(['diff', a, b, '--tolerance', 'last=1tick'])
    expect(damaged.code).toBe(3)
    expect(damaged.stderr).toContain('read up to what is safe')
  })

  test('in words, with the place of the worst', async () => {
    const { stdout } = await runCli(['diff', ...(await tapes(3))])
    expect(stdout).toContain('b behind a by 0.25 s')
    expect(stdout).toMatch(
      /\+3 ticks for 2 s from 15:01:20\.000: a \d+.* \(entry 42 packet 0 \(message 40, qs_1\)\)/,
    )
    expect(stdout).toContain('verdict  beyond: 1 of 1 comparison')
  })

  test('as JSON, whose moments are ISO 8601', async () => {
    const { stdout } = await runCli(['diff', ...(await tapes(0)), '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      a: { start: '2026-03-02T15:00:00.000000Z', synthetic: true },
      pairs: [{ lag: { spread: { median: 250_000 } }, fields: [{ field: 'last', agreement: 1 }] }],
      verdict: { isWithin: true },
    })
  })

  test('as Markdown and as JUnit, into files', async () => {
    const made = await folder()
    const [markdown, junit] = [join(made, 'summary.md'), join(made, 'junit.xml')]
    const { code, stdout } = await runCli([
      'diff',
      ...(await tapes(3)),
      '--markdown',
      markdown,
      '--junit',
      junit,
    ])
    expect(code).toBe(1)
    expect(stdout).toContain('verdict')
    expect(await readFile(markdown, 'utf8')).toContain('| CME\\_MINI:NQ1! | last | +3 ticks at worst | 0 |')
    const xml = await readFile(junit, 'utf8')
    expect(xml).toContain('<testsuite name="feedtape diff" tests="1" failures="1"')
    expect(xml).toContain('<testcase name="last" classname="CME_MINI:NQ1!">')
    const alone = await runCli(['diff', ...(await tapes(0)), '--markdown'])
    expect(alone.stdout).toMatch(/^### feedtape diff: within tolerance\n/)
  })

  test('by the config’s tolerances, unless the command line says otherwise', async () => {
    const config = join(await folder(), 'config.json')
    await writeFile(
      config,
      JSON.stringify({ diff: { tolerances: { last: '3ticks' }, maxLag: '1s', minCoverage: '50%' } }),
    )
    const both = await tapes(3)
    expect((await runCli(['diff', ...both, '--config', config])).code).toBe(0)
    expect((await runCli(['diff', ...both, '--config', config, '--tolerance', 'last=2ticks'])).code).toBe(1)
    await writeFile(config, JSON.stringify({ diff: { tolerances: { volume: '1tick' } } }))
    const refused = await runCli(['diff', ...both, '--config', config])
    expect(refused).toMatchObject({ code: 4, stdout: '' })
    expect(refused.stderr).toContain('diff.tolerances.volume')
  })
})

describe('diff of a recording in several files', () => {
  /** b in two parts, and a as it is. */
  async function inParts() {
    const [a, b] = await tapes(1)
    const tape = await TapeReader.open(b)
    const path = b.replace('.tape.jsonl', '-night.tape.jsonl')
    const writer = await TapeWriter.create(path, tape.header, { rotate: { bytes: 12_000 } })
    for await (const { seq: _, ...draft } of tape) writer.append(draft)
    await writer.seal(tape.seal?.at ?? 0)
    expect(writer.parts).toBe(2)
    return { a, b, parts: [path, partPath(path, 2)] }
  }

  test('takes parts that are named one behind the other as one side', async () => {
    const { a, b, parts } = await inParts()
    const whole = JSON.parse((await runCli(['diff', a, b, '--json'])).stdout)
    for (const named of [parts, parts.toReversed(), parts.map(part => `${part}#tradingview-socket`)]) {
      const { code, stderr, stdout } = await runCli(['diff', a, ...named, '--json'])
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
      const report = JSON.parse(stdout)
      expect(report.pairs[0].lag).toEqual(whole.pairs[0].lag)
      expect(report.b.updates).toBe(whole.b.updates)
      expect(report.b.choice).toMatch(/-night.tape.jsonl to .*-night.part2.tape.jsonl/)
    }
  })

  test('refuses one recording alone, and three', async () => {
    const { a, b, parts } = await inParts()
    const alone = await runCli(['diff', ...parts])
    expect(alone.code).toBe(2)
    expect(alone.stderr).toContain('one recording in 2 parts')
    const three = await runCli(['diff', a, b, a])
    expect(three.code).toBe(2)
    expect(three.stderr).toContain('3 tapes')
  })

  test('says that a part before it is not named', async () => {
    const { a, parts } = await inParts()
    const { stderr } = await runCli(['diff', a, parts[1] ?? ''])
    expect(stderr).toContain('part 2 of a recording; the parts before it are not named')
  })
})

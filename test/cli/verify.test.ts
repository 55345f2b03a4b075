import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { goldenFolder, plant } from '../verify/golden-folder.ts'
import { runCli } from './run-cli.ts'

const RECONNECT = 'tradingview-socket/reconnect'
const PARTIAL = 'tradingview-socket/quote-partial'
const NONE = { GITHUB_ACTIONS: '' }

async function differing(): Promise<string> {
  const folder = await goldenFolder(RECONNECT, PARTIAL, 'json-socket/kinds')
  for (const name of [RECONNECT, PARTIAL])
    await plant(folder, `${name}.quotes.jsonl`, '"last":"', '"last":"9')
  return folder
}

describe('feedtape verify', () => {
  test.each([
    ['a shard that is none', ['--shard', '4/3'], '--shard 4/3: there is no such shard'],
    ['no number of jobs', ['--jobs', '0'], '--jobs 0: the number of jobs is not one'],
    ['annotations for somebody else', ['--annotations', 'gitlab'], 'expected  github or none'],
    ['a reason for nothing', ['--reason', 'x'], '--reason is of no effect without --update'],
    ['a whole diff of nothing', ['--full-diff'], '--full-diff is of no effect without --update'],
    ['a report on stdout', ['--junit', '-'], '--junit -: a report beside the answer goes to a file'],
    ['Markdown beside the answer', ['--markdown', '-'], '--markdown -: a report beside the answer goes'],
    ['damage that nobody writes', ['--damaged'], '--damaged is of no effect without --update'],
    ['a field without a parser', ['--field', 'last'], '--field is of no effect without --parser'],
    ['an update of reports', ['--update', '--junit', 'x.xml'], '--update and --junit do not go together'],
    ['an update in threads', ['--update', '--jobs', '2'], '--update and --jobs do not go together'],
    ['an update by a parser', ['--update', '--parser', 'true'], '--update and --parser do not go together'],
  ])('refuses %s', async (_, options, said) => {
    const { code, stderr, stdout } = await runCli(['verify', 'fixtures/json-socket', ...options])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(said)
  })

  test('shows the first of alike cases whole, the frame it comes from, and names the others', async () => {
    const { code, stderr, stdout } = await runCli(['verify', await differing()], { env: NONE })
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    expect(stdout).toContain(`differs  ${PARTIAL}\n${PARTIAL}.quotes.jsonl:1 fields.last\n  expected  "9`)
    expect(stdout).toMatch(/\n {2}entry {5}\d+, tradingview-socket frame: ~m~/)
    expect(stdout).toContain(`  and 1 more case: same key fields.last (${RECONNECT})\n`)
    expect(stdout).not.toContain(`differs  ${RECONNECT}`)
    expect(stdout).toMatch(/\n3 cases: 1 equal, 2 different\n$/)
  })

  test('in threads says the same, in the same order', async () => {
    const folder = await differing()
    const [one, two] = [await runCli(['verify', folder]), await runCli(['verify', folder, '--jobs', '2'])]
    expect(two).toEqual(one)
  })

  test('takes one shard, and says so of an empty one', async () => {
    const folder = await differing()
    const first = await runCli(['verify', folder, '--shard', '1/3'])
    expect(first).toMatchObject({ code: 0, stdout: '1 of 3 cases (shard 1/3): 1 equal, 0 different\n' })
    const empty = await runCli(['verify', folder, '--shard', '4/4'])
    expect(empty).toMatchObject({ code: 0, stdout: 'shard 4/4 holds none of 3 cases\n' })
  })

  test('writes JUnit, and adds Markdown to a file that is there', async () => {
    const folder = await differing()
    await writeFile(join(folder, 'json-socket/kinds.tape.jsonl'), 'garbage\n')
    const [junit, summary] = [join(folder, 'junit.xml'), join(folder, 'summary.md')]
    await writeFile(summary, 'before\n')
    await runCli(['verify', folder, '--junit', junit, '--markdown', summary])
    const xml = await readFile(junit, 'utf8')
    expect(xml).toContain('<testsuites tests="3" failures="2" errors="1" skipped="0">')
    expect(xml).toContain(
      '<testcase name="reconnect" classname="tradingview-socket">\n      <failure message="fields.last: ',
    )
    expect(xml).toContain('<error message="this is no tape">')
    const markdown = await readFile(summary, 'utf8')
    expect(markdown).toMatch(/^before\n### feedtape verify /)
    expect(markdown).toContain('3 cases: 0 equal, 2 different, 1 unusable')
    expect(markdown).toContain('| 1, same key fields.last |')
    const gone = await runCli(['verify', folder, '--junit', join(folder, 'gone', 'junit.xml')])
    expect(gone).toMatchObject({ code: 4, stderr: expect.stringContaining('the file cannot be written') })
  })

  test('annotates the line of the fixture for GitHub, escaped, and nobody else', async () => {
    const folder = await differing()
    await plant(folder, `${RECONNECT}.quotes.jsonl`, '"last":"9', '"last":"100% ::error::\\n')
    await rm(join(folder, 'json-socket/kinds.tape.jsonl'))
    const { stdout } = await runCli(['verify', '.'], { cwd: folder, env: { GITHUB_ACTIONS: 'true' } })
    const lines = stdout.split('\n').filter(line => line.startsWith('::'))
    expect(lines.map(line => line.split('::')[1])).toEqual([
      `error file=${PARTIAL}.quotes.jsonl,line=1,title=feedtape verify%3A ${PARTIAL}`,
      'error file=json-socket/kinds.quotes.jsonl,line=1,title=feedtape verify%3A json-socket/kinds.quotes.jsonl',
      `error file=${RECONNECT}.quotes.jsonl,line=1,title=feedtape verify%3A ${RECONNECT}`,
    ])
    expect(lines[2]).toContain('::fields.last: expected "100%25 ::error::\\n')
    expect(lines[2]).toContain(`%0A${RECONNECT}.quotes.jsonl:1 fields.last%0A  expected`)
    const silent = await runCli(['verify', folder, '--annotations', 'none'], {
      env: { GITHUB_ACTIONS: 'true' },
    })
    expect(silent.stdout).not.toContain('::error file')
    const asked = await runCli(['verify', folder, '--annotations', 'github', '--json'], { env: NONE })
    expect(asked.stderr).toContain('::error file')
    expect(
      asked.stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as unknown),
    ).toHaveLength(3)
  })

  test('is one JSON line a case for programs', async () => {
    const { code, stdout } = await runCli(['verify', await differing(), '--json'], { env: NONE })
    const lines = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as unknown)
    expect(code).toBe(1)
    expect(lines).toMatchObject([
      { name: 'json-socket/kinds', differences: [], written: [] },
      { name: PARTIAL, differences: [{ line: 1, key: 'fields.last' }], cause: { kind: 'quotes' } },
      { name: RECONNECT, differences: [{ key: 'fields.last' }], cause: { place: { entry: 'frame' } } },
      { orphans: [], isEqual: false, of: 3 },
    ])
  })
})

import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { runCli } from './run-cli.ts'

const CASE = resolve('fixtures/tradingview-socket/pnl-mark-chain')
const TAPE = `${CASE}.tape.jsonl`
const POSITIONS = ['--positions', `${CASE}.positions.jsonl`]
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-explain-cli-'))
  for (const mark of ['last', 'mid']) {
    const { stdout } = await runCli(['replay', TAPE, ...POSITIONS, '--mark', mark, '--json'])
    await writeFile(join(folder, `${mark}.jsonl`), stdout)
  }
})

describe('feedtape explain', () => {
  test('refuses a tape beside a run, a file that is neither, and standard input', async () => {
    const run = join(folder, 'last.jsonl')
    const mixed = await runCli(['explain', TAPE, run, ...POSITIONS])
    expect(mixed).toMatchObject({ code: 2, stdout: '' })
    expect(mixed.stderr).toContain(`${run}: no tape`)
    await writeFile(join(folder, 'torn.jsonl'), '{"kind":"quote","at":')
    const torn = await runCli(['explain', run, join(folder, 'torn.jsonl')])
    expect(torn).toMatchObject({ code: 4, stdout: '' })
    expect(torn.stderr).toContain('torn.jsonl:1: this is not a run')
    expect(await runCli(['explain', '-', ...POSITIONS])).toMatchObject({ code: 2 })
    expect(await runCli(['explain', join(folder, 'none.jsonl')])).toMatchObject({ code: 4 })
    const when = await runCli(['explain', TAPE, ...POSITIONS, '--at', 'noon'])
    expect(when).toMatchObject({ code: 2, stderr: expect.stringContaining('--at: not a moment') })
  })

  test('says of one instrument what makes its number, down to the entries', async () => {
    const args = [
      'explain',
      TAPE,
      ...POSITIONS,
      '--mark',
      'mid',
      '--stale-after',
      '1h',
      '--instrument',
      'NQ1!',
    ]
    const { code, stdout } = await runCli(args)
    expect(code).toBe(0)
    expect(stdout).toContain('+185 = unrealized +185 + realized 0 − fees 0\n')
    expect(stdout).toContain('unrealized +185 = (25650.75 × -1 + 25660) × 20 a point\n')
    expect(stdout).toMatch(
      /entry 4, packet 0 of [0-9a-f]{32}: tradingview-socket qs_SyntheticAaa CME_MINI:NQ1!/,
    )
    expect(stdout).toContain('sell 1 at 25660')
    expect(stdout).not.toContain('MNQ1!')
    const json = await runCli([...args, '--json'])
    const lines = json.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines).toMatchObject([{ kind: 'explanation', instrument: 'CME_MINI:NQ1!', net: '185' }])
  })

  test('says of two runs what their difference is made of, and since which entry', async () => {
    const { code, stdout } = await runCli(['explain', join(folder, 'last.jsonl'), join(folder, 'mid.jsonl')])
    expect(code).toBe(0)
    expect(stdout).toContain('mark: last in A, mid in B')
    expect(stdout).toMatch(/^ {4}mark .*since 2026-03-02T15:00:01\.\d+Z; A: quote, entry \d+/m)
    const same = await runCli(['explain', join(folder, 'last.jsonl'), join(folder, 'last.jsonl')])
    expect(same).toMatchObject({ code: 0, stdout: expect.stringContaining('no difference') })
  })

  test('compares at a moment, too', async () => {
    const files = [join(folder, 'last.jsonl'), join(folder, 'mid.jsonl')]
    const { stdout } = await runCli(['explain', ...files, '--at', '2026-03-02T15:00:00Z', '--json'])
    expect(stdout).toBe('')
  })

  test('refuses a run that is cut, edited or thinned, before it says a word of a difference', async () => {
    const run = join(folder, 'last.jsonl')
    const lines = (await readFile(run, 'utf8')).trimEnd().split('\n')
    const files = {
      'cut.jsonl': lines.slice(0, 2),
      'edited.jsonl': lines.map(line => line.replace('"quantity":"3"', '"quantity":"4"')),
      'twice.jsonl': [...lines, ...lines],
    }
    for (const [name, kept] of Object.entries(files)) await writeFile(join(folder, name), kept.join('\n'))
    const { stdout: thinned } = await runCli(['replay', TAPE, ...POSITIONS, '--json', '--every', '1h'])
    await writeFile(join(folder, 'thinned.jsonl'), thinned)
    const expected = {
      'cut.jsonl': 'cut.jsonl:2: the run is cut: no summary',
      'edited.jsonl': `edited.jsonl:${lines.length}: the lines are not those that the digest is of`,
      'twice.jsonl': `twice.jsonl:${lines.length + 1}: this is more than one run`,
      'thinned.jsonl': 'next      run replay --json without --every',
    }
    for (const [name, words] of Object.entries(expected)) {
      const refused = await runCli(['explain', run, join(folder, name)])
      expect(refused).toMatchObject({ code: 4, stdout: '', stderr: expect.stringContaining(words) })
    }
  })

  test('reads a run that is packed, and one with a mark of byte order in front', async () => {
    const run = join(folder, 'last.jsonl')
    const bytes = await readFile(run)
    const packed = join(folder, 'last.jsonl.gz')
    const marked = join(folder, 'marked.jsonl')
    const cut = join(folder, 'cut.jsonl.gz')
    await writeFile(packed, gzipSync(bytes))
    await writeFile(marked, Buffer.concat([Buffer.from('\uFEFF'), bytes]))
    for (const file of [packed, marked]) {
      const same = await runCli(['explain', run, file])
      expect(same).toMatchObject({ code: 0, stdout: expect.stringContaining('no difference') })
    }
    // Stored, so that its first lines can be read.
    const stored = gzipSync(bytes, { level: 0 })
    await writeFile(cut, stored.subarray(0, stored.length - 500))
    const refused = await runCli(['explain', run, cut])
    expect(refused).toMatchObject({ code: 4, stdout: '' })
    expect(refused.stderr).toContain('the run cannot be read to its end')
  })

  test('calls an empty file empty, and a run a run however it is spaced', async () => {
    const run = join(folder, 'last.jsonl')
    await writeFile(join(folder, 'empty.jsonl'), '')
    const empty = await runCli(['explain', run, join(folder, 'empty.jsonl')])
    expect(empty).toMatchObject({ code: 2, stderr: expect.stringContaining('empty.jsonl: an empty file') })
    await writeFile(join(folder, 'noise.jsonl'), 'noise\n')
    const noise = await runCli(['explain', run, join(folder, 'noise.jsonl')])
    expect(noise).toMatchObject({ code: 2, stderr: expect.stringContaining('neither a tape nor a run') })
    const text = await readFile(run, 'utf8')
    await writeFile(join(folder, 'spaced.jsonl'), text.replaceAll('{"kind":', '{ "kind": '))
    const spaced = await runCli(['explain', run, join(folder, 'spaced.jsonl')])
    expect(spaced).toMatchObject({ code: 4, stderr: expect.stringContaining('the digest is of') })
  })

  test('refuses what it would read twice and cannot, for runs and for tapes', async () => {
    const input = await readFile(join(folder, 'last.jsonl'), 'utf8')
    const tape = await readFile(TAPE, 'utf8')
    const piped = '/dev/stdin'
    const runs = await runCli(['explain', piped, join(folder, 'mid.jsonl')], { input })
    expect(runs).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`${piped}: a pipe can be`),
    })
    expect(runs.stderr).toContain('next      write it to a file first')
    const tapes = await runCli(['explain', piped, ...POSITIONS], { input: tape })
    expect(tapes).toMatchObject({ code: 2, stderr: expect.stringContaining(`${piped}: a pipe can be`) })
    const replayed = await runCli(['replay', piped], { input: tape })
    expect(replayed).toMatchObject({ code: 2, stdout: '' })
    expect(replayed.stderr).toContain('name the source: --positions fills, broker, signals or FILE')
  })

  test('takes no option that two runs or tapes cannot follow', async () => {
    const files = [join(folder, 'last.jsonl'), join(folder, 'mid.jsonl')]
    const rules = await runCli(['explain', ...files, '--mark', 'mid', '--stale-after', '1h', ...POSITIONS])
    expect(rules).toMatchObject({ code: 2, stdout: '' })
    expect(rules.stderr).toContain('found     --mark, --stale-after, --positions')
    const never = await runCli(['explain', ...files, '--instrument', 'ES1!'])
    expect(never).toMatchObject({ code: 2, stderr: expect.stringContaining('--instrument ES1!') })
    const one = await runCli(['explain', ...files, '--instrument', 'NQ1!', '--json'])
    expect(
      one.stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line).instrument),
    ).toEqual(['CME_MINI:NQ1!'])
    const book = await runCli(['explain', TAPE, ...POSITIONS, '--book', 'file'])
    expect(book).toMatchObject({ code: 2, stderr: expect.stringContaining('--book file') })
  })

  test('holds one book against that of several which has its name, or the one that is chosen', async () => {
    const run = join(folder, 'last.jsonl')
    const several = join(folder, 'several.jsonl')
    const again = join(folder, 'again.positions.jsonl')
    await writeFile(again, await readFile(`${CASE}.positions.jsonl`))
    const { stdout } = await runCli(['replay', TAPE, ...POSITIONS, '--positions', again, '--json'])
    await writeFile(several, stdout)
    const same = await runCli(['explain', run, several])
    expect(same).toMatchObject({ code: 0, stdout: expect.stringContaining('no difference') })
    expect(same.stdout).toContain('book file-2: in B alone, not compared')
    const json = await runCli(['explain', run, several, '--json'])
    expect(json.stdout).toBe('{"kind":"unpaired","book":"file-2","run":"b"}\n')
    const chosen = await runCli(['explain', run, several, '--book', 'file-2', '--json'])
    expect(chosen).toMatchObject({ code: 0, stdout: '' })
    expect(await runCli(['explain', run, several, '--book', 'file-3'])).toMatchObject({ code: 2 })
  })

  test('has one position of a bare name and the instrument that it was found to mean', async () => {
    const bare = join(folder, 'bare.positions.jsonl')
    const text = await readFile(`${CASE}.positions.jsonl`, 'utf8')
    await writeFile(bare, text.replaceAll('CME_MINI:', ''))
    const { stdout, code } = await runCli(['replay', TAPE, '--positions', bare, '--json'])
    expect(code).toBe(0)
    expect(stdout).toContain('"instrument":"NQ1!"')
    await writeFile(join(folder, 'bare.jsonl'), stdout)
    for (const at of [[], ['--at', '2026-03-02T15:00:01Z'], ['--at', '2026-03-02T15:00:02Z']]) {
      const compared = await runCli([
        'explain',
        join(folder, 'bare.jsonl'),
        join(folder, 'last.jsonl'),
        ...at,
      ])
      expect(compared).toMatchObject({ code: 0, stdout: expect.stringContaining('no difference') })
    }
  })
})

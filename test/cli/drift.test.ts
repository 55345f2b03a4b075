import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Entry } from '../../src/tape/entry.ts'
import { TapeWriter } from '../../src/tape/index.ts'
import { SESSION_HEADER, sessionOf } from '../inspect/drift/sessions.ts'
import { runCli } from './run-cli.ts'

let folder = ''
let old = ''
let same = ''
let changed = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-drift-cli-'))
  const { entries } = sessionOf('tradingview-socket', 7)
  old = await tape('old', entries)
  same = await tape('same', sessionOf('tradingview-socket', 8).entries)
  const renamed = entries.map(entry =>
    isFrame(entry) ? { ...entry, text: entry.text.replace('"bid":', '"bud":') } : entry,
  )
  changed = await tape('changed', renamed)
})

function isFrame(entry: Entry): entry is Extract<Entry, { kind: 'frame'; text: string }> {
  return entry.kind === 'frame' && 'text' in entry
}

async function tape(name: string, entries: readonly Entry[]): Promise<string> {
  const path = join(folder, `${name}.tape.jsonl`)
  const writer = await TapeWriter.create(path, { ...SESSION_HEADER, feeds: ['tradingview-socket'] })
  for (const { seq: _, ...draft } of entries) writer.append(draft as Parameters<typeof writer.append>[0])
  await writer.seal(entries.at(-1)?.at ?? 0)
  return path
}

describe('feedtape drift', () => {
  it.each([
    ['one side only', () => ['drift', old], 2, 'missing required argument'],
    [
      'a severity that does not exist',
      () => ['drift', old, same, '--fail-on', 'bad'],
      2,
      'critical, warning, info',
    ],
    ['standard input', () => ['drift', '-', old], 2, 'tapes are read twice'],
    ['a tape that is not there', () => ['drift', old, 'nowhere.tape.jsonl'], 4, 'no such file'],
    ['a folder without tapes', () => ['drift', old, 'src/model'], 4, 'no tapes in this folder'],
    [
      'feeds that have nothing in common',
      () => ['drift', old, 'fixtures/tradovate-user-data'],
      2,
      'no feed in common',
    ],
  ])('%s is wrong', async (_what, args, code, text) => {
    const result = await runCli(args())
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toContain(text)
  })

  it('of two sessions of one wire says no drift, writes nothing and ends with 0', async () => {
    const { code, stdout } = await runCli(['drift', old, same], { cwd: folder })
    expect({ code, first: stdout.split(':')[0] }).toEqual({ code: 0, first: 'no drift' })
    expect(await readdir(folder)).not.toContain('drift-fixtures')
  })

  it('of a field that is gone ends with 1, and cuts out what shows it, scrubbed and whole', async () => {
    const out = join(folder, 'report', 'frames')
    const { code, stdout } = await runCli(['drift', old, changed, '-o', out])
    expect(code).toBe(1)
    expect(stdout).toContain('p.1.v.bid')
    expect(stdout).toContain('perhaps it is p.1.v.bud now')
    const fixture = join(out, 'changed.drift.tape.jsonl')
    expect(stdout).toContain(fixture)
    expect(await readFile(fixture, 'utf8')).toContain('"derived":"drift: entries ')
    expect(await runCli(['scrub', '--check', out])).toMatchObject({ code: 0 })
    expect(await runCli(['check', fixture])).toMatchObject({ code: 0 })
    const shown = (await readFile(fixture, 'utf8'))
      .split('\n')
      .filter(line => line.startsWith('{"kind":"frame"'))
    expect(shown.length).toBeLessThanOrEqual(2)
    expect(await runCli(['drift', old, changed, '-o', out])).toMatchObject({ code: 4 })
    expect(await runCli(['drift', old, changed, '-o', out, '--overwrite'])).toMatchObject({ code: 1 })
  }, 30_000)

  it('takes folders and lists, and writes Markdown with the frames beside it', async () => {
    const report = join(folder, 'beside', 'drift.md')
    const { code, stderr } = await runCli(['drift', `${old},${same}`, changed, '--markdown', report])
    expect(code).toBe(1)
    expect(stderr).toContain(report)
    expect(await readFile(report, 'utf8')).toMatch(/^# Drift\n[\s\S]*\| critical \|/)
    expect(await readdir(join(folder, 'beside', 'drift-fixtures'))).toEqual(['changed.drift.tape.jsonl'])
    const all = await runCli(['drift', folder, folder, '--no-fixtures'])
    expect(all).toMatchObject({ code: 0 })
  }, 30_000)

  it('--fail-on says from where on it is a failure; --json has every finding', async () => {
    const more = await tape('more', [...sessionOf('tradingview-socket', 7).entries, unheardOf()])
    const args = ['drift', old, more, '--no-fixtures']
    expect(await runCli(args)).toMatchObject({ code: 0 })
    const { code, stdout } = await runCli([...args, '--fail-on', 'warning', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      severity: 'warning',
      findings: [{ severity: 'warning', change: 'kind new', kind: 'unheard_of' }],
      fixtures: [],
    })
  }, 30_000)

  it('what FEEDTAPE_SECRETS names is no part of the frames that are cut out', async () => {
    const { entries } = sessionOf('tradingview-socket', 7)
    const owned = entries.map(entry =>
      isFrame(entry)
        ? { ...entry, text: framed(entry.text.replace('"v":{', '"v":{"owner":"trader-jane-42",')) }
        : entry,
    )
    const out = join(folder, 'owned')
    const args = ['drift', old, await tape('owned', owned), '-o', out, '--json']
    const { code, stdout } = await runCli(args, { env: { FEEDTAPE_SECRETS: 'trader-jane-42' } })
    expect(code).toBe(0)
    expect(JSON.parse(stdout).findings).toMatchObject([{ change: 'field new', path: 'p.1.v.owner' }])
    const fixture = await readFile(join(out, 'owned.drift.tape.jsonl'), 'utf8')
    expect(fixture).toContain('owner')
    expect(fixture).not.toContain('trader-jane-42')
  }, 30_000)

  it('a damaged tape is read as far as it goes, and 3 says so', async () => {
    const damaged = join(folder, 'damaged.tape.jsonl')
    await writeFile(damaged, (await readFile(same, 'utf8')).split('\n').slice(0, -2).join('\n'))
    expect(await runCli(['drift', old, damaged])).toMatchObject({ code: 3 })
  })
})

function framed(message: string): string {
  const payload = message.replace(/^~m~\d+~m~/, '')
  return `~m~${payload.length}~m~${payload}`
}

function unheardOf(): Entry {
  const text = '{"m":"unheard_of","p":[]}'
  return {
    kind: 'frame',
    seq: 1,
    at: 200_000_000,
    conn: 1,
    dir: 'in',
    op: 'text',
    text: `~m~${text.length}~m~${text}`,
  }
}

describe('feedtape inspect --schema', () => {
  it('several tapes without it are wrong usage', async () => {
    expect(await runCli(['inspect', old, same])).toMatchObject({ code: 2, stdout: '' })
  })

  it('shows each kind with its fields, and what they are read as', async () => {
    const { code, stdout } = await runCli(['inspect', '--schema', old, same])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^in:qsd {2}[\d,]+ packets · /m)
    expect(stdout).toMatch(/^ {2}p\.1\.v\.lp_time +number +[\d.]+ % +time in s +→ lastTime$/m)
  })

  it('two feeds beside each other, also as JSON', async () => {
    const { code, stdout } = await runCli(['inspect', '--schema', '--json', 'fixtures/trade-manager', old])
    expect(code).toBe(0)
    const { feeds, pairs } = JSON.parse(stdout)
    expect(feeds.map(({ feed }: { feed: string }) => feed).toSorted()).toEqual([
      'trade-manager',
      'tradingview-socket',
    ])
    expect(pairs).toHaveLength(1)
    expect(pairs[0].fields).toContainEqual(
      expect.objectContaining({ field: 'bid', one: ['DATA data.prices.bid'], other: ['qsd p.1.v.bid'] }),
    )
  })
})

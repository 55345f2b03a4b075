import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { goldenFolder, plant } from '../verify/golden-folder.ts'
import { runCli } from './run-cli.ts'

const RECONNECT = 'tradingview-socket/reconnect'
const PNL = 'tradingview-socket/pnl-fifo'
const TWIN = `${RECONNECT}.quotes.jsonl`

describe('feedtape verify --update', () => {
  test('shows the diff of a twin that would change, and writes nothing without a reason', async () => {
    const folder = await goldenFolder(RECONNECT, PNL)
    await plant(folder, TWIN, '"last":"25651"', '"last":"25652"')
    await rm(join(folder, `${PNL}.quotes.jsonl`))
    for (const reason of [[], ['--reason', ' ']]) {
      const { code, stderr, stdout } = await runCli(['verify', folder, '--update', ...reason])
      expect(code).toBe(2)
      expect(stderr).toContain("the same with --reason 'why they change'")
      expect(stderr).toContain('1 changed twin of 1 case; nothing was written')
      expect(stdout).toContain(`--- a/${TWIN}\n+++ b/${TWIN}\n@@ -1,4 +1,4 @@\n`)
      expect(stdout).toMatch(/\n-\{[^\n]*"last":"25652"[^\n]*\n\+\{[^\n]*"last":"25651"/)
      expect(stdout).toMatch(/new {6}tradingview-socket\/pnl-fifo\.quotes\.jsonl \(\d+ lines\)/)
    }
    expect(await readFile(join(folder, TWIN), 'utf8')).toContain('"last":"25652"')
    expect(await readdir(join(folder, 'tradingview-socket'))).not.toContain('pnl-fifo.quotes.jsonl')
    expect(await readdir(folder)).toEqual(['tradingview-socket'])
  })

  test('with a reason writes them, and the reason with the date, the cases and the counts', async () => {
    const folder = await goldenFolder(RECONNECT, PNL)
    await plant(folder, TWIN, '"last":"25651"', '"last":"25652"')
    await rm(join(folder, `${PNL}.quotes.jsonl`))
    const reason = 'lp of the second\nconnection was read wrongly'
    const { code, stdout } = await runCli(['verify', folder, '--update', '--reason', reason])
    expect(code).toBe(0)
    expect(stdout).toContain(`written  ${TWIN}\n2 cases: 1 twin new, 1 changed, 1 unchanged\n`)
    for (const file of [TWIN, `${PNL}.quotes.jsonl`]) {
      expect(await readFile(join(folder, file), 'utf8')).toBe(await readFile(join('fixtures', file), 'utf8'))
    }
    const log = await readFile(join(folder, 'UPDATES.md'), 'utf8')
    expect(log).toMatch(
      /\n## \d{4}-\d\d-\d\d\nlp of the second connection was read wrongly\n\n1 twin changed, 1 new, 1 unchanged:\n/,
    )
    expect(log).toContain(`- ${PNL}: quotes new\n- ${RECONNECT}: quotes +1 −1\n`)
    await plant(folder, TWIN, '"last":"25651"', '"last":"25653"')
    await runCli(['verify', folder, '--update', '--reason', 'again'])
    const longer = await readFile(join(folder, 'UPDATES.md'), 'utf8')
    expect(longer.startsWith(log)).toBe(true)
    expect(longer.slice(log.length)).toContain('\nagain\n')
    expect((await runCli(['verify', folder])).code).toBe(0)
  })

  test('needs no reason for twins that are new, and none where nothing changes', async () => {
    const folder = await goldenFolder(RECONNECT)
    expect(await runCli(['verify', folder, '--update'])).toMatchObject({
      code: 0,
      stdout: '1 case: 0 twins new, 0 changed, 1 unchanged\n',
    })
    await rm(join(folder, TWIN))
    const { code, stdout } = await runCli(['verify', folder, '--update'])
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining(`written  ${TWIN}\n`) })
    expect(await readFile(join(folder, TWIN), 'utf8')).toBe(await readFile(join('fixtures', TWIN), 'utf8'))
    expect(await readdir(folder)).toEqual(['tradingview-socket'])
  })

  test('shows forty lines of a twin and counts the rest; all of it with --full-diff', async () => {
    const name = 'tradingview-socket/pnl-statistics'
    const folder = await goldenFolder(name)
    const path = join(folder, `${name}.pnl.jsonl`)
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replaceAll('"currency":"USD"', '"currency":"EUR"'))
    const cut = await runCli(['verify', folder, '--update'])
    const full = await runCli(['verify', folder, '--update', '--full-diff'])
    const count = (stdout: string): number => stdout.split('\n').length
    const [, more] = /… and (\d+) more lines? \(--full-diff shows them\)/.exec(cut.stdout) ?? []
    expect(count(full.stdout) - (count(cut.stdout) - 1)).toBe(Number(more))
    expect(count(cut.stdout)).toBe(2 + 40 + 1 + 1)
  })

  test('is one JSON line a case for programs, written or not', async () => {
    const folder = await goldenFolder(RECONNECT)
    await plant(folder, TWIN, '"last":"25651"', '"last":"25652"')
    const refused = await runCli(['verify', folder, '--update', '--json'])
    const updates = [{ file: TWIN, kind: 'changed', added: 1, removed: 1 }]
    expect(refused.code).toBe(2)
    expect(JSON.parse(refused.stdout.split('\n')[0] ?? '')).toMatchObject({
      name: RECONNECT,
      written: [],
      updates,
    })
    const done = await runCli(['verify', folder, '--update', '--json', '--reason', 'right now'])
    expect(done.code).toBe(0)
    expect(JSON.parse(done.stdout.split('\n')[0] ?? '')).toMatchObject({ written: [TWIN], updates })
  })
})

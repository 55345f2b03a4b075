import { access, mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { appendReport, writeReport } from '../../src/cli/write-report.ts'
import { runCli } from './run-cli.ts'

const TAPE = resolve('fixtures/tradingview-socket/reconnect.tape.jsonl')

test.each([
  ['diff', '--junit'],
  ['diff', '--markdown'],
  ['drift', '--markdown'],
])(
  '%s %s - is refused: no file is called so, and nothing is mixed with the answer',
  async (command, option) => {
    const cwd = await mkdtemp(join(tmpdir(), 'feedtape-report-'))
    const run = await runCli([command, TAPE, TAPE, option, '-'], { cwd })
    expect(run).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`${option} -: a report`),
    })
    await expect(access(join(cwd, '-'))).rejects.toMatchObject({ code: 'ENOENT' })
  },
)

test('a report is written anew or behind what is there, and names its option where it cannot be', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-report-'))
  const path = join(folder, 'report')
  for (const text of ['one\n', 'two\n']) await writeReport(path, text, '--junit')
  await appendReport(path, 'three\n', '--markdown')
  expect(await readFile(path, 'utf8')).toBe('two\nthree\n')
  await expect(appendReport(folder, '', '--markdown')).rejects.toMatchObject({
    code: 'file-unwritable',
    where: `--markdown ${folder}`,
  })
})

import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { Command } from 'commander'
import { afterAll, describe, expect, it } from 'vitest'
import { cutCommand } from '../../../src/cli/cut.ts'
import { type ExitCode, explainFailure, type Io } from '../../../src/cli/io.ts'
import { seededRandom } from '../../../src/model/random.ts'
import { checkTape, TapeReader, TapeWriter } from '../../../src/tape/index.ts'
import { HEADER } from '../../tape/tapes.ts'
import { randomSession } from './sessions.ts'

const folder = mkdtempSync(join(tmpdir(), 'feedtape-cut-'))
afterAll(() => rmSync(folder, { recursive: true }))
const OUTPUT = join(folder, 'slice.tape.jsonl')

async function tape(name = 'whole'): Promise<string> {
  const path = join(folder, `${name}.tape.jsonl`)
  const writer = await TapeWriter.create(path, { ...HEADER, synthetic: true }, { overwrite: true })
  const drafts = randomSession(seededRandom(3), 200)
  for (const draft of drafts) writer.append(draft)
  await writer.seal(drafts.at(-1)?.at ?? 0)
  return path
}

/** The command in this process, its output caught. */
async function ran(...args: readonly string[]) {
  const written = { stdout: '', stderr: '' }
  const into = (stream: keyof typeof written) =>
    new Writable({
      write(chunk, _encoding, done) {
        written[stream] += String(chunk)
        done()
      },
    })
  const streams = { stdout: into('stdout'), stderr: into('stderr') }
  const io: Io = { ...streams, env: {}, isTerminal: false, isColoured: false }
  let code: ExitCode = 0
  const command = new Command('cut').exitOverride()
  cutCommand.describe(command, async run => {
    code = await run(io)
  })
  await command.parseAsync(args, { from: 'user' }).catch((thrown: unknown) => {
    code = explainFailure(io, thrown)
  })
  return { code, ...written }
}

describe('feedtape cut', () => {
  it.each([
    [[], 'what is to stay?'],
    [['--from', '2026-01-01T00:00:00'], 'not a time'],
    [['--from', '10'], 'not a time'],
    [['--from', '2s', '--to', '2s'], 'the slice would be empty'],
    [['--to', '2020-01-01T00:00:00Z'], 'the slice would be empty'],
    [['--conn', '0'], 'not a connection'],
    [['--kind', 'no-such-kind'], 'nothing on the tape is of no-such-kind'],
    [['--from', '9d'], 'the tape ends before the cut'],
  ] as const)('refuses %j with exit code 2, and writes nothing', async (options, words) => {
    const { code, stderr } = await ran(await tape(), '-o', OUTPUT, ...options)
    expect(stderr).toContain(words)
    expect(code).toBe(2)
    await expect(readFile(OUTPUT)).rejects.toThrow()
  })

  it('refuses standard input and gzip, and a file that is there', async () => {
    const path = await tape()
    expect((await ran('-', '-o', OUTPUT, '--from', '1s')).code).toBe(2)
    expect((await ran(path, '-o', `${OUTPUT}.gz`, '--from', '1s')).code).toBe(2)
    expect(await ran(path, '-o', await tape('there'), '--from', '1s')).toMatchObject({ code: 4 })
  })

  it('takes a time in ISO 8601 and as a duration for the same, and says in the header how it was made', async () => {
    const path = await tape()
    const one = await ran(path, '-o', OUTPUT, '--from', '5s', '--to', '0.1m', '--overwrite')
    expect(one).toMatchObject({ code: 0, stderr: '' })
    expect(one.stdout).toMatch(
      /^\S+slice\.tape\.jsonl: [\d,]+ frames of \d connections; \d+ entries in all, \d+ of them its lead\n$/,
    )
    const bytes = await readFile(OUTPUT, 'utf8')
    const iso = ['--from', '2025-12-18T05:10:52.302670+01:00', '--to', '2025-12-18T04:10:53.30267Z']
    const other = await ran(path, '-o', OUTPUT, ...iso, '--json', '--overwrite')
    const lines = (text: string): string[] => text.split('\n').slice(1, -2)
    expect(lines(await readFile(OUTPUT, 'utf8'))).toEqual(lines(bytes))
    const { header } = await TapeReader.open(OUTPUT)
    expect(header).toMatchObject({ derived: `cut ${iso.join(' ')}`, id: HEADER.id })
    expect(JSON.parse(other.stdout)).toMatchObject({ output: OUTPUT, id: HEADER.id })
    expect((await checkTape(OUTPUT)).isWhole).toBe(true)
  })

  it('cuts a damaged tape as far as it is safe, says so and exits with 3', async () => {
    const path = await tape('damaged')
    await truncate(path, (await readFile(path)).length - 500)
    const { code, stderr } = await ran(path, '-o', OUTPUT, '--conn', '1', '--overwrite')
    expect(code).toBe(3)
    expect(stderr).toContain('not sealed')
    expect((await checkTape(OUTPUT)).isWhole).toBe(true)
  })
})

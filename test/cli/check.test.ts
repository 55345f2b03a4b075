import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { DAMAGE_HEADER, EVERY_KIND, tapeLines } from '../tape/damage.ts'
import { runCli } from './run-cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'feedtape-check-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const LINES = tapeLines(EVERY_KIND)
const TAPE = LINES.join('')
const DAMAGED = TAPE.replace('going away', 'gone-away!')

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

describe('check', () => {
  it.each([
    ['-o without --repair', ['check', 'a', '-o', 'b']],
    ['standard input with --repair', ['check', '-', '--repair']],
    ['one output for two tapes', ['check', 'a', 'b', '--repair', '-o', 'c']],
    ['a compressed output', ['check', 'a', '--repair', '-o', 'c.gz']],
    ['a seal without a place to go', ['seal', 'a']],
    ['a seal with two', ['seal', 'a', '--in-place', '-o', 'b']],
    ['a compressed seal', ['seal', 'a.gz', '--in-place']],
  ])('is wrong usage: %s', async (_, args) => {
    const { code, stdout, stderr } = await runCli(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('next')
  })

  it('exits 4 for what is no tape, and still says of the others what they are', async () => {
    const whole = file('with.tape.jsonl', TAPE)
    const damaged = file('with-damaged.tape.jsonl', DAMAGED)
    const { code, stdout, stderr } = await runCli(['check', file('none.txt', 'hello\n'), damaged, whole])
    expect(code).toBe(4)
    expect(stderr).toContain('none.txt: this is no tape')
    expect(stdout).toContain(`${whole}: whole`)
    expect(stdout).toContain(`${damaged}: damaged`)
  })

  it('exits 1 and names line, byte and entry', async () => {
    const path = file('damaged.tape.jsonl', DAMAGED)
    const { code, stdout } = await runCli(['check', path])
    const byte = Buffer.byteLength(TAPE.slice(0, TAPE.indexOf('{"kind":"close"')))
    expect(code).toBe(1)
    const [first, second, third] = stdout.split('\n')
    expect(first).toBe(
      `${path}: damaged: 15 entries, 2 checkpoints, 2.5 KB, sealed 2025-12-18T04:10:47.302683Z`,
    )
    expect(second).toContain(`  line 19, byte ${byte}, entry 16: crc does not fit; expected `)
    expect(third).toBe('  no hash proves lines 16 to 19 (entries 13 to 15)')
  })

  it('exits 1 for a tape that only was not sealed, and calls it so', async () => {
    const path = file('unsealed.tape.jsonl', LINES.slice(0, -1).join(''))
    const { code, stdout } = await runCli(['check', path])
    expect({ code, first: stdout.split('\n')[0] }).toEqual({
      code: 1,
      first: `${path}: not sealed: 16 entries, 2 checkpoints, 2.4 KB, no seal`,
    })
  })

  it('exits 0 with one line for each that is whole, plain or gzip, from a file or standard input', async () => {
    const plain = file('whole.tape.jsonl', TAPE)
    const packed = file('whole.tape.jsonl.gz', gzipSync(TAPE))
    const { code, stdout } = await runCli(['check', plain, packed, '-'], { input: TAPE })
    const content = 'whole: 16 entries, 2 checkpoints, 2.5 KB, sealed 2025-12-18T04:10:47.302683Z'
    expect(code).toBe(0)
    expect(stdout).toBe(`${plain}: ${content}\n${packed}: ${content}\n-: ${content}\n`)
  })

  it('exits 0 for a later part that is whole, and says which parts were not given', async () => {
    const part = (number: number) => {
      const header = { ...DAMAGE_HEADER, part: number, previousHash: 'a'.repeat(64) }
      return file(`night.part${number}.tape.jsonl`, tapeLines(EVERY_KIND.slice(5), 6, header).join(''))
    }
    const fourth = await runCli(['check', part(4)])
    expect(fourth.code).toBe(0)
    expect(fourth.stdout).toContain(': whole: 11 entries')
    expect(fourth.stdout.split('\n')[1]).toBe(
      '  parts 1 to 3 were not given, or not as recorded: the recording is not checked from its beginning',
    )
    expect((await runCli(['check', part(2)])).stdout).toContain('\n  part 1 was not given')
    const { stdout } = await runCli(['check', part(2), '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ isWhole: true, lacksPartsTo: 1 })
  })

  it('--json gives one line a tape', async () => {
    const { code, stdout } = await runCli(['check', '--json', file('json.tape.jsonl', DAMAGED)])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      isWhole: false,
      entries: 15,
      checkpoints: 2,
      problems: [{ line: 19, entry: 16, what: 'crc does not fit' }],
      unproven: [{ fromLine: 16, toLine: 19, fromEntry: 13, toEntry: 15 }],
    })
  })
})

describe('check --repair', () => {
  it('writes beside the tape, exits 3, and refuses to do it over what is there', async () => {
    const path = file('broken.tape.jsonl.gz', gzipSync(DAMAGED))
    const before = readFileSync(path)
    const { code, stdout } = await runCli(['check', path, '--repair'])
    const output = join(folder, 'broken.repaired.tape.jsonl')
    expect(code).toBe(3)
    expect(stdout).toContain(`${output}: 15 entries kept, sealed anew\n  lost: entry 16 (crc does not fit)\n`)
    expect(readFileSync(path).equals(before)).toBe(true)
    expect((await runCli(['check', output])).code).toBe(0)
    expect((await runCli(['check', path, '--repair'])).code).toBe(4)
    expect((await runCli(['check', path, '--repair', '--overwrite'])).code).toBe(3)
  })

  it('exits 0 where nothing was lost, and 3 where only the seal was missing', async () => {
    const garbage = await runCli([
      'check',
      file('garbage.tape.jsonl', `${TAPE}garbage`),
      '--repair',
      '--json',
    ])
    expect(garbage.code).toBe(0)
    expect(JSON.parse(garbage.stdout)).toMatchObject({
      isWhole: false,
      repair: { isComplete: true, kept: 16, lost: 0 },
    })
    const unsealed = await runCli(['check', file('open.tape.jsonl', LINES.slice(0, -1).join('')), '--repair'])
    expect(unsealed.code).toBe(3)
    expect(unsealed.stdout).toContain(
      'it was not sealed: whether more was recorded behind its end cannot be known',
    )
  })

  it('exits 3 and says where to split where another tape stands behind it, sealed or not', async () => {
    const id = '00112233445566778899aabbccddeeff'
    const other = tapeLines(EVERY_KIND.slice(0, 9), 6, { ...DAMAGE_HEADER, id }).join('')
    const unsealed = LINES.slice(0, -1).join('')
    for (const [name, first, behind] of [
      ['two', TAPE, 'behind the seal'],
      ['grafted', unsealed, 'behind its end'],
    ] as const) {
      const path = file(`${name}.tape.jsonl`, first + other)
      const { code, stdout } = await runCli(['check', path, '--repair'])
      expect(code).toBe(3)
      expect(stdout).toContain('16 entries kept')
      expect(stdout).not.toContain('nothing was lost')
      expect(stdout).toContain(`${behind} were not read; they look like another tape (id ${id})`)
      expect(stdout).toContain(`split the file at byte ${Buffer.byteLength(first)} `)
      expect((await runCli(['inspect', path])).code).toBe(3)
    }
  })

  it('of a whole tape writes nothing', async () => {
    const { code, stdout } = await runCli(['check', file('fine.tape.jsonl', TAPE), '--repair'])
    expect(code).toBe(0)
    expect(stdout).toContain('nothing to repair, nothing written')
  })
})

describe('seal', () => {
  it('refuses a line that is none, with its place', async () => {
    const path = file('edited.tape.jsonl', TAPE.replace('"dir":"in"', '"dir":"up"'))
    const { code, stderr } = await runCli(['seal', path, '--in-place'])
    expect(code).toBe(4)
    expect(stderr).toContain('edited.tape.jsonl:6: this line is none of a tape: bad key')
    expect(stderr).toContain('expected  dir: in, out')
  })

  it('makes a tape of an edit, in its place or elsewhere', async () => {
    const path = file('changed.tape.jsonl', TAPE.replace('going away', 'gone'))
    const output = join(folder, 'sealed.tape.jsonl')
    const { code, stdout } = await runCli(['seal', path, '-o', output])
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${output}: sealed: 16 entries\n` })
    expect((await runCli(['seal', path, '-o', output])).code).toBe(4)
    expect((await runCli(['seal', path, '--in-place'])).code).toBe(0)
    expect((await runCli(['check', path, output])).code).toBe(0)
  })
})

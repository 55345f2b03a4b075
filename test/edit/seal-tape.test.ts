import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { sealTape } from '../../src/edit/index.ts'
import { checkTape, type Entry, type Header, TapeReader } from '../../src/tape/index.ts'
import { EVERY_KIND, tapeLines } from '../tape/damage.ts'

const folder = mkdtempSync(join(tmpdir(), 'feedtape-seal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const LINES = tapeLines(EVERY_KIND)

let tapes = 0

async function sealed(
  text: string,
): Promise<{ readonly header: Header; readonly entries: readonly Entry[] }> {
  const path = join(folder, `${tapes++}.tape.jsonl`)
  writeFileSync(path, text)
  await sealTape(path, { output: path, overwrite: true })
  expect(await checkTape(path)).toMatchObject({ isWhole: true })
  const tape = await TapeReader.open(path)
  const entries: Entry[] = []
  for await (const entry of tape) entries.push(entry)
  return { header: tape.header, entries }
}

function seqs(entries: readonly Entry[]): readonly number[] {
  return entries.map(({ seq }) => seq)
}

describe('an edited tape is refused, and nothing is written', () => {
  const edit = (from: string, to: string) => LINES.join('').replace(from, to)
  test.each([
    ['not JSON', edit('"dir":"in"', '"dir":in'), ':6', 'not json'],
    ['a kind that there is not', edit('"kind":"clock"', '"kind":"clack"'), ':16', 'unknown kind'],
    ['a key that it does not have', edit('"step":', '"stop":'), ':16', 'bad key'],
    ['a number that is none', edit('"seq":5', '"seq":"5"'), ':6', 'bad key'],
    ['no header', LINES.slice(1).join(''), '', 'no tape'],
    ['two headers', (LINES[0] ?? '') + LINES.join(''), '', 'no tape'],
    ['nothing', '', '', 'no tape'],
  ])('%s', async (_, text, place, what) => {
    const path = join(folder, 'refused.tape.jsonl')
    writeFileSync(path, text)
    const before = readdirSync(folder)
    await expect(sealTape(path, { output: path, overwrite: true })).rejects.toMatchObject({
      code: 'not-a-tape',
      where: `refused.tape.jsonl${place}`,
      message: expect.stringContaining(what),
    })
    await expect(sealTape(path, { output: join(folder, 'new') })).rejects.toMatchObject({
      code: 'not-a-tape',
    })
    expect(readFileSync(path, 'utf8')).toBe(text)
    expect(readdirSync(folder)).toStrictEqual(before)
  })
})

describe('an edited tape becomes a tape again', () => {
  // What an earlier block left in the arrays of lines is none of a later one.
  test.each(['plain', 'gzip'] as const)('of several megabytes, %s', async packing => {
    const lines = [...Array.from({ length: 12_000 }, (_, n) => [n + 1, 40 + (n % 7)] as const)].map(
      ([seq, size]) =>
        `{"kind":"frame","seq":${seq},"at":${seq},"conn":1,"dir":"in","op":"text","text":"${'x'.repeat(seq < 4_000 ? size : 8 * size)}"}`,
    )
    const text = `${[LINES[0]?.trim(), ...lines].join('\n')}\n`
    expect(text.length).toBeGreaterThan(3 * 1024 * 1024)
    const path = join(folder, `big-${packing}.jsonl`)
    writeFileSync(path, packing === 'gzip' ? gzipSync(text) : text)
    const output = join(folder, `big-${packing}.sealed.jsonl`)
    expect(await sealTape(path, { output })).toEqual({ entries: 12_000, renumbered: 0, held: 0 })
    expect(await checkTape(output)).toMatchObject({ isWhole: true, entries: 12_000 })
  })

  test('with what was edited, and says so in its header, once', async () => {
    const once = await sealed(LINES.join('').replace('going away', 'gone'))
    expect(once.entries.at(-1)).toMatchObject({ kind: 'close', reason: 'gone' })
    expect(once.entries.slice(0, -1)).toStrictEqual(EVERY_KIND.slice(0, -1))
    expect(once.header.derived).toBe('sealed again after an edit')
    const path = join(folder, `${tapes - 1}.tape.jsonl`)
    expect((await sealed(readFileSync(path, 'utf8'))).header.derived).toBe('sealed again after an edit')
  })

  test.each([
    ['lines without crc', (text: string) => text.replace(/,"crc":"[0-9a-f]{8}"/g, '')],
    ['CR LF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['no last newline', (text: string) => text.slice(0, -1)],
    ['empty lines', (text: string) => text.replaceAll('\n', '\n\n')],
    ['no checkpoints and no seal', (text: string) => text.replace(/\{"kind":"(?:checkpoint|seal)".*\n/g, '')],
    ['an entry behind the seal', () => [...LINES.slice(0, -2), LINES.at(-1), LINES.at(-2)].join('')],
  ])('that an editor left with %s', async (_, edit) => {
    expect((await sealed(edit(LINES.join('')))).entries).toStrictEqual(EVERY_KIND)
  })

  test('whose entries keep their numbers where these ascend, and get the next one where they do not', async () => {
    const [header = '', ...lines] = LINES
    const kept = lines.filter(line => !/"seq":(?:4|5),/.test(line))
    expect(seqs((await sealed(header + kept.join(''))).entries)).toStrictEqual([1, 2, 3, ...range(6, 16)])
    const doubled = lines.flatMap(line => (/"seq":5,/.test(line) ? [line, line] : [line]))
    expect(seqs((await sealed(header + doubled.join(''))).entries)).toStrictEqual(range(1, 17))
    const moved = [...lines.slice(3, 4), ...lines.slice(0, 3), ...lines.slice(4)]
    expect(seqs((await sealed(header + moved.join(''))).entries)).toStrictEqual(range(4, 19))
  })

  test('whose times never go back', async () => {
    const { entries } = await sealed(LINES.join('').replace('"seq":13,"at":10', '"seq":13,"at":2'))
    expect(entries[12]).toMatchObject({ kind: 'clock', at: 9 })
  })
})

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cutTape } from '../../src/edit/cut/index.ts'
import { repairTape } from '../../src/edit/index.ts'
import { scrubTape } from '../../src/edit/scrub/index.ts'
import { seededRandom } from '../../src/model/random.ts'
import { checkTape, type Entry, type Header, type Lost, TapeReader } from '../../src/tape/index.ts'
import { runCli } from '../cli/run-cli.ts'
import { DAMAGE_HEADER, EVERY_KIND, flipped, isEntry, tapeLines } from '../tape/damage.ts'
import { temporaryFolder } from '../tape/tapes.ts'

const SEED = 11
const folder = temporaryFolder()
const LINES = tapeLines(EVERY_KIND)
const TAPE = Buffer.from(LINES.join(''))
const HEADER_SIZE = Buffer.byteLength(LINES[0] ?? '')
let files = 0

function tapeOf(bytes: Buffer | readonly string[]): string {
  const path = join(folder, `${files++}.tape.jsonl`)
  writeFileSync(path, Buffer.isBuffer(bytes) ? bytes : bytes.join(''))
  return path
}

/** Without these entries, by number. */
function without(...seqs: readonly number[]): string[] {
  const taken = LINES.filter(isEntry).filter((_, index) => seqs.includes(index + 1))
  return LINES.filter(line => !taken.includes(line))
}

async function entriesOf(path: string): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of await TapeReader.open(path)) entries.push(entry)
  return entries
}

/** What the new tape says was lost, but for what the old one said itself. */
function holesOf(entries: readonly Entry[]): readonly Lost[] {
  return entries.filter(entry => entry.kind === 'lost' && entry.seq !== 14) as Lost[]
}

async function scrubbed(path: string): Promise<Entry[]> {
  const output = `${path}.scrubbed`
  await scrubTape({ path, output, overwrite: true })
  expect(await checkTape(output)).toMatchObject({ isWhole: true })
  return await entriesOf(output)
}

async function cut(path: string, from = 0, to = Number.POSITIVE_INFINITY) {
  const output = `${path}.cut`
  const report = await cutTape(path, {
    output,
    overwrite: true,
    derived: 'cut',
    window: () => ({ from, to }),
  })
  expect(await checkTape(output)).toMatchObject({ isWhole: true })
  return { header: report.header, entries: await entriesOf(output) }
}

describe('what is made from a damaged tape', () => {
  test.each([
    ['in the middle', without(7, 8), [[7, 8, 'missing']]],
    ['at the beginning', without(1, 2), [[1, 2, 'missing']]],
    ['at the end', without(16), [[16, 16, 'missing']]],
    [
      'twice',
      without(4, 9),
      [
        [4, 4, 'missing'],
        [9, 9, 'missing'],
      ],
    ],
    [
      'and its last line is cut',
      [...LINES.slice(0, -2), LINES.at(-2)?.slice(0, -9) ?? ''],
      [[16, 16, 'cut line']],
    ],
  ])('has a lost entry where entries are missing %s', async (_, lines, holes) => {
    const path = tapeOf(lines)
    for (const entries of [await scrubbed(path), (await cut(path)).entries]) {
      expect(holesOf(entries).map(({ from, to, reason }) => [from, to, reason])).toStrictEqual(holes)
    }
  })

  test('has those that its repair has, whatever byte was hit', async () => {
    const random = seededRandom(SEED)
    for (let at = HEADER_SIZE; at < TAPE.length; at += 40 + Math.floor(random.next() * 60)) {
      const path = tapeOf(flipped(TAPE, at, Math.floor(random.next() * 8)))
      await repairTape(path, { output: `${path}.repaired` })
      const lost = holesOf(await entriesOf(`${path}.repaired`))
      expect(holesOf(await scrubbed(path)), `seed ${SEED}, byte ${at}`).toStrictEqual(lost)
      expect(holesOf((await cut(path)).entries), `seed ${SEED}, byte ${at}`).toStrictEqual(lost)
    }
  })

  test('keeps the other entries as they are, and a whole tape gets none', async () => {
    const { entries } = await cut(tapeOf(without(8)))
    expect(entries.filter(({ seq }) => seq !== 8)).toStrictEqual(EVERY_KIND.filter(({ seq }) => seq !== 8))
    expect((await cut(tapeOf(LINES))).entries).toStrictEqual(EVERY_KIND)
    expect(holesOf(await scrubbed(tapeOf(LINES)))).toStrictEqual([])
  })

  test('has a hole before the cut in its lead, and none from behind its end', async () => {
    const path = tapeOf(without(5, 6, 15))
    const { header, entries } = await cut(path, 6, 10)
    expect(holesOf(entries)).toMatchObject([{ from: 5, to: 6 }])
    expect(header.lead).toBe(8)
    expect(entries.at(-1)?.seq).toBe(12)
  })

  test('has no more of them when it is made from again', async () => {
    const path = tapeOf(without(7, 8))
    await cut(path)
    const again = await scrubbed(`${path}.cut`)
    expect(holesOf(again)).toMatchObject([{ from: 7, to: 8 }])
  })

  test('of a later part has none before its first entry', async () => {
    const header: Header = { ...DAMAGE_HEADER, part: 2, previousHash: 'a'.repeat(64) }
    expect(holesOf(await scrubbed(tapeOf(tapeLines(EVERY_KIND.slice(5), 6, header))))).toStrictEqual([])
  })

  test('keeps the time that an entry had before it was held', async () => {
    const text = (seq: number, at: number) =>
      ({ kind: 'frame', seq, at, conn: 1, dir: 'in', op: 'text', text: 'x' }) as const
    const path = tapeOf(tapeLines([text(1, 10), text(2, 9), text(3, 11)]))
    for (const entries of [await scrubbed(path), (await cut(path)).entries]) {
      expect(entries[1]).toMatchObject({ seq: 2, at: 10, original: 9 })
    }
  })
})

test('cut and scrub exit 3 once, and what they wrote says from then on what was lost', async () => {
  const path = tapeOf(Buffer.from(TAPE.toString().replace('going away', 'gone-away!')))
  for (const [command, ...more] of [['scrub'], ['cut', '--to', '1s']]) {
    const output = join(folder, `${command}.tape.jsonl`)
    expect((await runCli([command ?? '', path, '-o', output, ...more])).code).toBe(3)
    expect((await runCli(['check', output])).code).toBe(0)
    expect(readFileSync(output, 'utf8')).toContain(
      '{"kind":"lost","seq":16,"at":11,"from":16,"to":16,"reason":"crc does not fit"',
    )
  }
})

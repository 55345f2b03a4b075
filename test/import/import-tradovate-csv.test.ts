import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { importTradovateCsv } from '../../src/import/import-tradovate-csv.ts'
import { seededRandom } from '../../src/model/random.ts'
import { Normalizer } from '../../src/normalize/index.ts'
import { TapeMerge } from '../../src/replay/index.ts'
import type { Entry, Frame } from '../../src/tape/entry.ts'
import { TapeReader } from '../../src/tape/index.ts'
import { describeWithSamples } from '../samples.ts'

const COLUMNS =
  '_id,_orderId,_contractId,_timestamp,_tradeDate,_action,_qty,_price,_active,_accountId,Fill ID,Order ID,' +
  'Timestamp,Date,Account,B/S,Quantity,Price,_priceFormat,_priceFormatType,_tickSize,Contract,Product,' +
  'Product Description,commission'

const row = (id: number, time: string, account = 'DEMO1000001'): string =>
  `${id},${id},3267315,${time},2026-03-02,0,1,25600.25,true,1000002,${id},${id},03/02/2026 10:00:00,3/2/26,` +
  `${account}, Buy,1,"25,600.25",-2,0,0.25,NQZ6,NQ,E-Mini NASDAQ 100,3.1`

const NOON = '2026-03-02 12:00:00Z'

interface Imported {
  readonly entries: readonly Entry[]
  readonly header: TapeReader['header']
  readonly notes: readonly string[]
}

async function imported(content: string | Buffer): Promise<Imported> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-csv-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'Fills.csv')
  await writeFile(path, content)
  return importedFrom(path, folder)
}

async function importedFrom(path: string, folder: string): Promise<Imported> {
  const output = join(folder, 'Fills.tape.jsonl')
  const { notes } = await importTradovateCsv({ path, output, random: seededRandom(1), version: '0' })
  const tape = await TapeReader.open(output)
  const entries: Entry[] = []
  await new TapeMerge([tape]).run(entry => entries.push(entry))
  await tape.close()
  expect(tape.problems).toEqual([])
  return { entries, header: tape.header, notes }
}

const framesOf = ({ entries }: Imported): readonly Frame[] => entries.filter(entry => entry.kind === 'frame')
const textOf = (frame: Frame): string => ('text' in frame ? frame.text : '')

describe('an export of fills as a tape', () => {
  test.each([
    ['an empty file', ''],
    ['another table', 'symbol,qty\nMNQH6,1\n'],
    ['columns that make no fill', '_id,Date,Account,B/S,Contract\n1,3/2/26,A, Buy,NQZ6\n'],
    ['columns and no fills', `${COLUMNS}\n`],
    ['rows that are none', `${COLUMNS}\none,two\n`],
  ])('refuses %s', async (_, content) => {
    await expect(imported(content)).rejects.toMatchObject({ code: 'bad-capture' })
  })

  test('refuses a file that is not there, and to replace the export itself', async () => {
    const [path, output] = ['no-such.csv', 'no-such.csv.tape.jsonl']
    const target = { random: seededRandom(1), version: '0' }
    await expect(importTradovateCsv({ path, output, ...target })).rejects.toMatchObject({
      code: 'file-missing',
    })
    await expect(importTradovateCsv({ path, output: path, ...target })).rejects.toMatchObject({
      code: 'usage',
    })
  })

  test('says where it comes from', async () => {
    const { header, entries } = await imported(`${COLUMNS}\n${row(1, '2026-03-02 15:00:01.5Z')}\n`)
    expect(header).toMatchObject({
      start: '2026-03-02T15:00:01.500000Z',
      feeds: ['tradovate-user-data'],
      clock: 'imported',
      source: { format: 'tradovate-csv', name: 'Fills.csv' },
    })
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'open', url: 'file:Fills.csv' }))
  })

  test.each([
    ['its line ends, and none at the end', Buffer.from(`\uFEFF${COLUMNS}\r\n${row(1, NOON, 'x')}`)],
    ['a cell over two lines', Buffer.from(`${COLUMNS}\n${row(1, NOON, '"a\nb"')}\n\n`)],
    [
      'bytes that are no UTF-8',
      Buffer.from(`${COLUMNS}\n${row(1, NOON, 'x')}\n${row(2, NOON, 'é')}\n`, 'latin1'),
    ],
  ])('keeps %s: the frames together are the file', async (_, content) => {
    const pieces = framesOf(await imported(content)).map(frame =>
      'text' in frame ? Buffer.from(frame.text) : Buffer.from(frame.base64, 'base64'),
    )
    expect(pieces.length).toBeGreaterThan(1)
    expect(Buffer.concat(pieces)).toEqual(content)
  })

  test('a row stands at its own time; one that goes back is held and keeps it', async () => {
    const rows = ['2026-03-02 15:00:01Z', '2026-03-02 15:00:03.250Z', '2026-03-02 15:00:02Z']
    const tape = await imported(`${COLUMNS}\n${rows.map((time, index) => row(index + 1, time)).join('\n')}\n`)
    expect(framesOf(tape).map(({ at, original }) => [at, original])).toEqual([
      [0, undefined],
      [0, undefined],
      [2_250_000, undefined],
      [2_250_000, 1_000_000],
    ])
    expect(tape.notes.join()).toContain('earlier than the one before, and are held at its time: 1')
  })

  test('no account’s name reaches the tape, in no row, and its length stays', async () => {
    const tape = await imported(
      `${COLUMNS}\n${row(1, '2026-03-02 15:00:01Z')}\n${row(2, '2026-03-02 15:00:02Z', '"APEX-77, ""x"""')}\n`,
    )
    const texts = framesOf(tape).map(textOf)
    expect(texts.join('')).not.toMatch(/DEMO1000001|APEX-77|x""/)
    expect(texts[1]).toHaveLength(row(1, '2026-03-02 15:00:01Z').length + 1)
    expect(framesOf(tape)[1]?.redacted).toEqual([[expect.any(Number), 11, 'text#Account']])
    expect(texts[1]).toContain(',1000002,1,1,')
  })

  test('a row that cannot be read is kept, counted and said', async () => {
    const tape = await imported(`${COLUMNS}\n${row(1, '2026-03-02 15:00:01Z')}\nbroken\n`)
    expect(framesOf(tape).map(textOf).at(-1)).toBe('broken\n')
    expect(tape.notes.join()).toContain(
      'cannot be read as fills, and are kept as they are: 1 (1 cells for 25 columns)',
    )
  })
})

describeWithSamples('the real export', samples => {
  test('is 791 frames, which are the file, and 790 fills with their fees', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'feedtape-csv-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const path = join(samples, 'tradovate/csv/A_Fills.csv')
    const tape = await importedFrom(path, folder)
    const frames = framesOf(tape)
    expect(frames).toHaveLength(791)
    const restored = frames.map(frame => {
      const [[offset = 0, length = 0] = []] = frame.redacted ?? []
      const text = textOf(frame)
      return `${text.slice(0, offset)}${length > 0 ? 'ACCT_A' : ''}${text.slice(offset + length)}`
    })
    expect(restored.join('')).toBe(await readFile(path, 'utf8'))
    const counts = new Map<string, number>()
    const normalizer = new Normalizer({
      observation: ({ kind }) => counts.set(kind, (counts.get(kind) ?? 0) + 1),
    })
    for (const entry of tape.entries) normalizer.apply(entry)
    expect(Object.fromEntries(counts)).toEqual({ fill: 790, fee: 790, instrument: 7 })
    expect(normalizer.tally.noise).toBe(10)
    expect(normalizer.tally.dispositions()).toMatchObject({ read: 790, status: 1, unknown: 0, malformed: 0 })
  })
})

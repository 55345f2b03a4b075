import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { caseLines, groupCauses, verifyFolder } from '../../src/verify/index.ts'
import { goldenFolder, plant } from './golden-folder.ts'

const RECONNECT = 'tradingview-socket/reconnect'
const PNL = 'tradingview-socket/pnl-fifo'

/** The case's cause, as it is told. */
async function told(folder: string): Promise<string> {
  const { cases } = await verifyFolder(folder)
  return cases.flatMap(caseLines).join('\n')
}

describe('the cause of a difference', () => {
  test('is the frame whose value is another one', async () => {
    const folder = await goldenFolder(RECONNECT)
    await plant(folder, `${RECONNECT}.quotes.jsonl`, '"last":"25651"', '"last":"25652"')
    const { cases } = await verifyFolder(folder)
    expect(cases[0]?.cause).toMatchObject({
      kind: 'quotes',
      line: 3,
      key: 'fields.last',
      change: 'changed',
      seq: 7,
      place: {
        seq: 7,
        feed: 'tradingview-socket',
        entry: 'frame',
        text: expect.stringContaining('"lp":25651'),
      },
    })
  })

  test('is one line that is new, or gone, and not all that stand behind it', async () => {
    const folder = await goldenFolder(RECONNECT)
    const line = /\{"kind":"quote"[^\n]*"last":"25651"[^\n]*\n/
    const { cases } = await changed(folder, text => text.replace(line, ''))
    expect(cases[0]?.cause).toMatchObject({
      change: 'new',
      of: 'quote',
      seq: 7,
      expected: 'no such line here',
    })
    const twice = await goldenFolder(RECONNECT)
    const { cases: more } = await changed(twice, text =>
      text.replace(line, quote => `${quote.replace('1"', '9"')}${quote}`),
    )
    expect(more[0]?.cause).toMatchObject({ change: 'gone', of: 'quote', found: 'no such line here' })
  })

  test('is what was not understood, before the quotes that are missing for it', async () => {
    const folder = await goldenFolder('tradingview-socket/errors')
    const twin = 'tradingview-socket/errors.quotes.jsonl'
    await plant(folder, twin, '"reason":"wrong data"', '"reason":"other data"')
    await plant(folder, twin, '{"kind"', '{"kind":"quote","seq":2}\n{"kind"')
    const text = await told(folder)
    expect(text).toContain('errors.quotes.jsonl:2 troubles in protocol_error error (what was understood)')
    expect(text).toContain(
      'expected  none\n  found     1 of: wrong data\n  entry     3, tradingview-socket frame: ~m~',
    )
    expect(text).toContain(
      'then      tradingview-socket/errors.quotes.jsonl:1: expected {"kind":"quote","seq":2}',
    )
  })

  test('is what is wrong with the tape, before anything else', async () => {
    const folder = await goldenFolder(RECONNECT)
    await plant(folder, `${RECONNECT}.tape.jsonl`, '25651', '25661')
    const { cases } = await verifyFolder(folder)
    expect(cases[0]?.cause).toMatchObject({ kind: 'tape', change: 'new', expected: 'a whole tape' })
    expect(cases[0]?.differences).toHaveLength(1)
  })

  test('of P&L is its quotes, where those differ, too; alone it is its own', async () => {
    const folder = await goldenFolder(PNL)
    await plant(folder, `${PNL}.pnl.jsonl`, '"unrealized":"31.25"', '"unrealized":"32.25"')
    expect(await told(folder)).toContain('pnl-fifo.pnl.jsonl:5 unrealized (P&L alone)\n')
    await plant(folder, `${PNL}.quotes.jsonl`, '"last":"25600"', '"last":"25601"')
    const text = await told(folder)
    expect(text).toContain('pnl-fifo.quotes.jsonl:1 fields.last\n  expected  "25601"')
    expect(text).toContain(
      'pnl-fifo.pnl.jsonl:5 unrealized follows from the quotes: expected "32.25", found "31.25"',
    )
  })

  test('is a twin that nobody has written', async () => {
    const folder = await goldenFolder(PNL)
    for (const ending of ['quotes', 'pnl']) await rm(join(folder, `${PNL}.${ending}.jsonl`))
    const { cases } = await verifyFolder(folder)
    expect(cases[0]?.cause).toMatchObject({ kind: 'missing', found: 'no such file' })
    expect(cases[0]?.differences.map(({ follows }) => follows)).toEqual([undefined, undefined])
    expect(cases.flatMap(caseLines).join('\n')).toContain(
      `then      ${PNL}.pnl.jsonl:1: expected a twin; --update writes what the code makes, found no such file`,
    )
  })
})

describe('causes of many cases', () => {
  test('stand in the order of the way of the data, and equal ones together', async () => {
    const names = [
      PNL,
      RECONNECT,
      'tradingview-socket/quote-partial',
      'tradingview-socket/errors',
      'json-socket/kinds',
    ]
    const folder = await goldenFolder(...names)
    await plant(folder, `${PNL}.pnl.jsonl`, '"unrealized":"31.25"', '"unrealized":"32.25"')
    for (const name of names.slice(1, 3)) await plant(folder, `${name}.quotes.jsonl`, '"last":"', '"last":"9')
    await plant(
      folder,
      'tradingview-socket/errors.quotes.jsonl',
      '"reason":"wrong data"',
      '"reason":"other data"',
    )
    await writeFile(join(folder, 'json-socket/kinds.tape.jsonl'), 'garbage\n')
    const { cases } = await verifyFolder(folder)
    const groups = groupCauses(cases).map(({ first, others }) => [
      first.cause?.kind,
      first.name,
      ...others.map(({ name }) => name),
    ])
    expect(groups).toEqual([
      ['tape', 'json-socket/kinds'],
      ['decoder', 'tradingview-socket/errors'],
      ['quotes', 'tradingview-socket/quote-partial', RECONNECT],
      ['pnl', PNL],
    ])
  })

  test('are not together across wires, nor where another key differs', async () => {
    const names = [RECONNECT, 'tradingview-socket/quote-partial', 'tradovate-market-data/numbers']
    const folder = await goldenFolder(...names)
    await plant(folder, `${RECONNECT}.quotes.jsonl`, '"last":"', '"last":"9')
    await plant(folder, 'tradovate-market-data/numbers.quotes.jsonl', '"last":"', '"last":"9')
    await plant(folder, 'tradingview-socket/quote-partial.quotes.jsonl', '"bid":"', '"bid":"9')
    const { cases } = await verifyFolder(folder)
    expect(groupCauses(cases).map(({ others }) => others)).toEqual([[], [], []])
  })
})

async function changed(folder: string, change: (text: string) => string) {
  const path = join(folder, `${RECONNECT}.quotes.jsonl`)
  await writeFile(path, change(await readFile(path, 'utf8')))
  return verifyFolder(folder)
}

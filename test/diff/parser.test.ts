import { readFileSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { diffParser, isDecimal, type ParserReport, readParserLine } from '../../src/diff/parser/index.ts'
import { decimalText } from '../../src/model/decimal.ts'
import { systemTimers } from '../../src/model/timers.ts'

const TAPE = resolve('fixtures/tradingview-socket/pnl-mark-chain.tape.jsonl')
const FEEDTAPE = `'${process.execPath}' bin/feedtape.js quotes - --updates --json`
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-parser-'))
})

/** A parser in JavaScript, of its own process. */
async function program(name: string, text: string): Promise<string> {
  const path = join(folder, `${name}.mjs`)
  await writeFile(path, text)
  return `'${process.execPath}' '${path}'`
}

/** feedtape itself with one line changed on the way. */
const changed = (name: string, change: string) =>
  program(
    name,
    `import { createInterface } from 'node:readline'
for await (const line of createInterface({ input: process.stdin })) {
  ${change}
}`,
  ).then(path => `${FEEDTAPE} | ${path}`)

const diff = (command: string, options: object = {}, tape = TAPE): Promise<ParserReport> =>
  diffParser(tape, { command, silence: 20_000_000, timers: systemTimers }, options)

describe('a line of a parser', () => {
  test.each([
    ['that is not JSON', 'last 5', 'line 7'],
    ['that is a list', '[]', 'line 7'],
    ['without its entry', '{"kind":"quote","name":"X","fields":{}}', 'line 7'],
    ['without a name', '{"kind":"quote","seq":1,"fields":{}}', 'line 7'],
    [
      'with a field that quotes do not have',
      '{"kind":"quote","seq":1,"name":"X","fields":{"price":"1"}}',
      'line 7 fields',
    ],
    [
      'with a price in words',
      '{"kind":"quote","seq":1,"name":"X","fields":{"last":"1,5"}}',
      'line 7 fields.last',
    ],
    [
      'with a time without offset',
      '{"kind":"quote","seq":1,"name":"X","fields":{"lastTime":"noon"}}',
      'line 7 fields.lastTime',
    ],
  ])('%s is refused, with its place', (_, text, where) => {
    expect(() => readParserLine(text, 'line 7')).toThrow(
      expect.objectContaining({ code: 'bad-parser', where }),
    )
  })

  test('may be blank, or of a kind that is not compared', () => {
    expect(readParserLine('', 'line 1')).toBeUndefined()
    expect(readParserLine('{"kind":"tally"}', 'line 1')).toBeUndefined()
  })
})

describe('a parser', () => {
  test('that is feedtape itself differs in nothing, on a plain tape and on a packed one', async () => {
    const report = await diff(FEEDTAPE)
    expect(report).toMatchObject({ different: 0, unsaid: [] })
    expect(report.fields.map(({ field }) => field)).toEqual(expect.arrayContaining(['last', 'bid', 'ask']))
    const packed = join(folder, 'packed.tape.jsonl.gz')
    await writeFile(packed, gzipSync(readFileSync(TAPE)))
    expect(await diff(FEEDTAPE, {}, packed)).toEqual({ ...report, tape: expect.anything() })
  })

  test('that reads one price otherwise is shown it, with the frame that it comes from', async () => {
    const command = await changed('wrong', `console.log(line.replace('"bid":"25649.5"', '"bid":"25649.75"'))`)
    const { different, differences } = await diff(command)
    expect(different).toBe(1)
    expect(differences[0]).toMatchObject({
      seq: 4,
      field: 'bid',
      name: 'CME_MINI:NQ1!',
      feed: 'tradingview-socket',
    })
    const [one] = differences
    const texts = [one?.ours, one?.theirs].map(value =>
      typeof value === 'object' && value !== null ? decimalText(value) : '',
    )
    expect(texts).toEqual(['25649.5', '25649.75'])
    expect(one?.text).toContain('"bid":25649.5')
  })

  test('that loses an update, or says one too many, differs in all of its fields', async () => {
    const lost = await diff(await changed('lost', `if (!line.includes('"seq":4,')) console.log(line)`))
    expect(lost.differences.map(({ seq, theirs }) => [seq, theirs])).toEqual(
      lost.differences.map(() => [4, undefined]),
    )
    expect(lost.different).toBeGreaterThan(1)
    const more = await diff(
      await changed('more', `console.log(line.replace('"name":"CME_MINI:NQ1!"', '"name":"CME_MINI:NQ2!"'))`),
    )
    expect(new Set(more.differences.map(({ name }) => name))).toEqual(
      new Set(['CME_MINI:NQ1!', 'CME_MINI:NQ2!']),
    )
  })

  test('is compared in what it says, or in what is asked for', async () => {
    const only = `const { fields, ...rest } = JSON.parse(line)
  if (fields?.last !== undefined) console.log(JSON.stringify({ ...rest, fields: { last: fields.last } }))`
    const command = await changed('only', only)
    const report = await diff(command)
    expect(report).toMatchObject({ different: 0, fields: [{ field: 'last' }] })
    expect(report.unsaid).toEqual(expect.arrayContaining(['bid', 'ask']))
    expect((await diff(command, { fields: ['bid'] })).different).toBeGreaterThan(0)
  })

  test('that says a price as a number is read as that number', async () => {
    const command = await changed(
      'number',
      `console.log(line.replace(/"(last|bid|ask)":"([0-9.]+)"/g, '"$1":$2'))`,
    )
    expect(await diff(command)).toMatchObject({ different: 0 })
    const said = (value: string) =>
      readParserLine(`{"kind":"quote","seq":1,"name":"X","fields":{"last":${value}}}`, 'x')
    for (const [number, text] of [
      ['5e-324', `0.${'0'.repeat(323)}5`],
      ['2647.1000000000004', '2647.1000000000004'],
    ]) {
      const last = said(number ?? '')?.fields.get('last')
      expect(isDecimal(last) && decimalText(last)).toBe(text)
    }
  })

  test('that fails is told with its exit code and last words', async () => {
    const command = await program('fails', `console.error('no such module'); process.exit(3)`)
    await expect(diff(command)).rejects.toMatchObject({
      code: 'bad-parser',
      found: expect.stringMatching(/^exit 3; .*\n.*no such module/),
    })
    await expect(diff('no-such-program-anywhere')).rejects.toMatchObject({ code: 'bad-parser' })
  })

  test('that ends early without having failed has said too little, and that is seen', async () => {
    const command = await program('early', 'process.exit(0)')
    expect(await diff(command)).toMatchObject({
      fields: [],
      different: 0,
      unsaid: expect.arrayContaining(['last']),
    })
  })

  test('that goes back in its entries is refused', async () => {
    const lines = ['5', '4'].map(seq => `{"kind":"quote","seq":${seq},"name":"X","fields":{"last":"1"}}`)
    const command = await program(
      'back',
      `process.stdin.resume(); console.log(${JSON.stringify(lines.join('\n'))})`,
    )
    await expect(diff(command)).rejects.toMatchObject({ found: 'seq 4', expected: 'an entry from 5 on' })
  })

  test('that hangs is ended, with all that its shell started', async () => {
    const command = await program('hangs', 'setInterval(() => {}, 1000)')
    const program_ = { command: `${command} | cat`, silence: 500_000, timers: systemTimers }
    await expect(diffParser(TAPE, program_)).rejects.toMatchObject({ message: 'the parser hangs' })
  })
})

describe('the examples of the documentation', () => {
  test('agree with feedtape on what they read, and on what is no price', async () => {
    const example = `'${process.execPath}' docs/examples/parser.ts`
    expect(await diff(example)).toMatchObject({ different: 0 })
    const odd = await diff(example, {}, resolve('fixtures/tradingview-socket/quote-partial.tape.jsonl'))
    expect(odd.differences).toEqual([])
  })
})

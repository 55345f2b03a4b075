import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decimalText } from '../../src/model/decimal.ts'
import {
  type CompareOptions,
  compareRuns,
  differenceLine,
  type RunLine,
  readRunLine,
  sumOfParts,
} from '../../src/pnl/explain/index.ts'
import { createPnl, type Pnl } from '../../src/pnl/index.ts'
import { eventLine, positionLine } from '../../src/pnl/lines.ts'
import { runDifferenceText } from '../../src/report/run-difference.ts'

const NQ = 'CME_MINI:NQ1!'
const LONG = 'CME_MINI:NQZ2026'

type Act =
  | { readonly quote: { readonly last?: string; readonly bid?: string; readonly ask?: string } }
  | {
      readonly fill: {
        readonly side: 'buy' | 'sell'
        readonly quantity: string
        readonly price: string
        readonly fee?: string
      }
    }

/** A run’s lines from acts a second apart, as `replay --json` would have them. */
function runOf(acts: readonly Act[], options: Parameters<typeof createPnl>[0] = {}): readonly RunLine[] {
  const pnl: Pnl = createPnl({ staleAfter: '1h', start: '2026-03-02T15:00:00Z', ...options })
  const lines: object[] = [
    {
      kind: 'summary',
      start: '2026-03-02T15:00:00.000000Z',
      matching: options.matching ?? 'average',
      mark: options.mark ?? 'last',
    },
  ]
  for (const [index, act] of acts.entries()) {
    pnl.advance('1s')
    if ('quote' in act) pnl.quote(NQ, act.quote)
    else pnl.fill({ instrument: NQ, ...act.fill })
    const position = pnl.position(NQ)
    const at = Date.UTC(2026, 2, 2, 15, 0, index + 1) * 1000
    const kind = 'quote' in act ? 'quote' : 'fill'
    if (position !== undefined)
      lines.push(eventLine({ kind, at, tape: 't', seq: index, packet: 0 }, position, undefined))
  }
  for (const position of pnl.positions()) lines.push(positionLine(position))
  return lines.flatMap((line, index) => readRunLine(JSON.stringify(line), `run:${index}`) ?? [])
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  for (const value of values) yield value
}

const compared = (a: readonly RunLine[], b: readonly RunLine[], options: CompareOptions = {}) =>
  compareRuns(
    () => each(a),
    () => each(b),
    options,
  )

/** Events by their times; what ends a run behind them. */
function byTime(a: RunLine, b: RunLine): number {
  const [one, other] = [a, b].map(line => (line.kind === 'event' ? line.at : Number.MAX_SAFE_INTEGER))
  return (one ?? 0) - (other ?? 0)
}

const OPEN: Act = { fill: { side: 'buy', quantity: '2', price: '25600' } }
const BOTH: Act = { quote: { last: '25650', bid: '25649', ask: '25651' } }

function pointValueLine(pointValue: string): string {
  return JSON.stringify({ kind: 'position', instrument: NQ, quantity: '1', pointValue })
}

describe('a line that is no line of a run', () => {
  test.each([
    ['not JSON', '{', 'a JSON object on each line'],
    ['a list', '[]', 'a JSON object on each line'],
    ['an event without a time', '{"kind":"quote","instrument":"X"}', 'a time in "at"'],
    [
      'a number where a decimal stands',
      '{"kind":"quote","at":"2026-03-02T15:00:00Z","instrument":"X","net":1}',
      'a decimal as a string, or null',
    ],
    ['a point value of nothing', pointValueLine('0'), 'a decimal above 0, or null'],
    ['a point value below nothing', pointValueLine('-20'), 'a decimal above 0, or null'],
  ])('is refused: %s', (_, text, expected) => {
    expect(() => readRunLine(text, 'a.jsonl:7')).toThrow(
      expect.objectContaining({ code: 'bad-run', where: expect.stringContaining('a.jsonl:7'), expected }),
    )
  })
})

describe('two runs', () => {
  test('that are the same differ in nothing', async () => {
    const run = runOf([OPEN, BOTH])
    expect(await compared(run, run)).toEqual({
      differences: [],
      equal: 1,
      rules: [],
      unpaired: [],
    })
  })

  test('by two mark rules differ by the mark, since the entry that set it', async () => {
    const acts: readonly Act[] = [OPEN, { quote: { last: '25610', bid: '25610' } }, BOTH]
    const { differences, rules } = await compared(runOf(acts), runOf(acts, { mark: 'exit-side' }))
    expect(rules).toEqual([{ rule: 'mark', a: 'last', b: 'exit-side' }])
    expect(differences).toHaveLength(1)
    // (25649 − 25650) × 2 × 20; the first quote was the same on both sides
    expect(differences[0]).toMatchObject({
      difference: { mantissa: -40 },
      parts: [{ part: 'mark', amount: { mantissa: -40 }, since: { a: { seq: 2 }, b: { seq: 2 } } }],
    })
  })

  test('of which one lost a fill differ by the position, and by its fee', async () => {
    const more: Act = { fill: { side: 'buy', quantity: '1', price: '25640', fee: '2.25' } }
    const { differences } = await compared(runOf([OPEN, more, BOTH]), runOf([OPEN, BOTH, BOTH]))
    const parts = differences[0]?.parts.map(({ part, amount, since }) => [
      part,
      amount === undefined ? '' : decimalText(amount),
      since?.a?.seq,
    ])
    expect(parts).toEqual([
      ['fees', '2.25', 1],
      ['position', '-200', 1],
    ])
  })

  test('by two point values differ by these, and by what was realized at them', async () => {
    const acts: readonly Act[] = [OPEN, { fill: { side: 'sell', quantity: '1', price: '25610' } }, BOTH]
    const other = { instruments: { [NQ]: { pointValue: '2', currency: 'USD' } } }
    const { differences } = await compared(runOf(acts), runOf(acts, other))
    expect(differences[0]?.parts.map(({ part, amount }) => [part, amount?.mantissa])).toEqual([
      ['realized', -180],
      ['point value', -900],
    ])
  })

  test('of which one is not priced have no difference in cents, and say which mark is missing', async () => {
    const acts: readonly Act[] = [OPEN, { quote: { last: '25650' } }]
    const { differences } = await compared(runOf(acts), runOf(acts, { mark: 'exit-side' }))
    expect(differences[0]).toMatchObject({
      difference: undefined,
      parts: [{ part: 'mark', amount: undefined }],
    })
  })

  test('of which one never held it differ by all of it', async () => {
    const { differences } = await compared(runOf([OPEN, BOTH]), [])
    expect(differences[0]?.difference).toMatchObject({ mantissa: -2000 })
  })

  test('of which one called it by a bare name at first differ in nothing', async () => {
    const run = runOf([OPEN, BOTH])
    const bare = run.map(line =>
      line.kind === 'event' && line.cause === 'fill' ? { ...line, instrument: 'NQ1!' } : line,
    )
    expect(bare).not.toEqual(run)
    expect(await compared(bare, run)).toMatchObject({ differences: [], equal: 1 })
  })

  test('of which one called it by a bare name at first have one cause, from before the name was known', async () => {
    const more: Act = { fill: { side: 'buy', quantity: '1', price: '25640' } }
    const isBefore = (line: RunLine) => line.kind === 'event' && (line.seq ?? 0) < 2
    const bare = runOf([OPEN, more, BOTH]).map(line =>
      isBefore(line) ? { ...line, instrument: 'NQ1!' } : line,
    )
    const full = runOf([OPEN, { fill: { side: 'buy', quantity: '1', price: '25641' } }, BOTH])
    const { differences } = await compared(bare, full)
    expect(differences).toMatchObject([
      { instrument: NQ, parts: [{ part: 'position', since: { a: { seq: 1 }, b: { seq: 1 } } }] },
    ])
    // Long before the name is known, and behind it: the bare name is no position of its own.
    for (const second of ['01', '03']) {
      const at = Date.parse(`2026-03-02T15:00:${second}.500Z`) * 1000
      const { differences: then, equal } = await compared(bare, full, { at })
      expect(then.length + equal).toBe(1)
    }
  })

  test('of which one had a contract’s continuous word first are told by the words and rolls of the run', async () => {
    const run = runOf([OPEN, BOTH])
    const early = (word: string) =>
      run.map(line => (line.kind === 'event' && line.cause === 'fill' ? { ...line, instrument: word } : line))
    const identity: RunLine = { kind: 'identity', instrument: NQ, words: ['NQ.FRONT', 'CME:NQZ6'] }
    // `NQZ6` is no word of its own there: it is that of the one word with this symbol.
    for (const word of ['NQ.FRONT', 'NQZ6']) {
      expect(await compared([...early(word), identity], run)).toMatchObject({ differences: [], equal: 1 })
    }
    // No line says what is one by its spelling alone.
    const named = (lines: readonly RunLine[]) =>
      lines.map(line =>
        'instrument' in line && line.instrument === NQ ? { ...line, instrument: LONG } : line,
      )
    expect(await compared(named(early('NQZ6')), named(run))).toMatchObject({ differences: [], equal: 1 })
    // Whose it became cannot be told: apart while it was held, and nothing in the end.
    const other = [named(early('NQZ7')), named(run)] as const
    const at = Date.parse('2026-03-02T15:00:01.500Z') * 1000
    expect((await compared(...other, { at })).differences.map(({ instrument }) => instrument)).toEqual([
      'NQZ7',
      LONG,
    ])
    expect(await compared(...other)).toMatchObject({ differences: [], equal: 1 })
    const rolled: RunLine[] = [
      { kind: 'roll', word: 'NQ.FRONT', from: NQ },
      { kind: 'roll', word: 'NQ.FRONT', from: 'CME_MINI:NQM2026' },
      { kind: 'identity', instrument: 'CME_MINI:NQM2026', words: ['NQ.FRONT'] },
    ]
    expect(await compared([...early('NQ.FRONT'), ...rolled], run)).toMatchObject({
      differences: [],
      equal: 1,
    })
  })

  test('in two currencies have no difference in cents, and the currency is a part', async () => {
    const euros = { instruments: { [NQ]: { pointValue: '20', currency: 'EUR' } } }
    const { differences } = await compared(runOf([OPEN, BOTH]), runOf([OPEN, BOTH], euros))
    expect(differences).toMatchObject([
      {
        currency: undefined,
        difference: undefined,
        parts: [{ part: 'currency', amount: undefined, since: { a: { seq: 0 }, b: { seq: 0 } } }],
      },
    ])
    expect(runDifferenceText({ differences, equal: 0, rules: [], unpaired: [] }).join('\n')).toContain(
      'difference –: not known between two currencies',
    )
    expect(differences.map(differenceLine)).toMatchObject([{ currency: null, difference: null }])
  })

  test('that a currency is known of and not of the other have no difference in cents', async () => {
    const run = runOf([OPEN, BOTH])
    const unknown = run.map(line => ('currency' in line ? { ...line, currency: undefined } : line))
    const { differences } = await compared(unknown, run)
    expect(differences).toMatchObject([{ difference: undefined, parts: [{ part: 'currency' }] }])
  })

  test('a part that came and went is no part of the end', async () => {
    const away: Act = { quote: { last: '25651', bid: '25640', ask: '25660' } }
    const back: Act = { quote: { last: '25650', bid: '25650', ask: '25650' } }
    const acts = [OPEN, away, back]
    expect(await compared(runOf(acts), runOf(acts, { mark: 'mid' }))).toMatchObject({
      differences: [],
      equal: 1,
    })
  })

  test('are held against each other for one instrument, by any of its names', async () => {
    const run = runOf([OPEN, BOTH])
    const other = run.map(line => ('instrument' in line ? { ...line, instrument: 'CME_MINI:ES1!' } : line))
    const both = [...run, ...other.filter(line => line.kind !== 'summary')].sort(byTime)
    await expect(compared(both, run, { instrument: 'YM1!' })).rejects.toMatchObject({
      code: 'usage',
      where: '--instrument YM1!',
      found: `positions in ${NQ}, CME_MINI:ES1!`,
    })
    expect(await compared(both, run, { instrument: 'NQ1!' })).toMatchObject({ differences: [], equal: 1 })
    const { differences } = await compared(both, run, { instrument: 'CME_MINI:ES1!' })
    expect(differences.map(({ instrument }) => instrument)).toEqual(['CME_MINI:ES1!'])
  })

  test('each cent is in a part, whatever the runs', async () => {
    const price = fc.integer({ min: 2_560_000, max: 2_570_000 }).map(cents => (cents / 100).toFixed(2))
    const act: fc.Arbitrary<Act> = fc.oneof(
      fc.record({ quote: fc.record({ last: price, bid: price, ask: price }) }),
      fc.record({
        fill: fc.record({
          side: fc.constantFrom<'buy' | 'sell'>('buy', 'sell'),
          quantity: fc.integer({ min: 1, max: 4 }).map(String),
          price,
          fee: fc.constantFrom('0', '2.25'),
        }),
      }),
    )
    const rules = fc.record({
      mark: fc.constantFrom('last', 'exit-side', 'mid'),
      matching: fc.constantFrom('average', 'fifo'),
      instruments: fc.constantFrom({}, { [NQ]: { pointValue: '2.5', currency: 'USD' } }),
    })
    const acts = fc.array(act, { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(acts, acts, rules, rules, async (one, two, a, b) => {
        const { differences } = await compared(runOf(one, a), runOf(two, b))
        for (const difference of differences) {
          const sum = sumOfParts(difference)
          expect(sum === undefined ? undefined : decimalText(sum)).toBe(
            difference.difference === undefined ? undefined : decimalText(difference.difference),
          )
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('books', () => {
  const run = runOf([OPEN, BOTH])
  const more = runOf([OPEN, OPEN, BOTH])
  /** As a run with several books has them: each line says its book. */
  const several = (books: Readonly<Record<string, readonly RunLine[]>>): readonly RunLine[] => [
    { kind: 'summary', start: undefined, rules: {}, books: Object.keys(books) },
    ...Object.entries(books)
      .flatMap(([book, lines]) =>
        lines.flatMap(line => ('instrument' in line && line.kind !== 'identity' ? [{ ...line, book }] : [])),
      )
      .sort(byTime),
  ]
  const withSource = (positions: string): readonly RunLine[] => [
    ...run,
    { kind: 'source', book: undefined, positions },
  ]

  test('that are in no run, or not in both, are refused, with those that are', async () => {
    const two = several({ file: run, 'file-2': more })
    await expect(compared(run, two, { book: 'fills' })).rejects.toMatchObject({
      where: '--book fills',
      found: 'file in A; file, file-2 in B',
      next: 'choose one, such as --book file',
    })
    await expect(compared(withSource('fills'), two)).rejects.toMatchObject({ code: 'usage', where: '--book' })
    const others = several({ file: run, broker: more })
    await expect(compared(two, others, { book: 'file-2' })).rejects.toMatchObject({ code: 'usage' })
    await expect(compared(run, run, { book: 'fills' })).rejects.toMatchObject({ next: 'leave --book out' })
  })

  test('of a run with one are those of the same source in a run with several', async () => {
    const two = several({ file: run, 'file-2': more })
    expect(await compared(run, two)).toMatchObject({
      differences: [],
      equal: 1,
      unpaired: [{ book: 'file-2', run: 'b' }],
    })
    const fills = several({ broker: more, fills: run })
    expect(await compared(fills, withSource('fills'))).toMatchObject({
      differences: [],
      equal: 1,
      unpaired: [{ book: 'broker', run: 'a' }],
    })
  })

  test('are chosen by name, against the only one of a run that has no other', async () => {
    const { differences, unpaired } = await compared(run, several({ file: run, 'file-2': more }), {
      book: 'file-2',
    })
    // Twice as many, at the same price.
    expect(differences).toMatchObject([{ book: 'file-2', difference: { mantissa: 2000 } }])
    expect(unpaired).toEqual([])
  })

  test('of two runs with one each are compared whatever their sources, which are said', async () => {
    expect(await compared(run, withSource('broker'))).toMatchObject({
      differences: [],
      rules: [{ rule: 'positions', a: 'file', b: 'broker' }],
    })
  })
})

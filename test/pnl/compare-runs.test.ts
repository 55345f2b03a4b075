import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decimalText } from '../../src/model/decimal.ts'
import {
  compareRuns,
  createPnl,
  type Pnl,
  type RunLine,
  readRunLine,
  sumOfParts,
} from '../../src/pnl/index.ts'
import { eventLine, positionLine } from '../../src/pnl/lines.ts'

const NQ = 'CME_MINI:NQ1!'

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
    { kind: 'summary', matching: options.matching ?? 'average', mark: options.mark ?? 'last' },
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

const compared = (a: readonly RunLine[], b: readonly RunLine[]) => compareRuns(each(a), each(b))

const OPEN: Act = { fill: { side: 'buy', quantity: '2', price: '25600' } }
const BOTH: Act = { quote: { last: '25650', bid: '25649', ask: '25651' } }

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
  ])('is refused: %s', (_, text, expected) => {
    expect(() => readRunLine(text, 'a.jsonl:7')).toThrow(
      expect.objectContaining({ code: 'bad-run', where: expect.stringContaining('a.jsonl:7'), expected }),
    )
  })
})

describe('two runs', () => {
  test('that are the same differ in nothing', async () => {
    const run = runOf([OPEN, BOTH])
    expect(await compared(run, run)).toEqual({ differences: [], equal: 1, rules: [] })
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
      line.kind === 'event' && line.cause === 'fill' ? { ...line, key: 'NQ1!' } : line,
    )
    expect(bare).not.toEqual(run)
    expect(await compared(bare, run)).toMatchObject({ differences: [], equal: 1 })
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

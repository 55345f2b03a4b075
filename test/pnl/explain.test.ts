import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decimalText } from '../../src/model/decimal.ts'
import { explainPnl, explanationLine, placeKey, readEvidence } from '../../src/pnl/explain/index.ts'
import { parseMarkChain, readPositions } from '../../src/pnl/index.ts'
import { TapeReader } from '../../src/tape/index.ts'
import { type FixtureScript, open, type Step, wait } from '../../tools/fixtures/script.ts'
import { qsd, receive } from '../../tools/fixtures/tradingview-socket/packets.ts'
import { makeFixture } from '../../tools/make-fixtures.ts'

const QS = 'qs_SyntheticAaa'
const NQ = 'CME_MINI:NQ1!'

async function pathOf(...steps: readonly Step[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-explain-'))
  const script: FixtureScript = {
    feed: 'tradingview-socket',
    name: 'a',
    about: 'a test',
    steps: [open, ...steps],
  }
  await makeFixture(script, folder)
  return join(folder, 'a.tape.jsonl')
}

const options = { chain: parseMarkChain('exit-side,last'), staleAfter: 60_000_000 }
const fills = readPositions(
  [
    { instrument: NQ, side: 'buy', quantity: '2', price: '25600', fee: '4.50' },
    { at: '2026-03-02T15:00:02Z', instrument: 'NQ1!', side: 'sell', quantity: '1', price: '25640' },
  ]
    .map(fill => JSON.stringify(fill))
    .join('\n'),
  'fills.jsonl',
)
const MARKET = [
  receive(qsd(QS, NQ, { lp: 25610, bid: 25609.5 })),
  wait(3),
  receive(qsd(QS, NQ, { lp: 25650, bid: 25649.75, ask: 25650.25 })),
  wait(90),
  receive(qsd(QS, 'CME_MINI:ES1!', { lp: 1 })),
]

const explained = async (path: string, more: Partial<Parameters<typeof explainPnl>[2]> = {}) =>
  explainPnl([await TapeReader.open(path)], fills, { ...options, ...more })

describe('what a number rests on', () => {
  test('refuses a moment behind the end of the tape: nobody has recorded what came there', async () => {
    const path = await pathOf(...MARKET)
    const { at: end } = await explained(path)
    await expect(explained(path, { at: () => end + 1 })).rejects.toMatchObject({
      code: 'usage',
      where: '--at',
      expected: 'a time up to 2026-03-02T15:01:33.005000Z',
    })
    expect((await explained(path, { at: () => end })).at).toBe(end)
  })

  test('refuses a moment before the tape begins, and an instrument that was never held', async () => {
    const path = await pathOf(...MARKET)
    await expect(explained(path, { at: start => start - 1 })).rejects.toMatchObject({ where: '--at' })
    await expect(explained(path, { instrument: 'CME_MINI:ES1!' })).rejects.toMatchObject({
      where: '--instrument CME_MINI:ES1!',
      found: `positions in ${NQ}`,
    })
  })

  test('is, at a moment in the middle, what had come by then: the mark’s entry and the fills', async () => {
    const { explanations } = await explained(await pathOf(...MARKET), { at: start => start + 1_000_000 })
    const [one] = explanations
    expect(explanations).toHaveLength(1)
    // (25609.5 × 2 − 51200) × 20 − 4.50
    expect(decimalText(one?.position.net ?? { mantissa: 0, scale: 0 })).toBe('375.5')
    expect(one?.marks).toMatchObject([
      {
        seq: 3,
        packet: 0,
        feed: 'tradingview-socket',
        session: QS,
        name: NQ,
        mark: { from: 'bid', rule: 'exit-side' },
      },
    ])
    expect(one?.steps.map(({ cause }) => [cause.kind, cause.line])).toEqual([['fill', 1]])
  })

  test('has each step of the position, in order, with what was realized and paid by it', async () => {
    const { explanations } = await explained(await pathOf(...MARKET), { instrument: 'NQ1!' })
    const text = (explanations[0]?.steps ?? []).map(({ cause, before, after }) => [
      cause.line,
      cause.deal?.side,
      ...[before.quantity, after.quantity, after.realized ?? before.quantity, after.fees].map(decimalText),
    ])
    expect(text).toEqual([
      [1, 'buy', '0', '2', '0', '4.5'],
      [2, 'sell', '2', '1', '800', '4.5'],
    ])
  })

  test('says of a position without a price which price is missing, and where it was said last', async () => {
    const { explanations } = await explained(await pathOf(...MARKET))
    const [one] = explanations
    expect(one?.position.unpriced).toMatchObject({ reason: 'stale', from: 'last' })
    expect(one?.marks).toEqual([])
    expect(one?.seen).toMatchObject({ seq: 4, packet: 0, mark: { from: 'last', price: { mantissa: 25650 } } })
  })

  test('has both sides of a mid', async () => {
    const run = await explained(await pathOf(...MARKET), {
      chain: parseMarkChain('mid'),
      at: start => start + 3_500_000,
    })
    expect(run.explanations[0]?.marks.map(({ mark }) => [mark.from, mark.rule])).toEqual([
      ['bid', 'mid'],
      ['ask', 'mid'],
    ])
  })

  test('has the wire’s own fields beside it, from a second reading of the tape', async () => {
    const path = await pathOf(...MARKET)
    const { explanations, at } = await explained(path, { at: start => start + 1_000_000 })
    const [one] = explanations
    const marks = one?.marks ?? []
    const evidence = await readEvidence([await TapeReader.open(path)], marks)
    expect([...evidence.keys()]).toEqual(marks.map(placeKey))
    expect([...evidence.values()].map(({ feed, wire }) => [feed, JSON.stringify(wire)])).toEqual([
      ['tradingview-socket', '[{"lp":25610,"bid":25609.5}]'],
    ])
    const line = one === undefined ? {} : explanationLine(one, at, evidence)
    expect(line).toMatchObject({
      kind: 'explanation',
      net: '375.5',
      openCost: '51200',
      facts: { pointValue: { value: '20', from: 'table' } },
      marks: [{ field: 'bid', price: '25609.5', wire: ['{"lp":25610,"bid":25609.5}'] }],
      steps: [{ kind: 'fill', line: 1, side: 'buy', price: '25600', before: { quantity: '0' } }],
    })
  })
})

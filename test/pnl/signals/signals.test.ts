import { describe, expect, test } from 'vitest'
import { logs } from '../../../tools/fixtures/trade-manager/packets.ts'
import { added, closed, more, nq, opened, run, tapeOf } from './stage.ts'

const afterLines = async (...lines: readonly string[]) =>
  run(await tapeOf('lines', nq(100, 101), ...lines.map(line => logs(line))))

describe('what strategies say, where it cannot be taken as it stands', () => {
  test('a close that names no ticker closes nothing, and is said with its place', async () => {
    const { positions, source } = await afterLines(opened('1 BUY at 100'), 'Closed at **105**')
    expect(positions).toEqual(['S NQ1! 1 at 100 realized 0'])
    expect(source).toMatchObject({
      closesWithoutTicker: 1,
      places: { closesWithoutTicker: [{ seq: 5, packet: 0 }] },
    })
  })

  test('a close of another strategy, or of what is flat already, closes nothing', async () => {
    const { positions, source, events } = await afterLines(
      opened('1 BUY at 100'),
      closed('105', '', 'T'),
      closed('105'),
      closed('106'),
    )
    expect(positions).toEqual(['S NQ1! 0 realized 100'])
    expect(source).toMatchObject({ closesOfNothing: 2, closes: 1 })
    expect(events).toEqual(['signal S 1', 'signal S 0'])
  })

  test('a line that nobody understands moves nothing, and its place is told', async () => {
    const { positions, source } = await afterLines('🧹 [AUTO] — Cleared BUY from S, NQ1!, 15')
    expect(positions).toEqual([])
    expect(source).toMatchObject({ unknown: 1, places: { unknown: [{ seq: 4 }] } })
  })

  test('a close without a price leaves the position open, and in doubt', async () => {
    const { positions, source, events } = await afterLines(opened('1 BUY at 100'), 'shut S NQ1! 15')
    expect(positions).toEqual(['S NQ1! 1 at 100 realized 0 uncertain'])
    expect(source).toMatchObject({ incomplete: 1 })
    expect(events).toEqual(['signal S 1', 'uncertain S 1'])
  })

  test('a close of more than is held closes what is held, and never turns it round', async () => {
    const { positions, source } = await afterLines(opened('2 BUY at 100'), closed('105', '3 '))
    expect(positions).toEqual(['S NQ1! 0 realized 200'])
    expect(source).toMatchObject({
      contradictions: 1,
      differences: [{ said: { quantity: '-3' }, made: { quantity: '2', average: '100' } }],
    })
  })

  test('an addition on the other side is left out, and the position is in doubt', async () => {
    const { positions, source } = await afterLines(opened('2 BUY at 100'), more('1 SELL at 104'))
    expect(positions).toEqual(['S NQ1! 2 at 100 realized 0 uncertain'])
    expect(source).toMatchObject({ contradictions: 1, adds: 0 })
  })

  test('an addition to nothing is all that is known, and in doubt: more may have been open before', async () => {
    const { positions, source } = await afterLines(more('1 BUY at 104'))
    expect(positions).toEqual(['S NQ1! 1 at 104 realized 0 uncertain'])
    expect(source).toMatchObject({ contradictions: 1, adds: 1 })
  })

  test('an opening on an open position holds on either side: the end of the one before is not known, nor what it made', async () => {
    for (const [trade, held] of [
      ['1 SELL at 110', '-1 at 110'],
      ['3 BUY at 110', '3 at 110'],
    ] as const) {
      const { positions, source } = await afterLines(opened('2 BUY at 100'), opened(trade))
      expect(positions).toEqual([`S NQ1! ${held} realized 0`])
      expect(source).toMatchObject({ opens: 2, opensOnOpen: 1, places: { opensOnOpen: [{ seq: 5 }] } })
    }
  })

  test('the same opening again, with nothing between, opens nothing twice', async () => {
    const { positions, source, events } = await afterLines(opened('1 BUY at 100'), opened('1 BUY at 100'))
    expect(positions).toEqual(['S NQ1! 1 at 100 realized 0'])
    expect(source).toMatchObject({ opens: 1, repeated: 1, opensOnOpen: 0 })
    expect(events).toEqual(['signal S 1'])
  })

  test('an ADD that leaves less, or the other side, holds, and is told as a contradiction: in doubt, for nobody knows what the rest made', async () => {
    for (const [said, quantity] of [
      ['1 BUY at 100', '1'],
      ['2 SELL at 100', '-2'],
    ] as const) {
      const { positions, source, events } = await afterLines(opened('2 BUY at 100'), added(said))
      expect(positions).toEqual([`S NQ1! ${quantity} at 100 realized 0 rounded uncertain`])
      expect(events.at(-1)).toBe(`uncertain S ${quantity}`)
      expect(source).toMatchObject({
        contradictions: 1,
        differences: [{ said: { quantity, average: '100' }, made: { quantity: '2', average: '100' } }],
      })
    }
  })
})

describe('positions from signals', () => {
  test('are apart by strategy, ticker and timeframe, and closed at their own prices', async () => {
    const { positions, source } = await afterLines(
      opened('1 BUY at 100'),
      opened('2 SELL at 102', { strategy: 'T' }),
      closed('99', '', 'T'),
      closed('105'),
    )
    expect(positions).toEqual(['S NQ1! 0 realized 100', 'T NQ1! 0 realized 120'])
    expect(source).toMatchObject({ opens: 2, closes: 2, untimed: 4, unknown: 0 })
  })

  test('are closed in part where the line says how much', async () => {
    const { positions } = await afterLines(opened('4 SELL at 100'), closed('98', '1 '))
    expect(positions).toEqual(['S NQ1! -3 at 100 realized 40'])
  })

  test('are what an ADD says, at its rounded average, until they are flat', async () => {
    const lines = [opened('2 BUY at 100'), added('3 BUY at 100.33')]
    const open = await afterLines(...lines)
    expect(open.positions).toEqual(['S NQ1! 3 at 100.33 realized 0 rounded'])
    expect(open.source).toMatchObject({ adds: 1, rounded: 1, contradictions: 0 })
    const flat = await afterLines(...lines, closed('101.33'))
    expect(flat.positions).toEqual(['S NQ1! 0 realized 60'])
  })

  test('grow by an addition that says its own size and price, on the side that is open', async () => {
    for (const line of [more('2 BUY at 106'), 'more S NQ1! 15 2 at 106']) {
      const { positions, source } = await afterLines(opened('1 BUY at 100'), line)
      expect(positions).toEqual(['S NQ1! 3 at 104 realized 0'])
      expect(source).toMatchObject({ adds: 1, rounded: 0 })
    }
  })

  test('are the same bytes twice', async () => {
    const lines = [opened('1 BUY at 100'), added('3 BUY at 100.33'), closed('101')]
    expect((await afterLines(...lines)).digest).toBe((await afterLines(...lines)).digest)
  })

  test('are lots of their own by fifo, an ADD’s one lot at its average', async () => {
    const tape = await tapeOf(
      'fifo',
      nq(100, 101),
      logs(added('3 BUY at 100.33')),
      logs(closed('101.33', '1 ')),
    )
    const { positions } = await run(
      tape,
      { from: 'signals' },
      { chain: ['exit-side'], staleAfter: 60_000_000, matching: 'fifo' },
    )
    expect(positions).toEqual(['S NQ1! 2 at 100.33 realized 20 rounded'])
  })
})

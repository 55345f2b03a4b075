import { describe, expect, test } from 'vitest'
import { type Matching, type PnlOptions, readWebhooks, type SignalsMapping } from '../../../src/pnl/index.ts'
import { wait } from '../../../tools/fixtures/script.ts'
import { nq, RULES, run, tapeOf } from './stage.ts'

const MAPPING: SignalsMapping = {
  ticker: 't',
  action: 'a',
  quantity: 'q',
  price: 'p',
  position: 'after',
  average: 'average',
}

/** One a second from the start of the tape on. */
const afterBodies = afterThem(RULES)
const withMatching = (matching: Matching) => afterThem({ ...RULES, matching })

function afterThem(rules: PnlOptions) {
  return async (...bodies: readonly object[]) => {
    const lines = bodies.map((body, index) => {
      return JSON.stringify({ at: `2026-03-02T15:00:0${index + 1}Z`, body: { t: 'NQ1!', ...body } })
    })
    const webhooks = readWebhooks(lines.join('\n'), 'hooks.jsonl', MAPPING)
    return run(await tapeOf('hooks', nq(100, 101), wait(9)), { from: 'signals-file', ...webhooks }, rules)
  }
}

const order = (a: string, q: number, p: number, after?: number) => ({ a, q, p, after })

describe('webhooks to positions', () => {
  test('a signal behind the end of the tape is an error that names its line', async () => {
    const at = '2026-03-02T15:00:09.5Z'
    const webhooks = readWebhooks(
      JSON.stringify({ at, body: { t: 'NQ1!', ...order('buy', 1, 1) } }),
      'hooks.jsonl',
      MAPPING,
    )
    const tape = await tapeOf('late', nq(100, 101), wait(9))
    await expect(run(tape, { from: 'signals-file', ...webhooks })).rejects.toMatchObject({
      code: 'bad-positions',
      where: 'hooks.jsonl:1',
      found: '2026-03-02T15:00:09.500000Z',
    })
  })

  test('a signal from before the tape is open at its start', async () => {
    const at = '2026-03-02T14:00:00Z'
    const webhooks = readWebhooks(
      JSON.stringify({ at, body: { t: 'NQ1!', ...order('buy', 1, 90) } }),
      'hooks.jsonl',
      MAPPING,
    )
    const { positions } = await run(await tapeOf('early', nq(100, 101)), {
      from: 'signals-file',
      ...webhooks,
    })
    expect(positions).toEqual(['– NQ1! 1 at 90 realized 0'])
  })

  test('orders open, add, close and turn round, and each is told with its line', async () => {
    const { positions, source, events } = await afterBodies(
      order('buy', 1, 100, 1),
      order('buy', 1, 102, 2),
      order('sell', 3, 104, -1),
      order('buy', 1, 103, 0),
    )
    // 4 + 2, then 1, of 20 a point.
    expect(positions).toEqual(['– NQ1! 0 realized 140'])
    expect(source).toMatchObject({
      positions: 'signals-file',
      opens: 2,
      adds: 1,
      closes: 2,
      contradictions: 0,
    })
    expect(events).toEqual(['signal  1', 'signal  2', 'signal  -1', 'signal  0'])
  })

  test('an order behind one that is missing holds by its word where that says the price, too', async () => {
    for (const [after, bodies] of [
      // Flat behind it: all is closed at its price.
      ['0 realized 80', [order('buy', 2, 100, 2), order('sell', 1, 102, 0)]],
      // Turned round: what is held now was opened by it.
      ['-1 at 105 realized 0', [order('buy', 1, 100, 1), order('sell', 3, 105, -1)]],
      // From flat: what was held before ended where nobody said.
      ['1 at 105 realized 0', [order('buy', 2, 100, 2), order('buy', 1, 105, 1)]],
    ] as const) {
      const { positions, source } = await afterBodies(...bodies)
      expect(positions).toEqual([`– NQ1! ${after}`])
      expect(source).toMatchObject({ contradictions: 1, places: { contradictions: [{ line: 2 }] } })
    }
  })

  test('an order against what its word says is held states that, unpriced, and no position that never was', async () => {
    // A long of 3 that nobody heard of, sold in two steps.
    const first = order('sell', 1, 110, 2)
    const { positions, source, events } = await afterBodies(first)
    expect(positions).toEqual(['– NQ1! 2 realized 0 stated uncertain'])
    expect(source).toMatchObject({
      differences: [{ said: { quantity: '2', average: null }, made: { quantity: '-1', average: '110' } }],
    })
    expect(events).toEqual(['signal  2', 'uncertain  2'])
    const ended = await afterBodies(first, order('sell', 2, 120, 0))
    expect(ended.positions).toEqual(['– NQ1! 0 realized 0 uncertain'])
    expect(ended.events.slice(2)).toEqual(['signal  0'])
  })

  test('an order on its side or beyond leaves nothing counted of what has no price, by either matching', async () => {
    const first = order('sell', 1, 110, 2)
    for (const [then, held] of [
      [order('buy', 1, 100, 3), '3 realized 0 stated'],
      [order('sell', 1, 100, 1), '1 realized 0 stated uncertain'],
      [order('sell', 3, 100, -1), '-1 at 100 realized 0 uncertain'],
    ] as const) {
      for (const matching of ['average', 'fifo'] as const) {
        const { positions } = await withMatching(matching)(first, then)
        expect(positions).toEqual([`– NQ1! ${held}`])
      }
    }
  })

  test('an order to flat on the side of what is held ends that where nobody said, and closes nothing at its price', async () => {
    // A short of 1 was opened here; the sale to flat says that a long of 2 was held.
    const { positions } = await afterBodies(order('sell', 1, 110), order('sell', 2, 120, 0))
    expect(positions).toEqual(['– NQ1! 0 realized 0 uncertain'])
  })

  test('an order that leaves less at its average has closed the rest at its price', async () => {
    const { positions, source } = await afterBodies(order('buy', 5, 100, 5), {
      ...order('sell', 2, 110, 3),
      average: 100,
    })
    expect(positions).toEqual(['– NQ1! 3 at 100 realized 400 rounded'])
    expect(source).toMatchObject({ contradictions: 0, closes: 1 })
  })

  test('an order to flat from nothing closes nothing, and holds', async () => {
    const { positions, source } = await afterBodies(order('sell', 1, 100, 0))
    expect(positions).toEqual([])
    expect(source).toMatchObject({ closesOfNothing: 1, closes: 0 })
  })

  test('an order to a size whose price nobody knows is applied, and the position in doubt until one agrees', async () => {
    const bodies = [order('buy', 1, 100, 1), order('buy', 1, 102, 5)]
    const { positions, source, events } = await afterBodies(...bodies)
    expect(positions).toEqual(['– NQ1! 2 at 101 realized 0 uncertain'])
    expect(source).toMatchObject({
      differences: [{ said: { quantity: '5', average: null }, made: { quantity: '2', average: '101' } }],
    })
    expect(events).toEqual(['signal  1', 'signal  2', 'uncertain  2'])
    const agreed = await afterBodies(...bodies, order('sell', 2, 103, 0))
    expect(agreed.positions).toEqual(['– NQ1! 0 realized 80'])
    expect(agreed.events.slice(3)).toEqual(['signal  0', 'confirmed  0'])
  })

  test('a rounded average sets the position; beyond rounding it contradicts what the orders make', async () => {
    const opening = order('open', 2, 100, 2)
    for (const [average, contradictions] of [
      [100.33, 0],
      [100.34, 1],
      [100.3, 0],
      [100, 0],
      [101, 1],
    ] as const) {
      const { positions, source } = await afterBodies(opening, { ...order('buy', 1, 101, 3), average })
      expect(positions).toEqual([`– NQ1! 3 at ${average} realized 0 rounded`])
      expect(source).toMatchObject({ rounded: 1, contradictions })
    }
  })

  test('what is exact stays known behind a rounded average', async () => {
    const { source } = await afterBodies(
      order('buy', 2, 100, 2),
      { ...order('buy', 1, 101, 3), average: 100.33 },
      { ...order('buy', 3, 101, 6), average: 100.66 },
    )
    // 604 ÷ 6 = 100.666…, which is .67.
    expect(source).toMatchObject({
      contradictions: 1,
      differences: [
        {
          line: 3,
          said: { quantity: '6', average: '100.66' },
          made: { quantity: '6', average: '100.6666666667' },
        },
      ],
    })
  })
})

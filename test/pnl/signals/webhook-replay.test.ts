import { describe, expect, test } from 'vitest'
import { readWebhooks, type SignalsMapping } from '../../../src/pnl/index.ts'
import { wait } from '../../../tools/fixtures/script.ts'
import { nq, run, tapeOf } from './stage.ts'

const MAPPING: SignalsMapping = {
  ticker: 't',
  action: 'a',
  quantity: 'q',
  price: 'p',
  position: 'after',
  average: 'average',
}

/** One a second from the start of the tape on. */
async function afterBodies(...bodies: readonly object[]) {
  const lines = bodies.map((body, index) => {
    return JSON.stringify({ at: `2026-03-02T15:00:0${index + 1}Z`, body: { t: 'NQ1!', ...body } })
  })
  const webhooks = readWebhooks(lines.join('\n'), 'hooks.jsonl', MAPPING)
  return run(await tapeOf('hooks', nq(100, 101), wait(9)), { from: 'signals-file', ...webhooks })
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

import { describe, expect, test } from 'vitest'
import { readPositions } from '../../../src/pnl/index.ts'
import { readForeignFile } from '../../../src/pnl/reconcile/index.ts'
import type { Step } from '../../../tools/fixtures/script.ts'
import * as tv from '../../../tools/fixtures/tradovate-user-data/packets.ts'
import { checkOf, reconciled, tapesOf } from './scene.ts'

const contract = (name: string): Step =>
  tv.receive(
    tv.push('product', tv.product, 'Created'),
    tv.push('contractMaturity', tv.maturity, 'Created'),
    tv.push('contract', { ...tv.contract, name }, 'Created'),
  )
const filled = (id: number, more: object): Step =>
  tv.receive(
    tv.push('order', tv.order(id, 'Filled'), 'Created'),
    tv.push('fill', tv.fill(10 + id, id, more), 'Created'),
  )
const position = (netPos: number, more: object): Step =>
  tv.receive(tv.push('position', tv.position(netPos, more), 'Updated'))

/** Bought at 100 and sold at 110: 200 at 20 a point. */
const DEALS = [contract('NQZ6'), filled(1, { price: 100 }), filled(2, { action: 'Sell', price: 110 })]

describe('fills against the broker', () => {
  const compared = async (...steps: readonly Step[]) =>
    checkOf(await reconciled(await tapesOf({ feed: tv.feed, steps })), 'fills against broker')

  test('differ where the broker realized something else on the day of its position', async () => {
    const flat = (soldValue: number) => position(0, { bought: 1, boughtValue: 100, sold: 1, soldValue })
    expect(await compared(...DEALS, flat(5000))).toMatchObject({
      differences: [
        {
          what: 'NQZ6 realized on 2026-03-02',
          ours: { text: '200' },
          theirs: { text: '98000' },
          difference: { mantissa: 97800 },
        },
      ],
    })
    expect(await compared(...DEALS, flat(110))).toMatchObject({ compared: 1, differences: [], notes: [] })
  })

  test('are compared on the position’s trade date only', async () => {
    const before = { year: 2026, month: 2, day: 27 }
    const steps = [
      contract('NQZ6'),
      filled(1, { price: 100, tradeDate: before }),
      filled(2, { action: 'Sell', price: 130, tradeDate: before }),
      ...DEALS.slice(1).map((_, index) =>
        filled(3 + index, index === 0 ? { price: 100 } : { action: 'Sell', price: 110 }),
      ),
      position(0, { bought: 1, boughtValue: 100, sold: 1, soldValue: 110 }),
    ]
    expect(await compared(...steps)).toMatchObject({ differences: [], notes: [] })
  })

  test('say what is not comparable: an average or a realized that nobody states', async () => {
    const steps = [contract('NQZ6'), filled(1, { price: 100 }), position(1, { boughtValue: 999 })]
    expect(await compared(...steps)).toMatchObject({
      differences: [],
      notes: expect.arrayContaining([
        'not comparable: NQZ6 average: 1 at 100 against 1',
        'not comparable: NQZ6 realized on 2026-03-02: it is not known in broker',
      ]),
    })
  })
})

describe('two files of fills', () => {
  test('that hold the same and realized another sum differ by it', async () => {
    const file = (name: string, price: string) =>
      readPositions(
        [
          { instrument: 'NQ1!', side: 'buy', quantity: '1', price: '100' },
          { instrument: 'NQ1!', side: 'sell', quantity: '1', price },
        ]
          .map(fill => JSON.stringify(fill))
          .join('\n'),
        name,
      )
    const paths = await tapesOf({ feed: 'trade-manager', steps: [] })
    const { checks } = await reconciled(paths, { plans: [file('a.jsonl', '110'), file('b.jsonl', '111')] })
    expect(checks[0]?.differences).toMatchObject([
      { what: 'NQ1! realized', ours: { text: '200' }, theirs: { text: '220' }, difference: { mantissa: 20 } },
    ])
  })
})

const PAIRS = 'buyFillId,sellFillId,qty,buyPrice,sellPrice,pnl'

describe('a file of pairs', () => {
  const pairs = async (steps: readonly Step[], ...rows: readonly string[]) => {
    const file = readForeignFile([PAIRS, ...rows].join('\n'), 'pairs.csv')
    return checkOf(
      await reconciled(await tapesOf({ feed: tv.feed, steps }), { against: [file] }),
      'pairs.csv',
    )
  }

  test('whose P&L nothing can be held against is different, and says why', async () => {
    const unknown = [
      tv.receive(tv.push('contract', { ...tv.contract, name: 'XYZZ6' }, 'Created')),
      ...DEALS.slice(1),
    ]
    expect(await pairs(unknown, '11,12,1,100,110,77777')).toMatchObject({
      differences: [
        {
          what: 'fills 11 × 12',
          ours: { text: '1 bought at 100, sold at 110, not comparable: point value unknown' },
          theirs: { text: '1 bought at 100, sold at 110: 77777' },
        },
      ],
    })
  })

  test('told in parts is one, and all parts are at its prices', async () => {
    const steps = [
      contract('NQZ6'),
      filled(1, { price: 100, qty: 5 }),
      filled(2, { action: 'Sell', price: 110, qty: 5 }),
    ]
    const first = '11,12,2,100,110,400'
    expect((await pairs(steps, first, '11,12,3,100,110,600')).differences).toEqual([])
    for (const prices of ['1,110', '100,2']) {
      expect((await pairs(steps, first, `11,12,3,${prices},600`)).differences).toMatchObject([
        {
          what: 'fills 11 × 12',
          theirs: {
            text: expect.stringContaining(`; bought at ${prices.replace(',', ', sold at ')}: 1000`),
            place: 'pairs.csv:2, pairs.csv:3',
          },
        },
      ])
    }
  })

  test('is refused where the fills are a file’s', async () => {
    const plans = [
      readPositions('{"instrument":"NQ1!","side":"buy","quantity":"1","price":"100"}', 'a.jsonl'),
    ]
    const file = readForeignFile(`${PAIRS}\n11,12,1,100,110,200`, 'pairs.csv')
    const paths = await tapesOf({ feed: tv.feed, steps: DEALS })
    await expect(reconciled(paths, { plans, against: [file] })).rejects.toMatchObject({
      code: 'usage',
      where: '--against pairs.csv',
    })
  })
})

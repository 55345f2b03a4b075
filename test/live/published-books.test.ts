import { expect, test } from 'vitest'
import { PublishedBooks } from '../../src/live/published-books.ts'
import { PnlEngine, readPositions } from '../../src/pnl/index.ts'
import { headerOf } from '../../tools/fixtures/script.ts'

const NQ = 'CME_MINI:NQ1!'
const SECOND = 1_000_000

test('positions of two accounts in one instrument are two: a change of one is none of the other', () => {
  const header = headerOf({ feed: 'tradingview-socket', name: 'accounts' })
  const start = Date.parse(header.start) * 1_000
  const one = { instrument: NQ, side: 'buy', quantity: '1', price: '25600' }
  const fills = [
    { ...one, account: 'A' },
    { ...one, account: 'B' },
    { ...one, account: 'B', at: '2026-03-02T15:00:01Z' },
  ]
  const plan = readPositions(fills.map(fill => JSON.stringify(fill)).join('\n'), 'fills.jsonl')
  const engine = new PnlEngine([header], [plan], { chain: ['last'], staleAfter: SECOND })
  engine.begin(start)
  const published = new PublishedBooks({})
  expect(published.snapshot(engine.books)).toMatchObject([
    {
      positions: [
        { account: 'A', quantity: '1' },
        { account: 'B', quantity: '1' },
      ],
    },
  ])
  expect(published.changes(engine.books)).toEqual([])
  engine.advance(start + SECOND)
  const [changed] = published.changes(engine.books)
  expect(changed).toMatchObject({ positions: [{ account: 'B', quantity: '2' }] })
  expect(changed).not.toHaveProperty('gonePositions')
})

import { describe, expect, it } from 'vitest'
import type { FeedAnswers } from '../../src/inspect/index.ts'
import { inspectionText } from '../../src/report/inspection.ts'
import type { EntryDraft } from '../../src/tape/entry.ts'
import { inspected, open, quote } from './tapes.ts'

function frame(atSeconds: number, text: string, dir: 'in' | 'out' = 'in'): EntryDraft {
  return { kind: 'frame', at: atSeconds * 1_000_000, conn: 1, dir, op: 'text', text }
}

const props = (entityType: string, entity: object): string =>
  `a[${JSON.stringify({ e: 'props', d: { entityType, eventType: 'Updated', entity } })}]`
const book = (bid: number): string =>
  `a[${JSON.stringify({ e: 'md', d: { quotes: [{ contractId: 4_327_110, entries: { Bid: { price: bid, size: 3 } } }] } })}]`
const position = (netPos: number, netPrice?: number) => ({
  id: 1,
  accountId: 2,
  contractId: 3_267_315,
  timestamp: '2026-01-05T14:30:00Z',
  tradeDate: { year: 2026, month: 1, day: 5 },
  netPos,
  bought: 0,
  boughtValue: 0,
  sold: 0,
  soldValue: 0,
  archived: false,
  prevPos: 0,
  ...(netPrice === undefined ? {} : { netPrice }),
})

async function answersOf(feed: string, ...messages: readonly string[]): Promise<FeedAnswers> {
  const { answers } = await inspected([
    open(1, 0, feed),
    ...messages.map((text, index) => frame(index + 1, text)),
  ])
  const [first] = answers
  if (first === undefined) throw new Error('no answers')
  return first
}

const held = ({ expectations }: FeedAnswers) => expectations?.map(({ holds, seq }) => [holds, seq])

describe('what a feed is like', () => {
  it('is unseen where nothing came', async () => {
    expect(await answersOf('tradovate-user-data')).toEqual({
      feed: 'tradovate-user-data',
      recognised: [],
      tie: [],
      wrapping: { isTypeData: 'unseen', framing: '', forms: [] },
      prices: [],
      names: [],
      positions: [],
    })
  })

  it('says of a socket with its own framing that it is not wrapped in type and data, and where its prices stand', async () => {
    const { answers } = await inspected([
      open(1, 0),
      quote(1, { lp: 23418.6, bid: 23418.5 }),
      quote(2, { lp: 23419 }),
    ])
    expect(answers).toMatchObject([
      {
        recognised: [{ feed: 'tradingview-socket', confidence: 'certain' }],
        wrapping: { isTypeData: 'no', framing: '~m~N~m~', forms: [{ form: 'm and p', count: 2, seq: 2 }] },
        prices: [
          { field: 'last', path: 'p.1.v.lp', updates: 2, seq: 2 },
          { field: 'bid', path: 'p.1.v.bid', updates: 1, seq: 2 },
        ],
        names: [{ by: 'ticker', names: 1, example: 'NSE:X', seq: 2 }],
        positions: [],
      },
    ])
    expect(answers[0]).not.toHaveProperty('expectations')
  })

  it('goes by what came, not by what the tape calls it', async () => {
    const wrong = await answersOf('trade-manager', book(1), book(2))
    expect(wrong).toMatchObject({
      recognised: [{ feed: 'tradovate-market-data' }],
      wrapping: { isTypeData: 'no' },
    })
    expect(held(wrong)).toEqual([
      ['yes', 2],
      ['unseen', undefined],
      ['unseen', undefined],
      ['unseen', undefined],
    ])
  })

  it('says of Trade Manager that it is wrapped, has bid and ask, tickers, and signals for positions', async () => {
    const data =
      '{"type": "DATA", "data": {"ticker": "ES1!", "prices": {"ask": 6723.25, "bid": 6723.0}, "tickinfo": {"step": 0.25}}}'
    const logs =
      '{"type": "LOGS", "data": "[RECORDER] OPEN — Strategy: **S**, Ticker: **NQ1!**, Timeframe: **15** — **1 BUY** at **24958.5**"}'
    expect(await answersOf('trade-manager', data, logs)).toMatchObject({
      wrapping: { isTypeData: 'yes' },
      prices: [
        { field: 'bid', path: 'data.prices.bid' },
        { field: 'ask', path: 'data.prices.ask' },
      ],
      names: [{ by: 'ticker', names: 2 }],
      positions: [{ what: 'signal: open', count: 1, seq: 3 }],
    })
  })
})

describe('what was expected of Tradovate', () => {
  it('is not met by positions without a price, and says nothing of flat ones', async () => {
    const bare = await answersOf('tradovate-user-data', props('position', position(2)))
    expect(held(bare)?.[2]).toEqual(['no', 2])
    const flat = await answersOf('tradovate-user-data', props('position', position(0)))
    expect(held(flat)?.[2]).toEqual(['unseen', 2])
  })

  it('holds where each is shown, each with its entry', async () => {
    const user = await answersOf('tradovate-user-data', props('position', position(2, 25_650.25)))
    expect(held(user)).toEqual([
      ['yes', 2],
      ['unseen', undefined],
      ['yes', 2],
      ['unseen', undefined],
    ])
    expect(user.names).toMatchObject([{ by: 'contract id', example: '3267315' }])
    const market = await answersOf('tradovate-market-data', book(28_138.25), book(28_138.5))
    expect(held(market)).toEqual([
      ['yes', 2],
      ['yes', 2],
      ['unseen', undefined],
      ['yes', 3],
    ])
  })

  it('leaves open whether quotes are in real time where each name was quoted once', async () => {
    expect(held(await answersOf('tradovate-market-data', book(1)))?.[3]).toEqual(['unseen', 2])
  })

  it('is said in words', async () => {
    const text = inspectionText(
      await inspected([open(1, 0, 'tradovate-market-data'), frame(1, book(1)), frame(2, book(2))]),
    )
    expect(text).toContain('what was expected of Tradovate')
    expect(text).toMatch(/another format than Trade Manager’s +yes +arrays of objects, of e and d/)
    expect(text).toMatch(/real-time quotes +yes +quotes of one name kept coming/)
  })
})

import { describe, expect, it } from 'vitest'
import { exchangeDrafts } from '../../src/feeds/index.ts'
import { inspectionText } from '../../src/report/inspection.ts'
import type { EntryDraft } from '../../src/tape/entry.ts'
import { inspected } from './tapes.ts'

const SECOND = 1_000_000
const FEED = 'tradingview-scanner'

function poll(exchange: number, atSeconds: number, body?: string, conn = 1): readonly EntryDraft[] {
  const asked = '{"symbols":{"tickers":["X:Y"]},"columns":["close"]}'
  return exchangeDrafts(
    {
      request: {
        method: 'POST',
        url: 'https://scanner.tradingview.com/global/scan',
        headers: [],
        body: asked,
      },
      ...(body === undefined ? {} : { answer: { status: 200, headers: [], body } }),
    },
    { feed: FEED, conn, exchange, at: atSeconds * SECOND },
  )
}

const answer = (price: number): string => `{"totalCount":1,"data":[{"s":"X:Y","d":[${price}]}]}`

describe('a polled connection', () => {
  it('counts the bodies of its exchanges as messages, and its connection as polled', async () => {
    const inspection = await inspected([...poll(1, 0, answer(1)), ...poll(2, 1, answer(2)), ...poll(3, 2)])
    const { packets, connections } = inspection
    expect(packets.messages).toEqual({ in: 2, out: 3 })
    expect(packets.packets).toBe(5)
    expect(packets.addsUp).toBe(true)
    expect(connections).toMatchObject([{ conn: 1, isPolled: true, frames: { in: 2, out: 3 } }])
    expect(connections[0]?.bytes.in).toBe(answer(1).length * 2)
    expect(inspectionText(inspection)).toMatch(/5 packets in 5 messages \(2 in, 3 out\)/)
    expect(inspectionText(inspection)).toMatch(/tradingview-scanner +polled +2/)
  })

  it('has a gap where no answer came for long, and none where answers keep coming', async () => {
    const steady = [0, 20, 40, 60].flatMap((at, index) => poll(index + 1, at, answer(at)))
    expect((await inspected(steady)).gaps).toEqual([])
    const silent = [...poll(1, 0, answer(1)), ...poll(2, 20), ...poll(3, 40), ...poll(4, 60, answer(2))]
    expect((await inspected(silent)).gaps).toEqual([{ kind: 'silence', conn: 1, from: 0, to: 60 * SECOND }])
  })

  it('is down from a failure to the next request', async () => {
    const fail: EntryDraft = {
      kind: 'fail',
      at: 2 * SECOND,
      conn: 1,
      feed: FEED,
      url: 'https://x/',
      cause: 'timeout',
      reason: 'no answer',
    }
    const { gaps } = await inspected([
      ...poll(1, 0, answer(1)),
      ...poll(2, 1),
      fail,
      ...poll(3, 5, answer(2), 2),
    ])
    expect(gaps).toEqual([{ kind: 'reconnect', conn: 2, from: 2 * SECOND, to: 5 * SECOND }])
  })

  it('leaves the upgrade of a socket out of its messages', async () => {
    const upgrade: EntryDraft = {
      kind: 'request',
      at: 0,
      conn: 1,
      feed: 'tradingview-socket',
      exchange: 1,
      method: 'GET',
      url: 'wss://x/',
      headers: [],
    }
    const { packets, connections } = await inspected([upgrade])
    expect(packets.messages).toEqual({ in: 0, out: 0 })
    expect(connections[0]).not.toHaveProperty('isPolled')
  })
})

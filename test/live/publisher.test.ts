import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { tradingviewSocket } from '../../src/feeds/tradingview-socket/index.ts'
import { readConfig } from '../../src/instruments/index.ts'
import type { Publisher, WatchResult } from '../../src/live/index.ts'
import { type BookPlan, readPositions, summaryLines } from '../../src/pnl/index.ts'
import { idOf, type Listener, listenTo, type Message } from './listener.ts'
import { count, hostOf, type LiveScene, NQ, RULES, startLive } from './live-scene.ts'
import { publisherForTest } from './publisher-for-test.ts'

const AAPL = 'NASDAQ:AAPL'

function plan(file: string, ...lines: readonly object[]): BookPlan {
  return readPositions(lines.map(line => JSON.stringify(line)).join('\n'), file)
}

const PLANS: readonly BookPlan[] = [
  plan('a.jsonl', { instrument: NQ, side: 'buy', quantity: '2', price: '25600' }),
  plan('b.jsonl', { instrument: AAPL, side: 'sell', quantity: '10', price: '280' }),
]

async function publishedScene(publisher: Publisher, plans = PLANS, rules = RULES) {
  const host = await hostOf(1, tradingviewSocket.conversation)
  const url = host.urlOf(tradingviewSocket.conversation)
  const sources = [{ feed: tradingviewSocket, symbols: [NQ, AAPL], url }]
  const scene = await startLive({ sources, plans: () => plans, rules, publisher })
  return { host, scene }
}

/** What the program says at the end. */
async function end(publisher: Publisher, { pnl }: WatchResult, { recording }: LiveScene, rules = RULES) {
  if (pnl.kind === 'failed') throw pnl.error
  await publisher.end({ summary: summaryLines(pnl.result, [recording.header], rules), digest: pnl.digest })
}

/** The state of the books as the last message of all says it. */
function summaryOf(listener: Listener) {
  const books: Record<string, Record<string, object>> = {}
  const summary: unknown = listener.messages.at(-1)?.['summary']
  for (const line of Array.isArray(summary) ? summary : []) {
    if (!['position', 'total', 'converted'].includes(line.kind)) continue
    const { kind, book, markAgeMicros: _, ...body } = line
    books[book] = { ...books[book], [kind === 'converted' ? kind : idOf(line)]: body }
  }
  return books
}

describe('who may not listen', () => {
  test('a port that somebody has is said before anything begins', async () => {
    const other = await publisherForTest()
    const port = Number(new URL(other.url).port)
    await expect(publisherForTest({ port })).rejects.toMatchObject({
      code: 'usage',
      where: `--publish 127.0.0.1:${port}`,
      message: 'somebody else serves there',
    })
  })

  test.each([
    'https://evil.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://evil.example#http://localhost',
    'file://',
    'null',
    '',
  ])('a page of the origin %j is refused: 403', async origin => {
    const { url } = await publisherForTest({ origins: ['https://ours.example'] })
    expect(await refusal(new WebSocket(url, { headers: { origin } }))).toBe(403)
  })

  test.each(['http://localhost:5173', 'http://127.0.0.1', 'https://[::1]:8443', 'https://ours.example'])(
    'a page of the origin %j may',
    async origin => {
      const { url } = await publisherForTest({ origins: ['https://ours.example'] })
      const { socket } = await listenTo(url, origin)
      expect(socket.readyState).toBe(socket.OPEN)
    },
  )

  test('whoever asks for a page is told what is here, and elsewhere there is nothing', async () => {
    const { url } = await publisherForTest()
    const response = await fetch(url.replace('ws:', 'http:'))
    expect([response.status, await response.text()]).toEqual([426, expect.stringContaining('WebSocket')])
    expect(await refusal(new WebSocket(`${url}other`))).toBe(404)
  })

  test('what a client says means nothing, and a long word closes its socket: 1009', async () => {
    const { url } = await publisherForTest()
    const [talker, other] = [await listenTo(url), await listenTo(url)]
    talker.socket.send('{"kind":"subscribe"}')
    talker.socket.send('x'.repeat(1_025))
    expect(await talker.closed).toBe(1009)
    expect(other.socket.readyState).toBe(other.socket.OPEN)
  })

  test('more clients than the bound are refused: 503', async () => {
    const { url } = await publisherForTest()
    for (let n = 0; n < 64; n += 1) await listenTo(url)
    expect(await refusal(new WebSocket(url))).toBe(503)
  })
})

test('what an event costs hangs on its position alone, not on the others', async () => {
  const publisher = await publisherForTest({ every: 'event' })
  const silent = Array.from({ length: 200 }, (_, n) => `X:A${n}`)
  const dollars = Object.fromEntries(silent.map(name => [name, { pointValue: '1', currency: 'USD' }]))
  const config = readConfig(JSON.stringify({ instruments: dollars }), 'feedtape.json').instruments
  const fills = [NQ, ...silent].map(instrument => ({ instrument, side: 'buy', quantity: '1', price: '100' }))
  const { host, scene } = await publishedScene(publisher, [plan('a.jsonl', ...fills)], { ...RULES, config })
  const listener = await listenTo(publisher.url)
  await scene.until(lines => count(lines, 'quote') > 0)
  const caused = (messages: readonly Message[]) => messages.filter(({ cause }) => cause !== undefined)
  while (caused(listener.messages).length === 0) {
    await host.play(5, 5_000)
    await listener.until(messages => messages.length > 1)
  }
  const [message] = caused(listener.messages)
  expect(JSON.stringify(message).length).toBeLessThan(1_000)
  // The total has 201 names, and comes with the second.
  expect(message).toMatchObject({ totalNet: null, books: [{ positions: [{}], totals: [] }] })
  await scene.stop()
})

test.each([50_000, 'event' as const])(
  'a snapshot and the changes behind it are the state at the end, for early and for late clients (%s)',
  async every => {
    const publisher = await publisherForTest({ every })
    const early = await listenTo(publisher.url)
    const rules = { ...RULES, currency: 'USD' }
    const { host, scene } = await publishedScene(publisher, PLANS, rules)
    await scene.until(lines => count(lines, 'quote') > 0)
    await host.play(20, 5_000)
    const late = await listenTo(publisher.url)
    host.drop()
    await scene.until(lines => count(lines, 'stale') > 0)
    await late.until(messages => messages.some(({ kind }) => kind === 'changes'))
    const before = count(scene.lines, 'quote')
    while (count(scene.lines, 'quote') < before + 5) await host.play(5, 5_000)
    await host.settled()
    await end(publisher, await scene.stop(), scene, rules)
    for (const listener of [early, late]) {
      expect(await listener.closed).toBe(1000)
      const last = listener.messages.at(-1)
      expect(last).toMatchObject({ v: 1, kind: 'end', digest: expect.stringMatching(/^[0-9a-f]{64}$/) })
      expect(listener.messages.filter(({ kind }) => kind === 'snapshot')).toHaveLength(1)
      expect(listener.state()).toEqual(summaryOf(listener))
    }
    expect(early.messages[0]).toMatchObject({ seq: 0, tape: scene.recording.header.id })
    expect(late.messages[0]?.seq).toBeGreaterThan(0)
  },
)

test('what came to have another name is gone under its old one: a position, and a total', async () => {
  const publisher = await publisherForTest()
  const listener = await listenTo(publisher.url)
  const { scene } = await publishedScene(publisher, [
    plan('a.jsonl', { instrument: AAPL, side: 'sell', quantity: '10', price: '280' }),
    // Which is CME_MINI:NQ1!, as the wire will say.
    plan('b.jsonl', { instrument: 'NQ1!', side: 'buy', quantity: '1', price: '25600' }),
  ])
  await listener.until(messages =>
    ['goneTotals', 'gonePositions'].every(key => JSON.stringify(messages).includes(key)),
  )
  const ids = Object.values(listener.state()).map(book => Object.keys(book).sort())
  const usd = idOf({ currency: 'USD' })
  expect(ids).toEqual([
    [idOf({ instrument: AAPL }), usd],
    [idOf({ instrument: NQ }), usd],
  ])
  await scene.stop()
})

test('where nothing changes a heartbeat comes, and the feeds say how they stand', async () => {
  const publisher = await publisherForTest()
  const { scene } = await publishedScene(publisher)
  const listener = await listenTo(publisher.url)
  await listener.until(messages => messages.some(({ kind }) => kind === 'heartbeat'))
  const feeds = listener.messages.flatMap(({ feeds: said }) => (said === undefined ? [] : [said]))
  expect(feeds.at(-1)).toMatchObject([
    { name: 'tradingview-socket', state: 'connected', connections: 1, symbols: [{ delaySeconds: 600 }, {}] },
  ])
  await scene.stop()
})

async function refusal(socket: WebSocket): Promise<number | undefined> {
  const [, response] = await once(socket, 'unexpected-response')
  socket.on('error', () => {})
  socket.terminate()
  return response.statusCode
}

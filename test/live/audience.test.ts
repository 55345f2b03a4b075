import { expect, onTestFinished, test } from 'vitest'
import type { WebSocket } from 'ws'
import { Audience } from '../../src/live/audience.ts'
import type { LiveView } from '../../src/live/index.ts'
import { systemTimers } from '../../src/model/timers.ts'
import { listenTo } from './listener.ts'
import { RULES } from './live-scene.ts'
import { publisherForTest } from './publisher-for-test.ts'

test('a slow client is dropped and said, and the other hears everything', async () => {
  const notes: string[] = []
  const clients: WebSocket[] = []
  const audience = await Audience.open({
    host: '127.0.0.1',
    port: 0,
    origins: [],
    timers: systemTimers,
    note: text => notes.push(text),
    arrived: client => clients.push(client),
  })
  onTestFinished(() => audience.close())
  const slow = await listenTo(audience.url)
  slow.socket.pause()
  const quick = await listenTo(audience.url)
  const filler = 'x'.repeat(256 * 1024)
  let said = 0
  while (notes.length === 0) {
    said += 1
    const text = JSON.stringify({ kind: 'changes', seq: said, filler })
    for (const client of clients) audience.say(client, text)
    await quick.until(messages => messages.length === said)
    if (said > 500) throw new Error('nobody is ever dropped')
  }
  expect(notes).toEqual([expect.stringMatching(/^publish: a client is \d+ bytes behind: dropped$/)])
  expect(audience.size).toBe(1)
  slow.socket.resume()
  // The goodbye came behind what was waiting, or the connection was torn before.
  expect([1013, 1006]).toContain(await slow.closed)
  expect(quick.socket.readyState).toBe(quick.socket.OPEN)
})

test('one message however long is no reason to drop a client who reads, and what comes behind it counts', async () => {
  const notes: string[] = []
  let client: WebSocket | undefined
  const audience = await Audience.open({
    host: '127.0.0.1',
    port: 0,
    origins: [],
    timers: systemTimers,
    note: text => notes.push(text),
    arrived: one => {
      client = one
    },
  })
  onTestFinished(() => audience.close())
  const listener = await listenTo(audience.url)
  if (client === undefined) throw new Error('nobody has arrived')
  const long = { kind: 'snapshot', seq: 0, filler: 'x'.repeat(32 * 1024 * 1024) }
  audience.say(client, JSON.stringify(long))
  audience.say(client, '{"kind":"changes","seq":1}')
  await listener.until(messages => messages.length === 2)
  expect(notes).toEqual([])
  audience.say(client, JSON.stringify(long))
  audience.say(client, JSON.stringify({ kind: 'changes', seq: 3, filler: 'x'.repeat(1024 * 1024) }))
  audience.say(client, '{"kind":"changes","seq":4}')
  expect(notes).toEqual([expect.stringMatching(/^publish: a client is \d{7} bytes behind: dropped$/)])
})

test('whoever leaves before there is anything to say is forgotten', async () => {
  const publisher = await publisherForTest()
  const [leaver, stayer] = [await listenTo(publisher.url), await listenTo(publisher.url)]
  leaver.socket.terminate()
  await leaver.closed
  while (publisher.clients > 1) await new Promise(resolve => setImmediate(resolve))
  let asked = 0
  const view = (): LiveView => {
    asked += 1
    return { at: 1, start: 0, tape: 'tape', rules: RULES, books: [], isCounted: true }
  }
  publisher.begin(view)
  // Of the rules, and for the one that stayed.
  expect(asked).toBe(2)
  await stayer.until(messages => messages.length === 1)
})

test('seldom changes are no silence: where they come every ten seconds, a beat comes each second', async () => {
  const publisher = await publisherForTest({ every: 10_000_000 })
  const listener = await listenTo(publisher.url)
  const view: LiveView = { at: 1, start: 0, tape: 'tape', rules: RULES, books: [], isCounted: true }
  publisher.begin(() => view)
  const { beat } = publisher
  expect(beat.every).toBe(1_000_000)
  for (let n = 1; n <= 20; n += 1) {
    // Something new for every message that says changes.
    const source = {
      name: `feed-${n}`,
      state: 'connected',
      connections: n,
      symbols: [],
      framesReceived: 0,
      quotes: 0,
    } as const
    publisher.status([source])
    beat.run(view)
  }
  await listener.until(messages => messages.length === 21)
  const kinds = listener.messages.map(({ kind }) => kind)
  const nine = Array.from({ length: 9 }, () => 'heartbeat')
  expect(kinds).toEqual(['snapshot', ...nine, 'changes', ...nine, 'changes'])
})

import { expect, test } from 'vitest'
import { tradingviewSocket } from '../../src/feeds/tradingview-socket/index.ts'
import { isWhole } from '../../src/record/index.ts'
import { TapeReader } from '../../src/tape/index.ts'
import { NQ, ofKind, startScene, venueForTest } from './scene.ts'
import { smallFeed } from './small-feed.ts'
import { hostForTest } from './small-venue.ts'
import { HELLO, quote } from './venue.ts'

const PRICE = { path: '/price' }

test('a source that is refused for good ends alone: the other goes on, through a break of its own', async () => {
  const venue = await venueForTest()
  const feed = smallFeed()
  const host = await hostForTest(feed.conversation)
  host.fail({ kind: 'status', status: 401 })
  const scene = await startScene({
    random: { next: () => 0 },
    sources: [
      { feed: tradingviewSocket, symbols: [NQ], url: venue.url },
      { feed, symbols: ['A'], url: host.origin, options: PRICE },
    ],
  })
  const client = await venue.client()
  await scene.noted(/^small: refused for good: the token is not taken; it ends here|small: refused for good/)
  client.says(HELLO)
  client.socket.terminate()
  await scene.noted(/^tradingview-socket: the connection broke/)
  const second = await venue.client()
  second.says(HELLO)
  second.says(quote(NQ, { lp: 1 }))
  await scene.noted(/^tradingview-socket: the venue takes us in/)
  const summary = await scene.stop()
  expect(summary).toMatchObject({ ending: { kind: 'stopped' }, connections: 2, quotes: 1 })
  expect(summary.sources).toMatchObject([
    { name: 'tradingview-socket', ending: { kind: 'stopped' }, connections: 2, quotes: 1, standing: 'guest' },
    { name: 'small', feed: 'small', ending: { kind: 'refused', next: 'take another' }, connections: 0 },
  ])
  expect(isWhole(summary)).toBe(true)
})

test('a venue that nobody reaches does not keep another from being recorded', async () => {
  const venue = await venueForTest()
  const gone = await venueForTest()
  await gone.close()
  const scene = await startScene({
    sources: [
      { feed: tradingviewSocket, symbols: ['B:GONE'], url: gone.url },
      { feed: tradingviewSocket, symbols: [NQ], url: venue.url },
    ],
  })
  ;(await venue.client()).says(HELLO, quote(NQ, { lp: 2 }))
  await scene.noted(/^tradingview-socket: .*ECONNREFUSED/)
  await scene.noted(/^tradingview-socket-2: .*hello/)
  const summary = await scene.stop()
  expect(summary.sources).toMatchObject([
    { connections: 0 },
    { name: 'tradingview-socket-2', connections: 1 },
  ])
})

test('where all are refused the recording is, with the first one’s words; one that has asked all is none', async () => {
  const feed = smallFeed({ requests: 1 })
  const host = await hostForTest(feed.conversation)
  const source = { feed, symbols: ['A'], url: host.origin, options: PRICE }
  host.fail({ kind: 'status', status: 401 })
  host.fail({ kind: 'status', status: 401 })
  const refused = await startScene({ sources: [source, source] })
  expect((await refused.ended).ending).toEqual({
    kind: 'refused',
    reason: 'the token is not taken',
    next: 'take another',
  })
  host.fail({ kind: 'status', status: 401 })
  const mixed = await startScene({ sources: [source, source] })
  const summary = await mixed.ended
  expect(summary.ending).toEqual({ kind: 'finished' })
  expect(summary.sources.map(({ ending }) => ending.kind).toSorted()).toEqual(['finished', 'refused'])
})

test('one tape, one clock: the header names all feeds, each entry its own, and numbers are shared', async () => {
  const venue = await venueForTest()
  const feed = smallFeed()
  const host = await hostForTest(feed.conversation)
  const scene = await startScene({
    sources: [
      { feed: tradingviewSocket, symbols: [NQ], url: venue.url },
      { feed, symbols: ['A'], url: host.origin, options: PRICE },
    ],
  })
  ;(await venue.client()).says(HELLO)
  await scene.noted(/^small: the venue takes us in/)
  await scene.noted(/^tradingview-socket: .*hello/)
  await scene.stop()
  const tape = await TapeReader.open(scene.path)
  expect(tape.header.feeds).toEqual(['tradingview-socket', 'small'])
  await tape.close()
  const entries = await scene.entries()
  const requests = ofKind(entries, 'request')
  expect(new Set(requests.map(request => `${request.feed} ${request.conn}`))).toEqual(
    new Set(requests.map(request => (request.feed === 'small' ? 'small 2' : 'tradingview-socket 1'))),
  )
  expect(requests.map(request => request.exchange)).toEqual(requests.map((_, index) => index + 1))
  const notes = ofKind(entries, 'mark').map(mark => mark.note)
  expect(notes.filter(note => /^(?:small|tradingview-socket): limits: /.test(note))).toHaveLength(2)
})

test('each entry is searched by its own feed for secrets, and what is found is hidden in all', async () => {
  const secret = 'synthetic0secret0of0small'
  const plain = smallFeed({ requests: 1 })
  const feed = {
    ...plain,
    secrets: { ...plain.secrets, find: () => [{ value: secret, place: 'small’s own' }] },
  }
  const venue = await venueForTest()
  const host = await hostForTest(feed.conversation)
  const other = { feed: tradingviewSocket, symbols: [NQ], url: venue.url }
  const alone = await startScene({ sources: [other] })
  ;(await venue.client()).says(HELLO, quote(NQ, { description: secret }))
  await alone.noted(/hello/)
  await alone.stop()
  expect(JSON.stringify(await alone.entries())).toContain(secret)
  const scene = await startScene({
    sources: [{ feed, symbols: ['A'], url: host.origin, options: PRICE }, other],
  })
  const client = await venue.client()
  await scene.noted(/small: the venue takes us in/)
  client.says(HELLO, quote(NQ, { description: secret }))
  await scene.noted(/tradingview-socket: .*hello/)
  await scene.stop()
  expect(JSON.stringify(await scene.entries())).not.toContain(secret)
})

test('a half-open socket is given up for its silence, and another is not touched by that', async () => {
  const silent = {
    ...tradingviewSocket,
    session: {
      ...tradingviewSocket.session,
      start: (options: Parameters<typeof tradingviewSocket.session.start>[0]) => ({
        ...tradingviewSocket.session.start(options),
        silence: 500_000,
      }),
    },
  }
  const host = await hostForTest(tradingviewSocket.conversation)
  const feed = smallFeed()
  const other = await hostForTest(feed.conversation)
  const scene = await startScene({
    sources: [
      { feed: silent, symbols: [NQ], url: host.urlOf(tradingviewSocket.conversation) },
      { feed, symbols: ['A'], url: other.origin, options: PRICE },
    ],
  })
  await scene.noted(/^tradingview-socket: connection 1/)
  host.freeze()
  await scene.noted(/^tradingview-socket: we closed 4000 "no message for 500 ms"/)
  const summary = await scene.stop()
  expect(summary.sources).toMatchObject([{ gaps: [{}] }, { gaps: [], connections: 1 }])
}, 15_000)

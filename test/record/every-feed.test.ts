import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { type Credentials, FEEDS, type Feed } from '../../src/feeds/index.ts'
import { tradovateMarketData } from '../../src/feeds/tradovate-market-data/index.ts'
import { tradovateUserData } from '../../src/feeds/tradovate-user-data/index.ts'
import { Normalizer } from '../../src/normalize/index.ts'
import { isWhole } from '../../src/record/index.ts'
import type { Host } from '../../src/serve/index.ts'
import { NQ, ofKind, startScene } from './scene.ts'
import { hostForTest } from './small-venue.ts'

function given({ session }: Feed): Credentials {
  return Object.fromEntries(session.credentials.map(({ key }) => [key, `synthetic0${key}0value`]))
}

function addressOf(host: Host, feed: Feed): string {
  return feed.transport === 'http' ? host.origin : host.urlOf(feed.conversation)
}

describe('every feed is recorded from its own venue on loopback', () => {
  test.each(FEEDS.map(feed => [feed.name, feed] as const))(
    '%s: whole, through a break, every packet known, no credential on the tape',
    async (_, feed) => {
      const host = await hostForTest(feed.conversation)
      const credentials = given(feed)
      const scene = await startScene({
        random: { next: () => 0 },
        sources: [{ feed, symbols: [NQ], url: addressOf(host, feed), credentials, exchangeUrl: host.origin }],
      })
      await scene.noted(/connection 1 to/)
      await host.play(20, 0)
      host.beat()
      await host.settled()
      if (feed.transport === 'websocket') {
        host.drop()
        await scene.noted(/connection 2 to/)
        await host.play(5, 0)
        await host.settled()
      }
      const summary = await scene.stop()
      expect(summary).toMatchObject({ ending: { kind: 'stopped' }, failures: 0 })
      expect(summary.framesReceived).toBeGreaterThan(0)
      expect(isWhole(summary)).toBe(true)
      const normalizer = new Normalizer()
      for (const entry of await scene.entries()) normalizer.apply(entry)
      expect(normalizer.tally.dispositions()).toMatchObject({ unknown: 0, malformed: 0 })
      expect(normalizer.tally.addsUp()).toBe(true)
      const tape = await readFile(scene.path, 'latin1')
      for (const [key, value] of Object.entries(credentials)) expect(tape.includes(value), key).toBe(false)
    },
  )
})

test('Tradovate’s two sockets sign in once, with name and password, and neither is on the tape', async () => {
  const host = await hostForTest(tradovateMarketData.conversation)
  const users = await hostForTest(tradovateUserData.conversation)
  const typed = new Set(['name', 'password', 'appId', 'appVersion', 'cid', 'sec', 'deviceId'])
  const credentials = Object.fromEntries(
    Object.entries(given(tradovateUserData)).filter(([key]) => typed.has(key)),
  )
  const exchangeUrl = host.origin
  const scene = await startScene({
    sources: [
      {
        feed: tradovateMarketData,
        symbols: ['NQZ6'],
        url: addressOf(host, tradovateMarketData),
        credentials,
        exchangeUrl,
      },
      {
        feed: tradovateUserData,
        symbols: [],
        url: addressOf(users, tradovateUserData),
        credentials,
        exchangeUrl,
      },
    ],
  })
  await scene.noted(/^tradovate-market-data: connection 1/)
  await scene.noted(/^tradovate-user-data: connection 1/)
  await scene.stop()
  const posts = ofKind(await scene.entries(), 'request').filter(request => request.method === 'POST')
  expect(posts).toHaveLength(1)
  const tape = await readFile(scene.path, 'latin1')
  for (const [key, value] of Object.entries(credentials)) expect(tape.includes(value), key).toBe(false)
})

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { retryAfterOf } from '../../src/record/failure.ts'
import { NOON } from './manual-time.ts'
import { ofKind, startScene } from './scene.ts'
import { smallFeed } from './small-feed.ts'

test.each([
  ['-1.5', undefined],
  ['1.', undefined],
  ['3.5', 3_500_000],
  ['99999999999', 3_600_000_000],
])('Retry-After %j, as no RFC has it, means %s µs', (value, wait) => {
  expect(retryAfterOf(value, NOON)).toBe(wait)
})

test('two sources of one host share its limit: no request comes sooner behind another', async () => {
  const server = createServer((_, response) => response.end('{"A":"1.5"}'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const feed = smallFeed({ pace: 30_000, fastest: 30_000 })
  const source = { feed, symbols: ['A'], url, options: { path: '/price' } }
  const scene = await startScene({ sources: [source, source, source], limits: { frames: 12 } })
  await scene.ended
  const asked = ofKind(await scene.entries(), 'request')
  expect(new Set(asked.map(({ conn }) => conn)).size).toBe(3)
  const gaps = asked.slice(1).map(({ at }, index) => at - (asked[index]?.at ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30_000)
})

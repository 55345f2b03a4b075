import { once } from 'node:events'
import { get } from 'node:http'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { tradingviewSocket } from '../../src/feeds/tradingview-socket/index.ts'
import { smallFeed } from '../record/small-feed.ts'
import { hostForTest } from '../record/small-venue.ts'

const { conversation } = smallFeed()
const PRICE = '/price?symbol=A'

function asked(origin: string): Promise<Response> {
  return fetch(`${origin}${PRICE}`)
}

test('a path that no wire answers at is 404, beside one that does', async () => {
  const host = await hostForTest(conversation)
  expect((await fetch(`${host.origin}/elsewhere`)).status).toBe(404)
  expect(await (await asked(host.origin)).text()).toBe('{"A":"1.5"}')
  expect(host.requests()).toBe(2)
})

test('sockets and HTTP live on one host, also as one conversation’s two sides', async () => {
  const host = await hostForTest({ ...tradingviewSocket.conversation, http: conversation })
  expect((await asked(host.origin)).status).toBe(200)
  const socket = new WebSocket(host.urlOf(tradingviewSocket.conversation))
  const [hello] = await once(socket, 'message')
  expect(String(hello)).toContain('session_id')
  socket.terminate()
})

test('an odd status, with headers and a page, is said once', async () => {
  const host = await hostForTest(conversation)
  host.fail({ kind: 'status', status: 429, headers: { 'retry-after': '7' }, body: '<html>' })
  const refused = await asked(host.origin)
  expect([refused.status, refused.headers.get('retry-after'), await refused.text()]).toEqual([
    429,
    '7',
    '<html>',
  ])
  expect((await asked(host.origin)).status).toBe(200)
})

test('an answer can be late, oversized, cut, torn down or never come', async () => {
  const host = await hostForTest(conversation)
  host.fail({ kind: 'slow', delay: 30_000 })
  expect(await (await asked(host.origin)).text()).toBe('{"A":"1.5"}')
  host.fail({ kind: 'oversized', bytes: 3_000_000 })
  expect((await (await asked(host.origin)).arrayBuffer()).byteLength).toBe(3_000_000)
  host.fail({ kind: 'cut', after: 4 })
  await expect(asked(host.origin).then(answer => answer.text())).rejects.toThrow()
  host.fail({ kind: 'reset' })
  await expect(asked(host.origin)).rejects.toThrow()
  host.fail({ kind: 'silent' })
  await expect(fetch(`${host.origin}${PRICE}`, { signal: AbortSignal.timeout(100) })).rejects.toThrow()
})

test('a stream goes on with what moves, in chunks whose borders are not those of its lines', async () => {
  const host = await hostForTest(conversation)
  const request = get(`${host.origin}/stream`)
  const [response] = await once(request, 'response')
  const chunks: Buffer[] = []
  response.on('data', (chunk: Buffer) => chunks.push(chunk))
  response.on('error', () => {})
  expect(host.streams()).toBe(1)
  await host.play(30, 0)
  host.beat()
  const lines = (): readonly string[] => Buffer.concat(chunks).toString('utf8').split('\n')
  while (lines().at(-2) !== '') await once(response, 'data')
  for (const line of lines().filter(text => text !== '')) expect(JSON.parse(line)).toHaveProperty('name')
  const broken = chunks.filter(chunk => !chunk.toString('utf8').endsWith('\n'))
  expect(broken.length).toBeGreaterThan(5)
  const closed = new Promise(resolve => response.once('close', resolve))
  host.drop()
  await closed
  expect(host.streams()).toBe(0)
})

test('a client that says nothing for the conversation’s silence is hung up on, and one that speaks is not', async () => {
  const plan = { ...tradingviewSocket.conversation, silence: 300_000 }
  const host = await hostForTest(plan)
  const silent = new WebSocket(host.urlOf(plan))
  const speaking = new WebSocket(host.urlOf(plan))
  await once(speaking, 'open')
  const saying = setInterval(() => speaking.send('~m~4~m~~h~1'), 50)
  const [code] = await once(silent, 'close')
  clearInterval(saying)
  expect([code, speaking.readyState]).toEqual([1005, WebSocket.OPEN])
  speaking.terminate()
})

test('half-open, a socket stays and nothing comes of it; a new one is as before', async () => {
  const host = await hostForTest(tradingviewSocket.conversation)
  const frozen = new WebSocket(host.urlOf(tradingviewSocket.conversation))
  await once(frozen, 'message')
  let heard = 0
  frozen.on('message', () => {
    heard += 1
  })
  host.freeze()
  frozen.ping()
  host.beat()
  await host.settled()
  const other = new WebSocket(host.urlOf(tradingviewSocket.conversation))
  await once(other, 'message')
  expect([heard, frozen.readyState, host.connections()]).toEqual([0, WebSocket.OPEN, 2])
  for (const socket of [frozen, other]) socket.terminate()
})

import nock from 'nock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ofKind, type Scene, startScene } from './scene.ts'
import { smallFeed } from './small-feed.ts'

// msw and nock cannot be active at once: its half of this is http-msw.test.ts.

const ORIGIN = 'http://venue.test'
const ANSWER = '{"A":"1.5"}'

beforeEach(() => {
  if (!nock.isActive()) nock.activate()
  nock.disableNetConnect()
})

afterEach(() => {
  const left = nock.pendingMocks()
  nock.cleanAll()
  nock.restore()
  expect(left).toEqual([])
})

function recording(requests: number, patience = 200_000): Promise<Scene> {
  const feed = smallFeed({ requests, patience })
  // No pause between attempts: what is under test is what came of each.
  return startScene({
    random: { next: () => 0 },
    sources: [{ feed, symbols: ['A'], url: ORIGIN, options: { path: '/price' } }],
  })
}

function venue() {
  return nock(ORIGIN).get('/price?symbol=A')
}

test('429 and its Retry-After are heard, and kept with their words', async () => {
  venue().reply(429, 'slow down', { 'Retry-After': '0' })
  venue().reply(200, ANSWER)
  const scene = await recording(2)
  expect(await scene.ended).toMatchObject({ ending: { kind: 'finished' }, failures: 1, framesReceived: 2 })
  expect(scene.notes.filter(note => /answers 429/.test(note))).toHaveLength(1)
  const entries = await scene.entries()
  expect(ofKind(entries, 'response')).toMatchObject([
    { status: 429, text: 'slow down', conn: 1 },
    { status: 200, text: ANSWER, conn: 1 },
  ])
})

test('HTML under 200 is kept, and after five in a row it is over', async () => {
  for (let n = 0; n < 5; n += 1) venue().reply(200, '<html>no</html>', { 'Content-Type': 'text/html' })
  const scene = await recording(9)
  const { ending } = await scene.ended
  expect(ending).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('a page of HTML: 5 times'),
  })
  expect(ofKind(await scene.entries(), 'response')).toHaveLength(5)
})

test.each([
  ['ENOTFOUND', 'dns'],
  ['ECONNREFUSED', 'refused'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['ETIMEDOUT', 'timeout'],
  ['ECONNRESET', 'other'],
])('%s is a failure by %s, and the next run goes on', async (code, cause) => {
  venue().replyWithError(Object.assign(new Error(`${code} 203.0.113.9:443`), { code }))
  venue().reply(200, ANSWER)
  const scene = await recording(2)
  expect(await scene.ended).toMatchObject({ ending: { kind: 'finished' }, failures: 1, connections: 1 })
  const [fail] = ofKind(await scene.entries(), 'fail')
  expect(fail).toMatchObject({ cause, conn: 1, url: `${ORIGIN}/price?symbol=A` })
  expect(fail?.reason).not.toContain('203.0.113.9')
})

test('an answer beyond the patience is given up', async () => {
  venue().delay(5_000).reply(200, ANSWER)
  venue().reply(200, ANSWER)
  const scene = await recording(2)
  await scene.ended
  expect(ofKind(await scene.entries(), 'fail')).toMatchObject([{ cause: 'timeout', conn: 1 }])
})

test('an odd status is an answer without use: asked again, not believed', async () => {
  venue().reply(520, 'web server returns an unknown error')
  venue().reply(204)
  venue().reply(200, ANSWER)
  const scene = await recording(3)
  expect(await scene.ended).toMatchObject({ ending: { kind: 'finished' }, failures: 1 })
  expect(ofKind(await scene.entries(), 'response').map(({ status }) => status)).toEqual([520, 204, 200])
})

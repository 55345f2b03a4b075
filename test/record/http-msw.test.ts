import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { ofKind, type Scene, startScene } from './scene.ts'
import { smallFeed } from './small-feed.ts'

// msw and nock cannot be active at once: its half of this is http-nock.test.ts.

const ORIGIN = 'http://venue.test'
const ANSWER = '{"A":"1.5"}'
const server = setupServer()

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

/** Each answer once, in order. */
function venue(...answers: readonly (() => Response | Promise<Response>)[]): void {
  const left = [...answers]
  server.use(http.get(`${ORIGIN}/price`, () => left.shift()?.() ?? HttpResponse.text(ANSWER)))
}

function recording(requests: number): Promise<Scene> {
  const feed = smallFeed({ requests, patience: 200_000 })
  return startScene({
    random: { next: () => 0 },
    sources: [{ feed, symbols: ['A'], url: ORIGIN, options: { path: '/price' } }],
  })
}

test('429 and its Retry-After are heard, and kept with their words', async () => {
  venue(() => HttpResponse.text('slow down', { status: 429, headers: { 'Retry-After': '0' } }))
  const scene = await recording(2)
  expect(await scene.ended).toMatchObject({ ending: { kind: 'finished' }, failures: 1, framesReceived: 2 })
  expect(ofKind(await scene.entries(), 'response')).toMatchObject([
    { status: 429, text: 'slow down', conn: 1 },
    { status: 200, text: ANSWER, conn: 1 },
  ])
})

test('HTML under 200 is kept, and after five in a row it is over', async () => {
  venue(...Array.from({ length: 5 }, () => () => HttpResponse.html('<html>no</html>')))
  const scene = await recording(9)
  expect((await scene.ended).ending).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('a page of HTML: 5 times'),
  })
  expect(ofKind(await scene.entries(), 'response')).toHaveLength(5)
})

test('a network error is a failure, and the next run goes on', async () => {
  venue(() => HttpResponse.error())
  const scene = await recording(2)
  expect(await scene.ended).toMatchObject({ ending: { kind: 'finished' }, failures: 1, connections: 1 })
  expect(ofKind(await scene.entries(), 'fail')).toMatchObject([{ cause: 'other', conn: 1 }])
})

test('an answer that never comes is given up after the patience', async () => {
  venue(() => new Promise<Response>(() => {}))
  const scene = await recording(2)
  await scene.ended
  expect(ofKind(await scene.entries(), 'fail')).toMatchObject([{ cause: 'timeout', conn: 1 }])
})

test('a body that breaks off is kept as far as it came, and is a failure', async () => {
  venue(() => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from('{"A":"1'))
      },
      pull(controller) {
        controller.error(new Error('planted'))
      },
    })
    return new Response(body, { headers: { 'Content-Type': 'application/json' } })
  })
  const scene = await recording(2)
  expect(await scene.ended).toMatchObject({ ending: { kind: 'finished' }, failures: 1 })
  const entries = await scene.entries()
  expect(ofKind(entries, 'fail')).toHaveLength(1)
  expect(ofKind(entries, 'request').map(({ conn }) => conn)).toEqual([1, 2])
})

test('a body whose end is never said is given up after the patience, with what came', async () => {
  venue(() => {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from('{"A":"1'))
      },
    })
    return new Response(body)
  })
  const scene = await recording(2)
  await scene.ended
  const entries = await scene.entries()
  expect(ofKind(entries, 'response')[0]).toMatchObject({ text: '{"A":"1' })
  expect(ofKind(entries, 'fail')[0]).toMatchObject({
    cause: 'timeout',
    reason: expect.stringContaining('behind 7 bytes'),
  })
})

import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { isWhole } from '../../src/record/index.ts'
import { manualTime } from './manual-time.ts'
import { rawVenue } from './raw-venue.ts'
import { ofKind, startScene } from './scene.ts'
import { smallFeed } from './small-feed.ts'
import { polled } from './small-venue.ts'

const SECOND = 1_000_000
const MIB = 1024 * 1024

/** The recorder has set its timers behind what it said. */
async function atRest(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
}

test('429 with Retry-After is honoured, as seconds and as a date, on the connection that stands', async () => {
  const time = manualTime()
  const { host, scene } = await polled(time)
  await scene.noted(/takes us in/)
  await atRest()
  host.fail({ kind: 'status', status: 429, headers: { 'Retry-After': '30' }, body: 'slow down' })
  time.advance(SECOND)
  await scene.noted(/answers 429 \(too many.*asks for 30 s of peace; next try in 30 s/)
  const asked = host.requests()
  time.advance(29 * SECOND)
  host.fail({ kind: 'status', status: 503, headers: { 'Retry-After': 'Fri, 20 Nov 2026 12:01:31 GMT' } })
  time.advance(SECOND)
  await scene.noted(/answers 503.*next try in 1 m 00 s/)
  expect(host.requests()).toBe(asked + 1)
  const summary = await scene.stop()
  expect(summary).toMatchObject({ connections: 1, failures: 2 })
  expect(summary.gaps).toHaveLength(1)
  const entries = await scene.entries()
  expect(ofKind(entries, 'response').slice(1)).toMatchObject([
    { conn: 1, status: 429, text: 'slow down' },
    { conn: 1, status: 503 },
  ])
  expect(ofKind(entries, 'fail')).toEqual([])
})

test.each([
  ['403 five times in a row', { kind: 'status', status: 403 } as const, /answers 403.*5 times in a row/],
  ['a redirect', { kind: 'status', status: 302, headers: { location: '/login' } } as const, /answers 302/],
  [
    'HTML under 200',
    { kind: 'status', status: 200, body: '<html>are you human?</html>' } as const,
    /a page of HTML: 5 times in a row/,
  ],
])('%s, and the source is left in peace', async (_, fault, reason) => {
  const time = manualTime()
  const { host, scene } = await polled(time)
  await scene.noted(/takes us in/)
  await atRest()
  for (let n = 0; n < 5; n += 1) host.fail(fault)
  for (let n = 1; n < 6; n += 1) {
    if (n > 1) await scene.noted(/next try/, n - 1)
    time.advance(60 * SECOND)
  }
  const { ending } = await scene.ended
  expect(ending).toMatchObject({ kind: 'refused', reason: expect.stringMatching(reason) })
  expect(host.requests()).toBe(6)
})

test('what the session calls final ends the source at once', async () => {
  const { host, scene } = await polled()
  host.fail({ kind: 'status', status: 401 })
  const summary = await scene.ended
  expect(summary.ending).toEqual({ kind: 'refused', reason: 'the token is not taken', next: 'take another' })
})

test('an answer that does not come in time is a failure, and the next run has a number of its own', async () => {
  const { host, scene } = await polled({ feed: smallFeed({ patience: 100_000 }) })
  await scene.noted(/takes us in/)
  host.fail({ kind: 'silent' })
  await scene.noted(/did not answer within 100 ms; next try/)
  await scene.noted(/connection 2/)
  await scene.stop()
  const entries = await scene.entries()
  expect(ofKind(entries, 'fail')).toMatchObject([{ conn: 1, feed: 'small', cause: 'timeout' }])
  expect(ofKind(entries, 'request').at(-1)?.conn).toBe(2)
})

test('a slow answer that comes in time is an answer', async () => {
  const { host, scene } = await polled({ feed: smallFeed({ requests: 2 }) })
  host.fail({ kind: 'slow', delay: 150_000 })
  const summary = await scene.ended
  expect(summary).toMatchObject({
    ending: { kind: 'finished' },
    connections: 1,
    failures: 0,
    framesReceived: 2,
  })
  expect(isWhole(summary)).toBe(true)
})

test('a body that is cut off is kept as far as it came, and is a failure', async () => {
  const { host, scene } = await polled()
  await scene.noted(/takes us in/)
  host.fail({ kind: 'cut', after: 4 })
  await scene.noted(/the body ended behind 4 bytes: cut off; next try/)
  await scene.stop()
  const entries = await scene.entries()
  expect(
    entries.find(entry => entry.kind === 'response' && 'text' in entry && entry.text === '{"A"'),
  ).toBeDefined()
  expect(ofKind(entries, 'fail')).toMatchObject([{ cause: 'other', conn: 1 }])
})

test('of half a secret at such a cut nothing is kept', async () => {
  const token = 'synthetic0token0with0a0length'
  const { host, scene } = await polled({ credentials: { token } })
  await scene.noted(/takes us in/)
  host.fail({
    kind: 'status',
    status: 200,
    headers: { 'content-length': '900' },
    body: `{"x":"${token.slice(0, 12)}`,
  })
  await scene.noted(/cut off|did not answer|not whole/)
  await scene.stop()
  const tape = JSON.stringify(await scene.entries())
  expect(tape).not.toContain(token.slice(0, 8))
}, 10_000)

test('a body beyond 64 MiB is cut off there, and the third in a row is the last', async () => {
  const { host, scene } = await polled({
    feed: smallFeed({ patience: 30 * SECOND }),
    random: { next: () => 0 },
  })
  for (let n = 0; n < 3; n += 1) host.fail({ kind: 'oversized', bytes: 64 * MIB + 1 })
  const summary = await scene.ended
  expect(summary.ending).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/a body larger than 64 MiB, which is cut off there: 3 times in a row/),
  })
  const bodies = ofKind(await scene.entries(), 'response').map(entry =>
    'text' in entry ? entry.text.length : 0,
  )
  expect(bodies).toEqual([64 * MIB, 64 * MIB, 64 * MIB])
}, 60_000)

test('a connection that is torn down, and a port where nobody listens, are failures by their cause', async () => {
  const { host, scene } = await polled()
  await scene.noted(/takes us in/)
  // Once alone could be the end of a connection that was kept: then it is asked again.
  host.fail({ kind: 'reset' })
  host.fail({ kind: 'reset' })
  await scene.noted(/connection to .* failed \(ECONNRESET\)/)
  await host.close()
  await scene.noted(/refuses the connection \(ECONNREFUSED\)/)
  await scene.stop()
  expect(ofKind(await scene.entries(), 'fail').map(fail => fail.cause)).toContain('refused')
})

test('words that are no HTTP are a failure, not the end', async () => {
  const url = await rawVenue(socket => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))
  const { origin } = new URL(url.replace('ws:', 'http:'))
  const scene = await startScene({ sources: [{ feed: smallFeed(), symbols: ['A'], url: origin }] })
  await scene.noted(/HPE_.*next try/)
  await scene.stop()
  expect(ofKind(await scene.entries(), 'fail')[0]).toMatchObject({ cause: 'other' })
})

test('request and answer are whole on the tape: headers as sent, an honest name, the quote seen', async () => {
  const { scene } = await polled({ feed: smallFeed({ requests: 1 }) })
  const summary = await scene.ended
  expect(summary.symbols).toMatchObject([{ name: 'A', last: { mantissa: 15, scale: 1 } }])
  const entries = await scene.entries()
  const [request] = ofKind(entries, 'request')
  expect(request).toMatchObject({ method: 'GET', conn: 1, exchange: 1, feed: 'small' })
  expect(Object.fromEntries(request?.headers ?? [])).toMatchObject({ 'User-Agent': 'feedtape/0.0.0-test' })
  expect(ofKind(entries, 'response')[0]).toMatchObject({ status: 200, text: '{"A":"1.5"}', exchange: 1 })
  expect(ofKind(entries, 'mark')[0]?.note).toBe(
    'limits: a request every 5 ms, none sooner than 1 ms behind another; bodies up to 64 MiB; slower when the ' +
      'venue says so or fails; given up after 5 refusals in a row',
  )
})

test.each([
  ['gzip', gzipSync('{"A":"1.5"}'), { decoded: 'gzip', text: '{"A":"1.5"}' }],
  [
    'identity',
    Buffer.from('{"A":"ÿ"}', 'latin1'),
    { base64: Buffer.from('{"A":"ÿ"}', 'latin1').toString('base64') },
  ],
  ['zstd', Buffer.from('28b52ffd', 'hex'), { omitted: 'its content-encoding is zstd' }],
])('a body under content-encoding %s', async (encoding, body, kept) => {
  const head = `HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n\r\n`
  const url = await rawVenue(socket => {
    socket.write(head)
    socket.write(body)
  })
  const { origin } = new URL(url.replace('ws:', 'http:'))
  const feed = smallFeed({ requests: 1 })
  const scene = await startScene({ sources: [{ feed, symbols: ['A'], url: origin }] })
  await scene.ended
  const [response] = ofKind(await scene.entries(), 'response')
  expect(response).toMatchObject({ status: 200, ...kept })
})

test('a pace below the feed’s fastest is the fastest; next() decides the end', async () => {
  const time = manualTime()
  const feed = smallFeed({ pace: SECOND, fastest: SECOND / 5 })
  const { host, scene } = await polled({ ...time, feed })
  await scene.noted(/a request every 1 s, none sooner than 200 ms/)
  await scene.noted(/takes us in/)
  time.advance(999_999)
  expect(host.requests()).toBe(1)
  await scene.stop()
  const hasty = await startScene({
    ...time,
    sources: [{ feed, symbols: ['A'], url: host.origin, pace: 1, options: { path: '/price' } }],
  })
  await hasty.noted(/a request every 200 ms, none sooner than 200 ms/)
  await hasty.stop()
})

test('a stream is its chunks as they come, until we hang up; then the source goes on elsewhere', async () => {
  const { host, scene } = await polled({ feed: smallFeed({ isStream: true }), path: '/stream' })
  await scene.noted(/takes us in/)
  await host.play(20, 0)
  host.drop()
  await scene.noted(/the connection broke.*next try/)
  await scene.stop()
  const entries = await scene.entries()
  expect(ofKind(entries, 'response')[0]).not.toHaveProperty('text')
  const chunks = ofKind(entries, 'frame').filter(frame => frame.conn === 1)
  const bytes = chunks.map(frame =>
    'text' in frame ? Buffer.from(frame.text) : Buffer.from(frame.base64, 'base64'),
  )
  const lines = Buffer.concat(bytes).toString('utf8').trimEnd().split('\n')
  expect(lines.length).toBeGreaterThan(10)
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ é: '𝒂' })
  expect(chunks.length).not.toBe(lines.length)
  expect(ofKind(entries, 'close')[0]).toMatchObject({ conn: 1, by: 'unknown' })
})

test('a stream that falls silent, half-open, is given up after the patience of its feed', async () => {
  const { host, scene } = await polled({
    feed: smallFeed({ isStream: true, patience: 150_000 }),
    path: '/stream',
  })
  await scene.noted(/takes us in/)
  await host.play(5, 0)
  host.freeze()
  await scene.noted(/we closed "no chunk for 150 ms"; next try/)
  await scene.stop()
  expect(ofKind(await scene.entries(), 'close')[0]).toMatchObject({ by: 'us', reason: 'no chunk for 150 ms' })
})

test('a request under way is called off at the end, and that is no failure of the venue', async () => {
  const { host, scene } = await polled()
  await scene.noted(/takes us in/)
  host.fail({ kind: 'silent' })
  const before = host.requests()
  while (host.requests() === before) await new Promise(resolve => setImmediate(resolve))
  const summary = await scene.stop()
  expect(summary).toMatchObject({ ending: { kind: 'stopped' }, failures: 0 })
  expect(ofKind(await scene.entries(), 'fail')).toMatchObject([
    { reason: 'ended by us before the answer came' },
  ])
})

test('a limit of frames counts answers, over all sources', async () => {
  const { host, scene } = await polled({ limits: { frames: 3 } })
  const summary = await scene.ended
  expect(summary).toMatchObject({ ending: { kind: 'frames' }, framesReceived: 3, framesRecorded: 3 })
  expect(host.requests()).toBe(3)
})

test('while the disk does not keep up no poll is sent, and the run goes on behind it', async () => {
  const time = manualTime()
  const { host, scene } = await polled(time)
  await scene.noted(/takes us in/)
  await atRest()
  scene.recording.pressure.set(true)
  for (let n = 0; n < 5; n += 1) {
    time.advance(SECOND)
    await atRest()
  }
  expect(host.requests()).toBe(1)
  scene.recording.pressure.set(false)
  while (host.requests() === 1) await atRest()
  await scene.stop()
  const entries = await scene.entries()
  expect(entries.filter(({ kind }) => kind === 'pause' || kind === 'resume')).toMatchObject([
    { kind: 'pause', conn: 1 },
    { kind: 'resume', conn: 1 },
  ])
})

test('a recording can be stopped while a stream is held', async () => {
  const { scene } = await polled({ feed: smallFeed({ isStream: true }), path: '/stream' })
  await scene.noted(/takes us in/)
  scene.recording.pressure.set(true)
  const summary = await scene.stop()
  expect(summary.ending).toEqual({ kind: 'stopped' })
  expect(ofKind(await scene.entries(), 'close')).toMatchObject([{ by: 'us' }])
})

test('while the disk does not keep up nothing is asked; a stream is held', async () => {
  const { host, scene } = await polled({ feed: smallFeed({ isStream: true }), path: '/stream' })
  await scene.noted(/takes us in/)
  scene.recording.pressure.set(true)
  await scene.noted(/the disk does not keep up.*nothing more is asked for/)
  await host.play(5, 0)
  scene.recording.pressure.set(false)
  await scene.noted(/the disk goes on/)
  const summary = await scene.stop()
  const kinds = (await scene.entries()).map(entry => entry.kind)
  expect(kinds.filter(kind => kind === 'pause' || kind === 'resume')).toEqual(['pause', 'resume'])
  expect(isWhole(summary)).toBe(true)
})

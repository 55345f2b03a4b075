import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { tradingviewSocket } from '../../src/feeds/tradingview-socket/index.ts'
import { systemClock } from '../../src/model/clock.ts'
import { systemTimers } from '../../src/model/timers.ts'
import { Recording, recordSession } from '../../src/record/index.ts'
import { payloadOf } from '../../src/record/payload.ts'
import { manualTime } from './manual-time.ts'
import { rawVenue, upgraded } from './raw-venue.ts'
import { EVEN, folder, NQ, ofKind, readEntries, startScene, venueForTest } from './scene.ts'
import { HELLO, quote } from './venue.ts'

const SECOND = 1_000_000
const MIB = 1024 * 1024
const TOKEN = 'Qz4vW8-xK2mJ7tR5pL9nB3-hG6fD1sY0uI8oE4cA7wZ2qX5jV9k'
const HALF_A_REJECTION = 'HTTP/1.1 403 No\r\nContent-Length: 1000\r\n\r\npartial'

function recordingOf(path: string, feed = tradingviewSocket): Promise<Recording> {
  return Recording.create({ path, feeds: [feed], clock: systemClock, random: EVEN, version: '0.0.0-test' })
}

test('what is stopped while a rejection’s body arrives has the answer on its tape, and is sealed', async () => {
  const url = await rawVenue(socket => socket.write(HALF_A_REJECTION))
  const time = manualTime()
  const { promise: isReading, resolve } = Promise.withResolvers<void>()
  let seconds = 0
  const timers = {
    after(delay: number, then: () => void) {
      // The first second is the recorder's tick, the next is its patience with the body.
      if (delay === SECOND) seconds += 1
      if (seconds === 2) resolve()
      return time.timers.after(delay, then)
    },
  }
  const scene = await startScene({ url, clock: time.clock, timers })
  await isReading
  const summary = await scene.stop()
  expect(summary).toMatchObject({ ending: { kind: 'stopped' }, connections: 0 })
  const entries = await scene.entries()
  expect(summary.sealed).toBe(entries.length)
  expect(entries.map(entry => entry.kind)).toEqual(['mark', 'request', 'response', 'fail'])
  expect(entries.slice(2)).toMatchObject([
    { status: 403 },
    { cause: 'rejected', reason: expect.stringMatching(/403.*ended by us/) },
  ])
})

test('a credential that could not be hidden on the tape is not sent', async () => {
  const venue = await venueForTest()
  const path = join(await folder(), 'a.tape.jsonl')
  const recording = await recordingOf(path)
  const work = recordSession({
    recording,
    sources: [
      { feed: tradingviewSocket, symbols: [NQ], credentials: { token: '!!!!-!!!!' }, url: venue.url },
    ],
    clock: systemClock,
    timers: systemTimers,
    random: EVEN,
    limits: {},
    signal: new AbortController().signal,
  })
  await expect(work).rejects.toMatchObject({ code: 'bad-config', where: 'token' })
  expect(venue.upgrades).toHaveLength(0)
  expect(await readEntries(path)).toEqual([])
})

test('text whose JSON would be too long for a line is kept as bytes, and not one byte earlier', () => {
  expect(payloadOf(Buffer.alloc(16 * MIB, 1))).toHaveProperty('text')
  expect(payloadOf(Buffer.alloc(16 * MIB + 1, 1))).toHaveProperty('base64')
  expect(payloadOf(Buffer.alloc(48 * MIB, '"'))).toHaveProperty('text')
  expect(payloadOf(Buffer.alloc(48 * MIB + 1, '"'))).toHaveProperty('base64')
  expect(payloadOf(Buffer.alloc(60 * MIB, 'a'))).toHaveProperty('text')
})

test.each([0, 10, 25, TOKEN.length - 1])(
  'a token of which %i characters stand before the cut of a rejection’s body is not half on the tape',
  async before => {
    const other = await venueForTest()
    other.refuse(403, {}, `${'a'.repeat(64 * 1024 - before)}${TOKEN}${'b'.repeat(9000)}`)
    const refused = await startScene({ venue: other, credentials: { token: TOKEN } })
    await refused.noted(/403/)
    await refused.stop()
    const tape = await readFile(refused.path, 'latin1')
    expect(tape).toContain('aaaaaaaaaa')
    for (let at = 0; at + 8 <= TOKEN.length; at += 1) {
      expect(tape.includes(TOKEN.slice(at, at + 8)), TOKEN.slice(at, at + 8)).toBe(false)
    }
  },
)

test('a rejection’s body that breaks off may end in half a token, and ends before it', async () => {
  const url = await rawVenue(socket => {
    socket.end(`HTTP/1.1 403 No\r\nContent-Length: 9000\r\n\r\n${'x'.repeat(900)}${TOKEN.slice(0, 30)}`)
  })
  const scene = await startScene({ url, credentials: { token: TOKEN } })
  await scene.noted(/403/)
  await scene.stop()
  const [response] = ofKind(await scene.entries(), 'response')
  expect(response).toHaveProperty('text', expect.stringMatching(/^x+$/))
})

test('a rejection’s body that is packed is left out, with the reason', async () => {
  const venue = await venueForTest()
  venue.refuse(403, { 'Content-Encoding': 'gzip' }, gzipSync(TOKEN).toString('latin1'))
  const scene = await startScene({ venue, credentials: { token: TOKEN } })
  await scene.noted(/403/)
  await scene.stop()
  const [response] = ofKind(await scene.entries(), 'response')
  expect(response).toMatchObject({ status: 403, omitted: 'its content-encoding is gzip' })
})

test.each([
  [30 * SECOND, '1 s'],
  [31 * SECOND, '500 ms'],
])('a venue that takes us in and hangs up after %i µs is asked again after %s', async (stay, wait) => {
  const time = manualTime()
  const scene = await startScene(time)
  const first = await scene.venue.client()
  first.socket.close(1011)
  await scene.noted(/next try in 500 ms/)
  time.advance(SECOND)
  const client = await scene.venue.client()
  client.says(HELLO)
  client.says(quote(NQ, { lp: 1 }))
  await scene.noted(/takes us in/)
  time.advance(stay)
  client.socket.close(1012)
  expect(await scene.noted(/closed 1012/)).toContain(`next try in ${wait}`)
  await scene.stop()
})

test('a page of more than 8 MiB is not read to its end, and no connection follows', async () => {
  const venue = await venueForTest()
  venue.page = (_, response) => {
    response.on('error', () => {})
    response.write(Buffer.alloc(8 * MIB + 1, 'x'))
  }
  const credentials = { sessionid: 'synthetic0session0id' }
  const scene = await startScene({ venue, credentials, exchangeUrl: venue.pageUrl })
  expect((await scene.ended).ending).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('beyond 8 MiB'),
  })
  expect(venue.upgrades).toHaveLength(0)
})

test('a venue that pings and does not read is not answered without end', async () => {
  const scene = await startScene()
  const client = await scene.venue.client()
  await client.hears('quote_fast_symbols')
  client.socket.pause()
  while (!scene.notes.some(note => /its pings are not answered/.test(note))) {
    for (let n = 0; n < 1000; n += 1) client.socket.ping('x'.repeat(125))
    await new Promise(resolve => client.socket.ping('last', undefined, resolve))
  }
  client.socket.resume()
  const summary = await scene.stop()
  const entries = await scene.entries()
  const notes = ofKind(entries, 'mark').map(mark => mark.note)
  expect(notes.filter(note => /its pings are not answered/.test(note))).toHaveLength(1)
  expect(notes.filter(note => /^\d+ pings were not answered$/.test(note))).toHaveLength(1)
  expect(summary.framesSent).toBeLessThan(summary.framesReceived)
}, 30_000)

test('a message beyond 64 MiB is named, and the third in a row is the last', async () => {
  const header = Buffer.alloc(10)
  header.writeUInt16BE(0x817f)
  header.writeBigUInt64BE(BigInt(64 * MIB + 1), 2)
  let connections = 0
  const url = await rawVenue((socket, request) => {
    connections += 1
    socket.write(upgraded(request))
    socket.write(header)
  })
  const time = manualTime()
  const scene = await startScene({ url, ...time })
  for (const count of [1, 2]) {
    await scene.noted(/a message larger than 64 MiB.*next try/, count)
    time.advance(60 * SECOND)
  }
  const summary = await scene.ended
  expect(summary.ending).toMatchObject({
    kind: 'refused',
    reason: expect.stringMatching(/larger than 64 MiB.*3 times in a row/),
  })
  expect(connections).toBe(3)
  for (const close of ofKind(await scene.entries(), 'close')) {
    expect(close).toMatchObject({ by: 'us' })
    expect(close).not.toHaveProperty('reason')
  }
})

test('a close without a code has none on the tape, and no words that nobody said', async () => {
  const time = manualTime()
  const scene = await startScene(time)
  ;(await scene.venue.client()).socket.close()
  await scene.noted(/the venue closed; next try/)
  time.advance(SECOND)
  ;(await scene.venue.client()).socket.terminate()
  await scene.noted(/the connection broke: no close frame; next try/)
  await scene.stop()
  const closes = ofKind(await scene.entries(), 'close').map(({ seq, at, ...close }) => close)
  expect(closes).toEqual([
    { kind: 'close', conn: 1, by: 'them' },
    { kind: 'close', conn: 2, by: 'unknown' },
  ])
})

test('a search for secrets that fails loses no frame, hides what is known, and is said once', async () => {
  const path = join(await folder(), 'a.tape.jsonl')
  const find = (): never => {
    throw new Error(`planted ${TOKEN}`)
  }
  const recording = await recordingOf(path, {
    ...tradingviewSocket,
    secrets: { ...tradingviewSocket.secrets, find },
  })
  recording.learn({ value: TOKEN, place: 'planted' })
  for (const text of [`one ${TOKEN}`, 'two']) {
    recording.append({ kind: 'frame', conn: 1, dir: 'in', op: 'text', text })
  }
  await recording.seal()
  const entries = await readEntries(path)
  expect(entries.map(entry => entry.kind)).toEqual(['frame', 'mark', 'frame'])
  expect(ofKind(entries, 'mark')[0]?.note).toContain('the search for secrets failed at entry 1')
  expect(await readFile(path, 'utf8')).not.toContain(TOKEN)
})

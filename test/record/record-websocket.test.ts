import { expect, test } from 'vitest'
import { isWhole } from '../../src/record/index.ts'
import { manualTime } from './manual-time.ts'
import { EVEN, NQ, ofKind, startScene, venueForTest } from './scene.ts'
import { HELLO, quote, startVenue } from './venue.ts'

const SECOND = 1_000_000

test('a venue that refuses the upgrade with 429 is left in peace for as long as it asks', async () => {
  const time = manualTime()
  const venue = await venueForTest()
  venue.refuse(429, { 'Retry-After': '30' }, 'slow down')
  const scene = await startScene({ venue, ...time })
  const note = await scene.noted(/next try/)
  expect(note).toBe(
    'the venue answers 429 (too many connections or requests), and asks for 30 s of peace; next try in 30 s',
  )
  time.advance(29 * SECOND)
  expect(venue.upgrades).toHaveLength(1)
  time.advance(2 * SECOND)
  await (await venue.client()).hears('quote_fast_symbols')
  await scene.stop()
  const entries = await scene.entries()
  expect(entries.slice(0, 4)).toMatchObject([
    { kind: 'mark', note: expect.stringContaining('given up after 5 refusals in a row') },
    { kind: 'request', conn: 1, exchange: 1, method: 'GET' },
    { kind: 'response', conn: 1, exchange: 1, status: 429, text: 'slow down' },
    { kind: 'fail', conn: 1, cause: 'rejected' },
  ])
  expect(ofKind(entries, 'open')).toMatchObject([{ conn: 2 }])
})

test('a venue that refuses the upgrade five times in a row is not asked again', async () => {
  const time = manualTime()
  const venue = await venueForTest()
  for (let n = 0; n < 5; n += 1) venue.refuse(403, {}, '<html>no</html>')
  const scene = await startScene({ venue, ...time })
  for (let n = 1; n < 5; n += 1) {
    await scene.noted(/next try/, n)
    time.advance(60 * SECOND)
  }
  const summary = await scene.ended
  expect(summary.ending).toMatchObject({ kind: 'refused', reason: expect.stringContaining('403') })
  expect(summary.connections).toBe(0)
  expect(venue.upgrades).toHaveLength(5)
  expect(scene.notes.map(note => note.split('; ')[1])).toEqual([
    'next try in 500 ms',
    'next try in 1 s',
    'next try in 2 s',
    'next try in 4 s',
  ])
})

test('a port where nobody listens is a failure on the tape, and is tried again until the time is up', async () => {
  const time = manualTime()
  const gone = await startVenue()
  await gone.close()
  const scene = await startScene({ url: gone.url, ...time, limits: { for: 60 * SECOND } })
  await scene.noted(/refuses the connection \(ECONNREFUSED\); next try in 500 ms/)
  time.advance(60 * SECOND)
  const summary = await scene.ended
  expect(summary).toMatchObject({ ending: { kind: 'time' }, connections: 0 })
  const [fail] = ofKind(await scene.entries(), 'fail')
  expect(fail).toMatchObject({ cause: 'refused', url: gone.url })
})

test('a bad auth token ends the recording with what to do', async () => {
  const scene = await startScene({ credentials: { token: 'not-a-good-token' } })
  const client = await scene.venue.client()
  client.says(HELLO)
  client.socket.ping()
  client.says('{"m":"protocol_error","p":["bad auth token"]}')
  client.socket.close()
  const summary = await scene.ended
  expect(summary.ending).toMatchObject({
    kind: 'refused',
    reason: 'the venue does not take our token: "bad auth token"',
    next: expect.stringContaining('fresh sessionid'),
  })
  expect(summary.standing).toBeUndefined()
  expect(scene.venue.upgrades).toHaveLength(1)
})

test('an error of the venue that may pass leads to another connection', async () => {
  const time = manualTime()
  const scene = await startScene(time)
  ;(await scene.venue.client()).says(HELLO, '{"m":"critical_error","p":["qs_x","internal"]}')
  await scene.noted(/next try in 500 ms/)
  time.advance(SECOND)
  const second = await scene.venue.client()
  await second.hears('quote_add_symbols')
  const summary = await scene.stop()
  expect(summary.ending).toEqual({ kind: 'stopped' })
  expect(scene.notes).toContain('critical error: "qs_x, internal"')
})

test('a heartbeat is echoed with its own framing, also between data', async () => {
  const scene = await startScene()
  const client = await scene.venue.client()
  client.says(HELLO)
  client.says(quote(NQ, { lp: 1 }), '~h~7', quote(NQ, { lp: 2 }), '~h~8', '~h~12')
  await client.hears('~m~5~m~~h~12')
  expect(client.heard.slice(-3)).toEqual(['~m~4~m~~h~7', '~m~4~m~~h~8', '~m~5~m~~h~12'])
  const summary = await scene.stop()
  expect(summary.quotes).toBe(2)
  const beats = ofKind(await scene.entries(), 'frame').filter(
    frame => frame.dir === 'out' && 'text' in frame && frame.text.includes('~h~'),
  )
  expect(beats).toHaveLength(3)
})

test('frames are on the tape byte for byte: broken UTF-8, bytes, emptiness, a BOM, pings', async () => {
  const scene = await startScene()
  const client = await scene.venue.client()
  await client.hears('quote_fast_symbols')
  const broken = Buffer.from([0x7e, 0x6d, 0xff, 0xc3, 0x28])
  let pongs = 0
  client.socket.on('pong', () => {
    pongs += 1
  })
  client.socket.send(broken, { binary: false })
  client.socket.send(Buffer.from([0, 1, 255]))
  client.socket.send('')
  client.socket.send(Buffer.alloc(0))
  client.socket.send('\ufeffö\u0000𝒂')
  client.socket.ping('are you there')
  client.says('~h~1')
  await client.hears('~h~1')
  expect(pongs).toBe(1)
  const summary = await scene.stop()
  const frames = ofKind(await scene.entries(), 'frame').filter(
    frame => (frame.dir === 'in' || frame.op === 'pong') && !('text' in frame && frame.text.includes('~h~')),
  )
  expect(frames).toMatchObject([
    { op: 'text', base64: broken.toString('base64') },
    { op: 'binary', base64: 'AAH/' },
    { op: 'text', text: '' },
    { op: 'binary', base64: '' },
    { op: 'text', text: '\ufeffö\u0000𝒂' },
    { dir: 'in', op: 'ping', text: 'are you there' },
    { dir: 'out', op: 'pong', text: 'are you there' },
  ])
  expect(summary.framesReceived).toBe(7)
  expect(isWhole(summary)).toBe(true)
})

test('what is compressed on the wire is on the tape as it was meant', async () => {
  const scene = await startScene()
  const client = await scene.venue.client()
  const long = quote(NQ, { description: 'x'.repeat(5000) })
  client.says(long)
  client.says('~h~1')
  await client.hears('~h~1')
  await scene.stop()
  const [upgrade] = ofKind(await scene.entries(), 'response')
  expect(upgrade?.headers.flat().join(' ')).toContain('permessage-deflate')
  const [frame] = ofKind(await scene.entries(), 'frame').filter(({ dir }) => dir === 'in')
  expect(frame).toMatchObject({ text: `~m~${long.length}~m~${long}` })
})

test('a limit of frames is exact, whatever the venue goes on sending', async () => {
  const scene = await startScene({ limits: { frames: 5 } })
  const client = await scene.venue.client()
  for (let n = 0; n < 50; n += 1) client.says(quote(NQ, { lp: n }))
  const summary = await scene.ended
  expect(summary).toMatchObject({ ending: { kind: 'frames' }, framesReceived: 5, framesRecorded: 5 })
  const entries = await scene.entries()
  expect(ofKind(entries, 'frame').filter(frame => frame.dir === 'in')).toHaveLength(5)
  expect(summary.sealed).toBe(entries.length)
})

test('after a break it connects and subscribes again, and says how long it was away', async () => {
  const time = manualTime()
  const scene = await startScene(time)
  const first = await scene.venue.client()
  first.says(HELLO)
  first.says(quote(NQ, { lp: 25_650.25 }))
  await scene.noted(/takes us in/)
  const subscribed = await first.hears('quote_add_symbols')
  first.socket.terminate()
  await scene.noted(/the connection broke.*next try in 500 ms/)
  time.advance(SECOND)
  const second = await scene.venue.client()
  expect(await second.hears('quote_fast_symbols')).toContain(NQ)
  expect(second.heard).toHaveLength(5)
  expect(await second.hears('quote_add_symbols')).toHaveLength(subscribed.length)
  time.advance(SECOND)
  const summary = await scene.stop()
  expect(summary).toMatchObject({ connections: 2, failures: 0, standing: 'guest' })
  expect(summary.gaps).toEqual([{ from: 0, to: SECOND }])
  const entries = await scene.entries()
  expect(ofKind(entries, 'close')).toMatchObject([
    { conn: 1, by: 'unknown' },
    { conn: 2, by: 'us', code: 1000 },
  ])
  expect(ofKind(entries, 'mark').filter(mark => mark.standing !== undefined)).toMatchObject([
    { conn: 1, standing: 'guest' },
  ])
})

test('pauses grow while nobody takes us in, and are short again once someone did', async () => {
  const time = manualTime()
  const scene = await startScene(time)
  for (let n = 1; n <= 3; n += 1) {
    ;(await scene.venue.client()).socket.close(1011, 'not now')
    await scene.noted(/next try/, n)
    time.advance(60 * SECOND)
  }
  const client = await scene.venue.client()
  client.says(HELLO)
  client.says('~h~1')
  await client.hears('~h~1')
  time.advance(31 * SECOND)
  client.socket.close(1012)
  await scene.noted(/next try/, 4)
  expect(scene.notes.flatMap(note => /next try in (.*)/.exec(note)?.[1] ?? [])).toEqual([
    '500 ms',
    '1 s',
    '2 s',
    '500 ms',
  ])
  expect(scene.notes.filter(note => /venue closed 1011 "not now"/.test(note))).toHaveLength(3)
})

test('a silent socket is given up after a minute with code 4000', async () => {
  const time = manualTime()
  const scene = await startScene(time)
  const client = await scene.venue.client()
  client.says(quote(NQ, { lp: 1, current_session: 'market' }), '~h~1')
  await client.hears('~h~1')
  const closed = new Promise(resolve => client.socket.once('close', resolve))
  time.advance(59 * SECOND)
  expect(client.socket.readyState).toBe(client.socket.OPEN)
  time.advance(SECOND)
  expect(await closed).toBe(4000)
  await scene.noted(/we closed 4000 "no message for 1 m 00 s"/)
  expect(scene.notes.filter(note => /no price/.test(note))).toEqual([])
  expect((await scene.stop()).connections).toBe(1)
})

test('quotes that stop in market hours while heartbeats go on are said once, with their names', async () => {
  const time = manualTime()
  const scene = await startScene({ ...time, symbols: [NQ, 'X:CLOSED'] })
  const client = await scene.venue.client()
  client.says(HELLO)
  const state = { update_mode: 'delayed_streaming_600', current_session: 'market' }
  client.says(quote(NQ, { lp: 1, ...state }), quote('X:CLOSED', { lp: 1, current_session: 'out_of_session' }))
  for (let beat = 1; beat <= 15; beat += 1) {
    // A re-broadcast of static fields is no price.
    client.says(`~h~${beat}`, quote(NQ, { description: 'still here', volume: beat, high_price: 2 }))
    await client.hears(`~h~${beat}`)
    time.advance(10 * SECOND)
  }
  const stalled = scene.notes.filter(note => /no price/.test(note))
  expect(stalled).toEqual([`no price for 1 m 00 s though the market is open (other quotes go on): ${NQ}`])
  expect(scene.notes).toContain(`quotes are 10 m 00 s late (delayed_streaming_600): ${NQ}`)
  client.says(quote(NQ, { lp: 2 }), '~h~99')
  await client.hears('~h~99')
  await scene.stop()
  const marks = ofKind(await scene.entries(), 'mark').map(mark => mark.note)
  expect(marks).toContain(stalled[0])
})

test('a wall clock that is set is on the tape, and times go on as before', async () => {
  const time = manualTime()
  const scene = await startScene(time)
  await scene.venue.client()
  await scene.noted(/connection 1/)
  time.step(400_000)
  time.advance(SECOND)
  time.step(-3_600_000_000)
  time.advance(SECOND)
  time.advance(SECOND)
  const summary = await scene.stop()
  expect(summary.elapsed).toBe(3 * SECOND)
  expect(ofKind(await scene.entries(), 'clock')).toMatchObject([{ at: 2 * SECOND, step: -3_599_600_000 }])
})

test('a venue that does not answer our close is left after a second', async () => {
  const time = manualTime()
  const scene = await startScene(time)
  const client = await scene.venue.client()
  await client.hears('quote_fast_symbols')
  client.socket.pause()
  const ended = scene.stop()
  time.advance(SECOND)
  expect(await ended).toMatchObject({ ending: { kind: 'stopped' }, connections: 1 })
  expect(ofKind(await scene.entries(), 'close')).toMatchObject([{ by: 'us', code: 1000 }])
})

test('a decoder that fails does not stop the recording', async () => {
  const { tradingviewSocket } = await import('../../src/feeds/tradingview-socket/index.ts')
  const { QuoteWatch } = await import('../../src/record/watch.ts')
  const watch = new QuoteWatch({
    ...tradingviewSocket,
    createDecoder: () => ({
      decode() {
        throw new Error('planted')
      },
    }),
  })
  const frame = { kind: 'frame', seq: 7, at: 1, conn: 1, dir: 'in', op: 'text', text: '~m~1~m~x' } as const
  watch.opened(0)
  expect(watch.see(frame)).toContain('the decoder failed at entry 7 (planted)')
  expect(watch.see(frame)).toBeUndefined()
  expect(watch.opened(5)).toBeUndefined()
  expect(watch.see(frame)).toBeUndefined()
  const stillborn = new QuoteWatch({
    ...tradingviewSocket,
    createDecoder() {
      throw new Error('planted')
    },
  })
  expect(stillborn.opened(0)).toContain('the decoder failed at its start (planted)')
  expect(stillborn.opened(5)).toBeUndefined()
})

test('a recording that was stopped before it began is a sealed tape', async () => {
  const scene = await startScene({ random: EVEN })
  const summary = await scene.stop()
  expect(summary.ending).toEqual({ kind: 'stopped' })
  expect(summary.sealed).toBe((await scene.entries()).length)
})

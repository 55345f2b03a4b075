import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { manualTime, NOON } from './manual-time.ts'
import { NQ, ofKind, startScene, venueForTest } from './scene.ts'
import { HELLO, quote } from './venue.ts'

const SECOND = 1_000_000
const COOKIES = { sessionid: 'synthetic0session0id', sessionidSign: 'v3:synthetic+sign/id=' }

function jwt(endsAt: number): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'none' })}.${part({ exp: endsAt / SECOND, note: 'synthetic' })}.synthetic-signature`
}

test('a cookie that the page does not know ends the recording before any connection', async () => {
  const venue = await venueForTest()
  venue.page = (_, response) => response.end('"auth_token":"unauthorized_user_token"')
  const scene = await startScene({ venue, credentials: COOKIES, exchangeUrl: venue.pageUrl })
  const summary = await scene.ended
  expect(summary.ending).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('expired or wrong'),
    next: expect.stringContaining('record as guest'),
  })
  expect(venue.upgrades).toHaveLength(0)
  expect(venue.pageRequests[0]?.headers.cookie).toBe(
    `sessionid=${COOKIES.sessionid}; sessionid_sign=${COOKIES.sessionidSign}`,
  )
})

test('a page that is busy is asked again when it says so', async () => {
  const time = manualTime()
  const venue = await venueForTest()
  venue.page = (_, response) => response.writeHead(429, { 'Retry-After': '7' }).end()
  const scene = await startScene({ venue, ...time, credentials: COOKIES, exchangeUrl: venue.pageUrl })
  await scene.noted(/the chart page answers 429: too many requests; next try in 7 s/)
  venue.page = (_, response) => response.end(`"auth_token":"${jwt(NOON)}"`)
  time.advance(7 * SECOND)
  await (await venue.client()).hears('set_auth_token')
  await scene.stop()
})

test('a page that cannot be reached is a failure on the tape', async () => {
  const venue = await venueForTest()
  const gone = await venueForTest()
  await gone.close()
  const scene = await startScene({ venue, credentials: COOKIES, exchangeUrl: gone.pageUrl })
  await scene.noted(/refuses the connection \(ECONNREFUSED\); next try/)
  await scene.stop()
  expect(ofKind(await scene.entries(), 'fail')[0]).toMatchObject({ cause: 'refused', url: gone.pageUrl })
})

test('a token that was given is hidden before it is sent', async () => {
  const venue = await venueForTest()
  const token = jwt(NOON)
  venue.refuse(503, { 'X-Debug': token }, `who would send ${token}?`)
  const scene = await startScene({ venue, credentials: { token } })
  await scene.noted(/503/)
  await scene.stop()
  expect(ofKind(await scene.entries(), 'response')[0]?.redacted).toHaveLength(2)
  expect(await readFile(scene.path, 'latin1')).not.toContain(token)
})

test('a redirect is not followed with the cookie', async () => {
  const venue = await venueForTest()
  venue.page = (_, response) => response.writeHead(302, { Location: `${venue.pageUrl}elsewhere` }).end()
  const scene = await startScene({ venue, credentials: COOKIES, exchangeUrl: venue.pageUrl })
  expect((await scene.ended).ending).toMatchObject({ reason: expect.stringContaining('302') })
  expect(venue.pageRequests).toHaveLength(1)
})

test('a cookie is exchanged for a token; neither is on the tape or in a note, in any spelling', async () => {
  const venue = await venueForTest()
  const token = jwt(NOON)
  venue.page = (_, response) => {
    response.setHeader('Set-Cookie', 'device_t=synthetic0device0id; Path=/')
    response.setHeader('X-Debug', `issued ${token}`)
    response.end(`<script>user = {"username":"synthetic","auth_token":"${token}"}</script>`)
  }
  const scene = await startScene({ venue, credentials: COOKIES, exchangeUrl: venue.pageUrl })
  const client = await venue.client()
  expect(await client.hears('set_auth_token')).toContain(token)
  const secrets = [token, COOKIES.sessionid, COOKIES.sessionidSign, 'synthetic0device0id']
  const echoes = secrets.flatMap(spellings)
  client.says(HELLO, JSON.stringify({ m: 'critical_error_echo', p: echoes }))
  client.socket.send(Buffer.from(echoes.join('\u0000')))
  client.says(JSON.stringify({ m: 'protocol_error', p: [`${'wrong '.repeat(70)}${token}`] }))
  await scene.noted(/protocol error/)
  client.socket.close(1008, token.slice(0, 120))
  await scene.stop()
  const tape = await readFile(scene.path, 'latin1')
  const shown = JSON.stringify([scene.notes, await scene.ended])
  for (const spelling of [...echoes, token.slice(0, 40)]) {
    expect(tape.includes(spelling), spelling).toBe(false)
    expect(shown.includes(spelling), spelling).toBe(false)
  }
  const entries = await scene.entries()
  expect(ofKind(entries, 'response')[0]).toMatchObject({ conn: 1, exchange: 1, status: 200 })
  expect(ofKind(entries, 'response')[0]).toHaveProperty('omitted')
  const signing = ofKind(entries, 'frame').find(
    frame => 'text' in frame && frame.text.includes('set_auth_token'),
  )
  // As long as before, so that the framing holds; told from a secret by its mark.
  expect(signing?.redacted).toHaveLength(1)
  expect(signing).toHaveProperty('text', expect.stringMatching(/^~m~\d+~m~\{.*\}$/))
})

test('an expiry is said when it is near, and a fresh token is fetched once the quotes have stopped', async () => {
  const time = manualTime()
  const venue = await venueForTest()
  const first = jwt(NOON + 400 * SECOND)
  const second = jwt(NOON + 14_400 * SECOND)
  const tokens = [first, second]
  venue.page = (_, response) => response.end(`"auth_token":"${tokens.shift()}"`)
  const scene = await startScene({ venue, ...time, credentials: COOKIES, exchangeUrl: venue.pageUrl })
  const client = await venue.client()
  client.says(HELLO)
  for (let beat = 1; beat <= 9; beat += 1) {
    client.says(`~h~${beat}`, quote(NQ, { lp: beat }))
    await client.hears(`~h~${beat}`)
    time.advance(45 * SECOND)
  }
  expect(scene.notes.filter(note => /the credential /.test(note))).toEqual([
    'the credential ends in 5 m 00 s, at 2026-11-20T12:06:40.000000Z; quotes may then stop or be delayed',
  ])
  client.says('~h~10')
  await client.hears('~h~10')
  time.advance(16 * SECOND)
  await scene.noted(/the credential ended at .* and no price has come for 1 m 00 s: it takes a fresh one/)
  await scene.noted(/next try/)
  time.advance(SECOND)
  expect(await (await venue.client()).hears('set_auth_token')).toContain(second)
  const summary = await scene.stop()
  expect(summary).toMatchObject({ connections: 2, standing: 'login' })
})

function spellings(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64')
  return [...new Set([secret, encodeURIComponent(secret), base64, Buffer.from(secret).toString('base64url')])]
}

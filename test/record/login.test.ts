import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { SignedIn, TokenExchange } from '../../src/feeds/index.ts'
import { tradingviewSocket } from '../../src/feeds/tradingview-socket/index.ts'
import { FeedtapeError } from '../../src/model/errors.ts'
import { checkCredentials, type SourceOptions } from '../../src/record/index.ts'
import { manualTime } from './manual-time.ts'
import { ofKind, startScene, venueForTest } from './scene.ts'
import { smallFeed } from './small-feed.ts'
import { hostForTest } from './small-venue.ts'
import { HELLO } from './venue.ts'

const SECOND = 1_000_000
const GIVEN = { user: 'joe', password: 'p w"d; with, odd\\ ünicode 7' }

interface Door {
  readonly url: string
  readonly bodies: string[]
}

/** Answers each login with the next of these. */
async function door(...answers: readonly object[]): Promise<Door> {
  const left = [...answers]
  const bodies: string[] = []
  const server = createServer((request, response) => {
    void bodyOf(request).then(body => {
      bodies.push(`${request.url} ${body}`)
      response.end(JSON.stringify(left.shift() ?? { no: 'more answers' }))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, bodies }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

/** A login by POST: `{token, life?}` lets in, `{wait}` is a penalty, anything else is a refusal. */
function loginAt(url: string, body: object, warning?: string): TokenExchange {
  return {
    method: 'POST',
    url: `${url}/login`,
    headers: [['Content-Type', 'application/json']],
    body: JSON.stringify(body),
    omitted: 'a login',
    ...(warning === undefined ? {} : { warning }),
    read(_status, text, now) {
      const answer = JSON.parse(text)
      if ('wait' in answer) {
        const afterwards = loginAt(url, { ...body, ticket: answer.ticket }, warning)
        return { wait: answer.wait * SECOND, why: 'a penalty', afterwards }
      }
      if (!('token' in answer)) return { reason: 'wrong password', next: 'give the right one' }
      const signed: SignedIn = { credentials: { token: answer.token } }
      return 'life' in answer ? { ...signed, expires: now + answer.life * SECOND } : signed
    },
  }
}

test('credentials that are not enough are said before anything is made or asked', () => {
  const feed = smallFeed({
    exchange() {
      throw new FeedtapeError('bad-config', 'a name without a password')
    },
  })
  expect(() => checkCredentials({ feed, symbols: [] })).toThrow('a name without a password')
})

test('a refused login is the end, with its words; what was typed is nowhere on the tape', async () => {
  const { bodies, url } = await door({ error: `no ${GIVEN.password}` })
  const feed = smallFeed({ exchange: given => loginAt(url, given, 'this ends the session in your browser') })
  const source: SourceOptions = { feed, symbols: ['A'], url, credentials: GIVEN }
  const scene = await startScene({ sources: [source] })
  expect((await scene.ended).ending).toMatchObject({ kind: 'refused', reason: 'wrong password' })
  expect(bodies).toEqual([`/login ${JSON.stringify(GIVEN)}`])
  const entries = await scene.entries()
  const kinds = entries.map(entry => (entry.kind === 'mark' ? entry.note : entry.kind))
  expect(kinds.indexOf('this ends the session in your browser')).toBeLessThan(kinds.indexOf('request'))
  expect(ofKind(entries, 'request')[0]).toMatchObject({ method: 'POST', omitted: 'a login' })
  expect(ofKind(entries, 'response')[0]).toMatchObject({ omitted: 'a login' })
  expect(JSON.stringify(entries)).not.toContain('ünicode')
})

test('a penalty is shown and waited out, then the login goes on with its ticket; Ctrl-C does not wait', async () => {
  const time = manualTime()
  const { bodies, url } = await door({ wait: 40, ticket: 'T1' }, { token: 'synthetic-token-1' }, { wait: 40 })
  const feed = smallFeed({ exchange: given => loginAt(url, given) })
  const host = await hostForTest(feed.conversation)
  const source: SourceOptions = {
    feed,
    symbols: ['A'],
    url: host.origin,
    options: { path: '/price' },
    credentials: GIVEN,
  }
  const scene = await startScene({ ...time, sources: [source] })
  await scene.noted(/^a penalty: 40 s to wait, as the venue asks$/)
  time.advance(39 * SECOND)
  expect(scene.statuses.at(-1)?.sources[0]?.state).toBe('waiting')
  expect(bodies).toHaveLength(1)
  time.advance(SECOND)
  await scene.noted(/takes us in \(login\)/)
  expect(bodies[1]).toContain('"ticket":"T1"')
  await scene.stop()
  const again = await startScene({ ...time, sources: [source] })
  await again.noted(/^a penalty: 40 s/)
  expect(await again.stop()).toMatchObject({ ending: { kind: 'stopped' }, failures: 0 })
})

test('a token that lives for less than five minutes is not fetched again at each request', async () => {
  const { bodies, url } = await door({ token: 'synthetic-token-1', life: 100 })
  const feed = smallFeed({ requests: 9, exchange: given => loginAt(url, given) })
  const host = await hostForTest(feed.conversation)
  const source = { feed, symbols: ['A'], url: host.origin, credentials: GIVEN }
  const scene = await startScene({ sources: [source] })
  expect(await scene.ended).toMatchObject({ ending: { kind: 'finished' }, framesReceived: 9 })
  expect(bodies).toHaveLength(1)
})

test('a token is renewed at a fifth of its life, beside the socket that stands', async () => {
  const time = manualTime()
  const { bodies, url } = await door(
    { token: 'synthetic-token-1', life: 1_000 },
    { token: 'synthetic-token-2', life: 100_000 },
  )
  const venue = await venueForTest()
  const feed = {
    ...tradingviewSocket,
    session: {
      ...tradingviewSocket.session,
      exchange: () => loginAt(url, { first: true }),
      renew: (present: object) => loginAt(url, { renew: present }),
    },
  }
  const scene = await startScene({ ...time, sources: [{ feed, symbols: ['A:B'], url: venue.url }] })
  const client = await venue.client()
  expect(await client.hears('set_auth_token')).toContain('synthetic-token-1')
  for (let beat = 1; beat <= 79; beat += 1) {
    client.says(`~h~${beat}`)
    await client.hears(`~h~${beat}`)
    time.advance(10 * SECOND)
  }
  expect(bodies).toHaveLength(1)
  client.says(HELLO, '~h~80')
  await client.hears('~h~80')
  time.advance(11 * SECOND)
  await scene.noted(/^the token was renewed until .*; the connection stays$/)
  expect(bodies[1]).toBe('/login {"renew":{"token":"synthetic-token-1"}}')
  expect(venue.upgrades).toHaveLength(1)
  client.socket.close(1011)
  await scene.noted(/next try/)
  time.advance(SECOND)
  expect(await (await venue.client()).hears('set_auth_token')).toContain('synthetic-token-2')
  await scene.stop()
  const ends = ofKind(await scene.entries(), 'request').map(request => request.method)
  expect(ends).toEqual(['POST', 'GET', 'POST', 'GET'])
})

test('two feeds of one account sign in once; who has used an answer up asks anew', async () => {
  const { bodies, url } = await door({ token: 'synthetic-token-1' }, { token: 'synthetic-token-2' })
  const login = { exchange: (given: object) => loginAt(url, given) }
  const one = smallFeed(login)
  const other = { ...smallFeed(login), name: 'small-too' }
  const host = await hostForTest(one.conversation)
  const source = { symbols: ['A'], url: host.origin, options: { path: '/price' }, credentials: GIVEN }
  const scene = await startScene({
    sources: [
      { ...source, feed: one },
      { ...source, feed: other },
    ],
  })
  await scene.noted(/^small: the venue takes us in \(login\)/)
  await scene.noted(/^small-too: the venue takes us in \(login\)/)
  await scene.stop()
  expect(bodies).toHaveLength(1)
  const asked = ofKind(await scene.entries(), 'request')
  expect(asked.filter(request => request.method === 'POST')).toHaveLength(1)
  const again = await startScene({ sources: [{ ...source, feed: one }] })
  await again.noted(/takes us in \(login\)/)
  expect(bodies).toHaveLength(2)
})

test('what a session warns of is said before it connects; its beats and waits go by the timers', async () => {
  const time = manualTime()
  const venue = await venueForTest()
  let beats = 0
  const feed = {
    ...tradingviewSocket,
    session: {
      ...tradingviewSocket.session,
      start: ({ url = '' }: { readonly url?: string }) => ({
        url,
        headers: {},
        standing: 'login' as const,
        warning: 'this ends the session in your browser',
        silence: 60 * SECOND,
        beat: {
          every: 2_500_000,
          send() {
            beats += 1
            return [{ kind: 'send', text: `beat ${beats}` }] as const
          },
        },
        opened: () =>
          [
            { kind: 'send', text: 'first' },
            { kind: 'wait', wait: 6 * SECOND, afterwards: [{ kind: 'send', text: 'after the wait' }] },
          ] as const,
        received: () => [],
      }),
    },
  }
  const scene = await startScene({ ...time, sources: [{ feed, symbols: [], url: venue.url }] })
  const client = await venue.client()
  await client.hears('first')
  await scene.noted(/6 s to wait, as the venue asks/)
  time.advance(5 * SECOND)
  await client.hears('beat 2')
  time.advance(SECOND)
  await client.hears('after the wait')
  expect(client.heard).toEqual(['first', 'beat 1', 'beat 2', 'after the wait'])
  await scene.stop()
  time.advance(10 * SECOND)
  expect(beats).toBe(2)
  const kinds = (await scene.entries()).map(entry => (entry.kind === 'mark' ? entry.note : entry.kind))
  expect(kinds.indexOf('this ends the session in your browser')).toBeLessThan(kinds.indexOf('request'))
})

import { describe, expect, it } from 'vitest'
import type { HttpAnswer, HttpSession } from '../../../src/feeds/index.ts'
import { secrets } from '../../../src/feeds/tradingview-broker-rest/secrets.ts'
import { session } from '../../../src/feeds/tradingview-broker-rest/session.ts'
import { seededRandom } from '../../../src/model/random.ts'
import type { EntryDraft } from '../../../src/tape/entry.ts'

interface Start {
  readonly symbols?: readonly string[]
  readonly options?: Readonly<Record<string, string>>
  readonly credentials?: Readonly<Record<string, string>>
  readonly url?: string
}

function start({
  symbols = [],
  options = {},
  credentials = {},
  url = 'https://broker.example/api/',
}: Start = {}): HttpSession {
  return session.start({ symbols, credentials, options, random: seededRandom(1), url })
}

function hear(client: HttpSession, answer: Partial<HttpAnswer>): string {
  const turn = client.next()
  if (turn === undefined) throw new Error('nothing is asked')
  const steps = client.answered({ status: 200, headers: [], ...answer }, turn)
  return steps.map(step => (step.kind === 'note' ? step.text : step.kind)).join(' | ')
}

const SYMBOLS = { body: '{"s":"ok","symbol":["A","B"]}' }

it('cannot start without the broker’s address, and says how to give it', () => {
  const bare = { symbols: [], credentials: {}, random: seededRandom(1) }
  expect(() => session.start(bare)).toThrow(
    expect.objectContaining({ code: 'usage', next: expect.stringContaining('--url') }),
  )
  expect(() => start({ url: 'no address' })).toThrow('no address of its own')
})

describe('what is asked', () => {
  it('is what there is, until it has come, and then its stream, again where it ends', () => {
    const client = start({ options: { mode: 'stream', group: 'broker_forex' } })
    expect(client.next()?.request.url).toBe('https://broker.example/api/symbol_info?group=broker_forex')
    expect(hear(client, { status: 502, body: 'x' })).toContain('cannot be used')
    expect(hear(client, SYMBOLS)).toBe('accepted')
    for (let n = 0; n < 2; n += 1) {
      expect(client.next()).toMatchObject({
        isStream: true,
        request: { url: 'https://broker.example/api/streaming' },
      })
    }
    expect(hear(client, {})).toBe('')
  })

  it('is /quotes of what is named, or of what there is, where that is chosen', () => {
    const options = { mode: 'quotes' }
    const named = start({ options, symbols: ['B', 'NO'], credentials: { accountId: 'account-7' } })
    expect(hear(named, SYMBOLS)).toContain('lists no NO')
    const url = new URL(named.next()?.request.url ?? '')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      locale: 'en',
      accountId: 'account-7',
      symbols: 'B,NO',
    })
    const all = start({ options })
    hear(all, SYMBOLS)
    expect(all.next()?.request.url).toContain('symbols=A%2CB')
    expect(all.next()?.isStream).toBeUndefined()
    const nothing = start({ options })
    hear(nothing, { body: '{"s":"ok","symbol":[]}' })
    expect(nothing.next()).toBeUndefined()
  })

  it('shows the token in one header only', () => {
    const client = start({ credentials: { token: 'a1b2c3d4e5' } })
    expect(client.standing).toBe('login')
    expect(client.next()?.request.headers).toContainEqual(['Authorization', 'Bearer a1b2c3d4e5'])
    expect(client.next()?.request.url).not.toContain('a1b2c3d4e5')
  })

  it('goes behind what a broker has in front of its endpoints, whichever of them was named', () => {
    for (const url of ['https://broker.example/api/v1', 'https://broker.example/api/v1/streaming?x=1']) {
      expect(start({ url }).next()?.request.url).toBe('https://broker.example/api/v1/symbol_info')
    }
  })
})

describe('a refusal', () => {
  it('is final the third time in a row, also where it comes under 200', () => {
    for (const answer of [
      { status: 401, body: 'Unauthorized' },
      { body: '{"s":"error","errmsg":"no token"}' },
    ]) {
      const client = start()
      expect(hear(client, answer)).toContain('the token')
      hear(client, answer)
      expect(hear(client, answer)).toBe('refused')
    }
  })

  it('for now is never final: 429', () => {
    const client = start()
    for (let n = 0; n < 5; n += 1) expect(hear(client, { status: 429 })).toContain('429')
  })
})

describe('a credential is found', () => {
  const S = 'a1b2c3d4e5f6g7h8'
  const place = { at: 0, conn: 1, exchange: 1 }
  const request = (more: object): EntryDraft => {
    return {
      kind: 'request',
      ...place,
      feed: 'x',
      method: 'GET',
      url: 'https://b.example/quotes',
      headers: [],
      ...more,
    }
  }
  const chunk = (payload: { text: string } | { base64: string }): EntryDraft => {
    return { kind: 'frame', at: 0, conn: 1, dir: 'in', op: 'chunk', ...payload }
  }
  it.each<[string, EntryDraft]>([
    ['the header', request({ headers: [['Authorization', `Bearer ${S}`]] })],
    ['a key’s header', request({ headers: [['X-Api-Key', S]] })],
    ['the account in the address', request({ url: `https://b.example/quotes?accountId=${S}&symbols=A` })],
    ['the address', request({ url: `https://b.example/streaming?access_token=${S}` })],
    ['a body', request({ text: `{"password":"${S}"}` })],
    [
      'an answer',
      { kind: 'response', ...place, status: 200, headers: [], text: `{"d":{"access_token":"${S}"}}` },
    ],
    ['a cookie', { kind: 'response', ...place, status: 200, headers: [['Set-Cookie', `sid=${S}; Path=/`]] }],
    ['a chunk', chunk({ text: `{"errmsg":"bad token=${S}"}` })],
    [
      'a chunk of bytes',
      chunk({ base64: Buffer.from(`\u00ff"accountId":"${S}`, 'latin1').toString('base64') }),
    ],
  ])('in %s', (_, draft) => {
    expect(secrets.find(draft).map(({ value }) => value)).toEqual([S])
  })

  it('and nothing in what every line says', () => {
    expect(
      secrets.find(chunk({ text: '{"f":"t","id":"EURUSD","p":1.47245,"s":100,"t":1547942400}\n' })),
    ).toEqual([])
  })
})

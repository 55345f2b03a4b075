import { describe, expect, it } from 'vitest'
import { createFind, partsOf } from '../../src/feeds/entry-secrets.ts'
import type { FeedSecrets, Secret } from '../../src/feeds/index.ts'
import type { EntryDraft } from '../../src/tape/entry.ts'

const CONN = { at: 0, conn: 1 } as const

/** What begins with capital letters is this wire's credential, as far as the next blank. */
function shouted(place: string): (text: string) => readonly Secret[] {
  return text => (text.match(/[A-Z]{4}[^\s;]*/g) ?? []).map(value => ({ value, place }))
}

const find: FeedSecrets['find'] = createFind({
  url: shouted('url'),
  cookie: (name, value) => shouted(`cookie ${name}`)(value),
  otherHeader: shouted('header'),
  text: shouted('text'),
  publicWords: new Set(['GUEST', '']),
})

function request(headers: readonly (readonly [string, string])[], rest: object = {}): EntryDraft {
  return {
    kind: 'request',
    ...CONN,
    feed: 'x',
    exchange: 1,
    method: 'GET',
    url: '/plain',
    headers,
    ...rest,
  }
}

function bytes(...codes: readonly number[]): string {
  return Buffer.from(codes).toString('base64')
}

describe('what is searched', () => {
  it.each<EntryDraft>([
    { kind: 'pause', ...CONN, reason: 'OURS' },
    { kind: 'resume', ...CONN },
    { kind: 'clock', at: 0, step: 1 },
    { kind: 'lost', at: 0, from: 1, to: 2, reason: 'OURS' },
    { kind: 'close', ...CONN, by: 'us' },
    request([], { omitted: 'OURS' }),
  ])('is nothing of what came from us or is not there: $kind', draft => {
    expect(find(draft)).toEqual([])
  })

  it.each<[EntryDraft, readonly string[]]>([
    [{ kind: 'open', ...CONN, feed: 'x', url: '/ADDRESS' }, ['url']],
    [
      { kind: 'fail', ...CONN, feed: 'x', url: '/ADDRESS', cause: 'other', reason: 'REASON' },
      ['url', 'text'],
    ],
    [request([['X-Any', 'HEADER']], { url: '/ADDRESS', text: 'BODY' }), ['url', 'header', 'text']],
    [
      { kind: 'response', ...CONN, exchange: 1, status: 200, headers: [['X-Any', 'HEADER']], text: 'BODY' },
      ['header', 'text'],
    ],
    [{ kind: 'frame', ...CONN, dir: 'out', op: 'text', text: 'BODY' }, ['text']],
    [{ kind: 'mark', at: 0, note: 'NOTE' }, ['text']],
    [{ kind: 'close', ...CONN, by: 'them', reason: 'REASON' }, ['text']],
  ])('is each part that came from outside: $0.kind', (draft, places) => {
    expect(find(draft).map(({ place }) => place)).toEqual(places)
  })

  it('is bytes, too: one that is no ASCII ends a credential', () => {
    const base64 = bytes(...Buffer.from('ABCD'), 0xc3, 0x9c, ...Buffer.from('EFGH'))
    const values = (draft: EntryDraft) => find(draft).map(({ value }) => value)
    expect(values({ kind: 'frame', ...CONN, dir: 'in', op: 'binary', base64 })).toEqual(['ABCD', 'EFGH'])
  })

  it('is read by the feed’s own reading of bytes where names are not ASCII', () => {
    const base64 = bytes(0xc3, 0x9c)
    const draft: EntryDraft = { kind: 'frame', ...CONN, dir: 'in', op: 'binary', base64 }
    expect(partsOf(draft, of => Buffer.from(of, 'base64').toString('utf8'))).toEqual({ text: 'Ü' })
  })
})

describe('what is found', () => {
  it('is not what says nothing of anybody', () => {
    expect(find({ kind: 'mark', at: 0, note: 'GUEST' })).toEqual([])
    expect(find(request([['Authorization', 'Bearer ']]))).toEqual([])
  })

  it('is given once, under the first place that names it', () => {
    const found = find(request([['X-Any', 'TWICE']], { url: '/TWICE', text: 'TWICE OTHER' }))
    expect(found).toEqual([
      { value: 'TWICE', place: 'url' },
      { value: 'OTHER', place: 'text' },
    ])
  })
})

describe('a header', () => {
  it.each<[string, string, readonly Secret[]]>([
    ['Cookie', 'NOTHING', []],
    ['Set-Cookie', 'a=FIRST; b=SECOND', [{ value: 'FIRST', place: 'cookie a' }]],
    [
      'Cookie',
      ' a =FIRST;b= SECOND ',
      [
        { value: 'FIRST', place: 'cookie a' },
        { value: 'SECOND', place: 'cookie b' },
      ],
    ],
    ['Authorization', 'bearer x.y', [{ value: 'x.y', place: 'authorization' }]],
    ['Proxy-Authorization', 'Basic eDp5', [{ value: 'eDp5', place: 'proxy-authorization' }]],
    ['X-CSRF', 'plain', [{ value: 'plain', place: 'x-csrf' }]],
    ['X-ApiKey', 'plain', [{ value: 'plain', place: 'x-apikey' }]],
    ['Referer', 'PAGE', [{ value: 'PAGE', place: 'header' }]],
  ])('%s: %s', (name, value, secrets) => {
    expect(find(request([[name, value]]))).toEqual(secrets)
  })
})

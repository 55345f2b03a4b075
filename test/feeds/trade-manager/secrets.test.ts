import { describe, expect, test } from 'vitest'
import { secrets } from '../../../src/feeds/trade-manager/secrets.ts'
import type { EntryDraft } from '../../../src/tape/entry.ts'

const TOKEN = 'Synthetic.Token-0123456789'
const USER = 'synthetic.user'

function frame(text: string, dir: 'in' | 'out' = 'out'): EntryDraft {
  return { kind: 'frame', at: 0, conn: 1, dir, op: 'text', text }
}

const values = (draft: EntryDraft): string[] => secrets.find(draft).map(({ value }) => value)

test.each([
  '{"type":"AUTH","user":"<user>","token":"<redacted>"}',
  '{"type": "DATA", "data": {"ticker": "ES1!", "prices": {"ask": 6723.25, "bid": 6723.0}}}',
  '{"type": "TRADES", "data": [{"id": 2836336, "Account": "Unknown", "Nickname": ""}]}',
  '{"type": "TRADES", "data": [{"id": 2836336, "Account": null}]}',
  '{"type": "ACCSETUP_COMPLETE", "status": "Success"}',
  'Unauthorized access',
])('%s holds no secret', text => {
  expect(values(frame(text))).toEqual([])
})

describe('user and token', () => {
  test.each([
    ['of AUTH', `{"type":"AUTH","user":"${USER}","token":"${TOKEN}"}`],
    ['of CLOSE_TRADE', `{"type":"CLOSE_TRADE","tradeid":1,"user":"${USER}","token":"${TOKEN}"}`],
    ['with blanks', `{ "type" : "AUTH" , "user" : "${USER}" , "token" : "${TOKEN}" }`],
    ['as Python prints them', `{'type': 'AUTH', 'user': '${USER}', 'token': '${TOKEN}'}`],
    ['in a JSON inside a string', String.raw`{"data":"{\"user\":\"${USER}\",\"token\":\"${TOKEN}\"}"}`],
    ['of a message that is cut off', `{"type":"AUTH","user":"${USER}","token":"${TOKEN}`],
    ['without their quotes', `{"type":"AUTH","user":${USER},"token":${TOKEN}}`],
    ['echoed by the venue', `{"type": "ERROR", "data": {"user": "${USER}", "token": "${TOKEN}"}}`],
  ])('%s are found', (_, text) => {
    for (const dir of ['in', 'out'] as const) expect(values(frame(text, dir)).sort()).toEqual([TOKEN, USER])
  })

  test.each([
    "o'brien-synthetic",
    'two words synthetic',
    'synthetic@example.org',
    String.raw`quo\"ted-synthetic`,
  ])('the user %s is found whole', user => {
    expect(values(frame(`{"type":"AUTH","user":"${user}"}`))).toEqual([user])
  })

  test('are found in bytes, addresses, headers, notes and reasons', () => {
    const base64 = Buffer.from(`\u00ff{"token":"${TOKEN}"}`, 'latin1').toString('base64')
    expect(values({ kind: 'frame', at: 0, conn: 1, dir: 'out', op: 'binary', base64 })).toEqual([TOKEN])
    const url = `wss://trademanagergroup.com:5000/ws?user=${USER}&token=${TOKEN}`
    expect(values({ kind: 'open', at: 0, conn: 1, feed: 'trade-manager', url })).toEqual([USER, TOKEN])
    expect(values({ kind: 'mark', at: 0, note: `{"token":"${TOKEN}"}` })).toEqual([TOKEN])
    expect(values({ kind: 'close', at: 0, conn: 1, by: 'them', reason: `token=${TOKEN}` })).toEqual([TOKEN])
    const headers = [
      ['Authorization', `Bearer ${TOKEN}`],
      ['Cookie', `session=${USER}; a=b`],
    ] as const
    const request = {
      at: 0,
      conn: 1,
      feed: 'trade-manager',
      exchange: 1,
      method: 'GET',
      url: 'https://x/',
      headers,
    }
    expect(values({ kind: 'request', ...request })).toEqual([TOKEN, USER])
  })
})

test.each([
  ['the number of an account that is set up', '{"type":"ACCSETUP","id":149115,"user":"<user>"}', '149115'],
  ['the same in a string', '{"type":"ACCSETUP","id":"149115"}', '149115'],
  ['the same in its answer', '{"type": "ACCSETUP_COMPLETE", "id": 149115}', '149115'],
  [
    'the account of a trade',
    '{"type": "TRADES", "data": [{"id": 7654321, "Account": "SYN-149115"}]}',
    'SYN-149115',
  ],
  [
    'what the account is called',
    '{"type": "TRADES", "data": [{"Nickname": "my synthetic one"}]}',
    'my synthetic one',
  ],
  ['what an AUTHID holds', '{"type": "AUTHID", "data": "abc-149115"}', 'abc-149115'],
  ['an AUTHID of another key', '{"type": "AUTHID", "auth": 149115}', '149115'],
])('%s is found', (_, text, value) => {
  expect(values(frame(text, 'in')).filter(found => found !== 'AUTHID')).toEqual([value])
})

const MANY = 16 * 1024 * 1024
test.each([
  ['a value without end', `"token":"${'a'.repeat(MANY)}`],
  ['escapes without end', `"token":"${String.raw`\/`.repeat(MANY / 2)}`],
  ['backslashes', `token${'\\'.repeat(MANY)}`],
  ['keys without a value', '"user":'.repeat(MANY / 7)],
  ['an AUTHID of quotes', `AUTHID${'"'.repeat(MANY)}`],
])('16 MiB of %s neither throw nor take for ever', (_, text) => {
  expect(values(frame(text)).length).toBeLessThan(3)
})

test('the number of a trade is harmless', () => {
  expect(secrets.harmless.some(({ pattern }) => pattern.test('"tradeid":1000001'))).toBe(true)
})

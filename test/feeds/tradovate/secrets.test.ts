import { describe, expect, it } from 'vitest'
import { secrets } from '../../../src/feeds/tradovate/secrets.ts'
import type { EntryDraft } from '../../../src/tape/entry.ts'

const TOKEN = 'Ab3-dEf_gh1JkLmN0pQr'

function found(text: string, op: 'text' | 'binary' = 'text'): readonly string[] {
  const body = op === 'text' ? { text } : { base64: Buffer.from(text, 'latin1').toString('base64') }
  return secrets.find({ kind: 'frame', at: 0, conn: 1, dir: 'out', op, ...body }).map(({ value }) => value)
}

describe('Tradovate’s secrets', () => {
  it('are none in ordinary frames', () => {
    for (const text of [
      '[]',
      'a[{"s":200,"i":1}]',
      'a[{"e":"md","d":{"quotes":[{"contractId":3267315,"entries":{"Bid":{"price":28138.25}}}]}}]',
      'contract/item\n3\nid=42\n',
      'authorize\n123456\n\n',
      'a[{"i":0,"s":401,"d":"Invalid access token"}]',
    ]) {
      expect(found(text), text).toEqual([])
    }
  })

  it.each([
    `authorize\n1\n\n${TOKEN}`,
    `/Authorize\n0\n\n"${TOKEN}"`,
    `authorize\n1\n\n{"token":"${TOKEN}"}`,
    `authorize\n${TOKEN}`,
    `authorize\n1\np-ticket=${TOKEN}\n`,
    `[{"log":"authorize\\n1\\n\\n${TOKEN}"}]`,
    `a[{"s":200,"i":1,"d":{"accessToken":"${TOKEN}"`,
    `{"mdAccessToken" : "${TOKEN}"}`,
    `"{\\"p-ticket\\":\\"${TOKEN}\\"}"`,
    `{"name":"n","password":"${TOKEN}"}`,
    `{"sec":"${TOKEN}"}`,
    `a[{"s":401,"i":1,"d":"bad Bearer ${TOKEN}"}]`,
    `grant_type=x&access_token=${TOKEN}&y=1`,
  ])('are found in a frame, also a malformed one: %j', text => {
    expect(found(text)).toEqual([TOKEN])
    expect(found(text, 'binary')).toEqual([TOKEN])
  })

  it('are found in addresses, headers, bodies, reasons and notes', () => {
    const place = { at: 0, conn: 1, feed: 'tradovate-market-data' } as const
    const request = {
      kind: 'request',
      ...place,
      exchange: 1,
      method: 'GET',
      url: 'https://venue.example/',
    } as const
    const url = `wss://venue.example/v1/websocket?token=${TOKEN}&x=1`
    const drafts: readonly EntryDraft[] = [
      { kind: 'open', ...place, url },
      { kind: 'fail', ...place, url: 'wss://venue.example', cause: 'other', reason: `no ${url}` },
      { ...request, headers: [['Authorization', `Bearer ${TOKEN}`]] },
      { ...request, headers: [['Cookie', `session=${TOKEN}`]] },
      { ...request, headers: [], text: `{"name":"n","password":"${TOKEN}"}` },
      {
        kind: 'response',
        at: 0,
        conn: 1,
        exchange: 1,
        status: 200,
        headers: [['Set-Cookie', `session=${TOKEN}; Path=/`]],
      },
      { kind: 'mark', at: 0, note: `authorize\n1\n\n${TOKEN}` },
      { kind: 'close', at: 0, conn: 1, by: 'them', code: 1000, reason: `{"token":"${TOKEN}"}` },
    ]
    for (const draft of drafts) expect(secrets.find(draft).map(({ value }) => value)).toEqual([TOKEN])
  })
})

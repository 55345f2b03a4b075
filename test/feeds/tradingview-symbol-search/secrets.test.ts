import { describe, expect, it } from 'vitest'
import { secrets } from '../../../src/feeds/tradingview-symbol-search/secrets.ts'
import type { EntryDraft } from '../../../src/tape/entry.ts'
import { ADDRESS } from './driver.ts'

const S = 'a1b2c3d4e5f6g7h8'
const request = (more: object): EntryDraft => {
  const place = { at: 0, conn: 1, feed: 'tradingview-symbol-search', exchange: 1 }
  return { kind: 'request', ...place, method: 'GET', url: ADDRESS, headers: [], ...more }
}
const response = (more: object): EntryDraft => {
  return { kind: 'response', at: 0, conn: 1, exchange: 1, status: 200, headers: [], ...more }
}
const found = (draft: EntryDraft): string[] => secrets.find(draft).map(({ value }) => value)

describe('a credential is found', () => {
  it.each<[string, EntryDraft]>([
    ['the Cookie header', request({ headers: [['Cookie', `sessionid=${S}; theme=dark`]] })],
    ['the sign beside it', request({ headers: [['cookie', `sessionid_sign=${S}`]] })],
    ['a Set-Cookie', response({ headers: [['Set-Cookie', `sessionid=${S}; Path=/`]] })],
    ['the address', request({ url: `${ADDRESS}&auth_token=${S}` })],
    ['a body', response({ text: `{"symbols":[{"symbol":"X","sessionid":"${S}"}]}` })],
    ['a cut body', response({ text: `{"sessionid":"${S}` })],
    ['nginx’s page', response({ status: 403, text: `<html><pre>Cookie: sessionid=${S}</pre>` })],
  ])('in %s', (_, draft) => {
    expect(found(draft)).toEqual([S])
  })
})

it('finds nothing in what every search says', () => {
  const text = '{"symbols_remaining":0,"symbols":[{"symbol":"X","isin":"US0378331005","cusip":"037833100"}]}'
  expect(found(response({ text, headers: [['Content-Type', 'application/json']] }))).toEqual([])
  expect(found(request({ headers: [['Origin', 'https://www.tradingview.com']] }))).toEqual([])
})

import { describe, expect, it } from 'vitest'
import { secrets } from '../../../src/feeds/tradingview-scanner/secrets.ts'
import type { EntryDraft } from '../../../src/tape/entry.ts'

const S = 'a1b2c3d4e5f6g7h8'
const AT = { at: 0, conn: 1 }
const URL = 'https://scanner.tradingview.com/futures/scan'

const request = (more: object): EntryDraft => ({
  kind: 'request',
  ...AT,
  feed: 'tradingview-scanner',
  exchange: 1,
  method: 'POST',
  url: URL,
  headers: [],
  ...more,
})
const response = (more: object): EntryDraft => ({
  kind: 'response',
  ...AT,
  exchange: 1,
  status: 200,
  headers: [],
  ...more,
})
const found = (draft: EntryDraft): string[] => secrets.find(draft).map(({ value }) => value)

describe('a credential is found', () => {
  it.each<[string, EntryDraft]>([
    ['the Cookie header', request({ headers: [['Cookie', `lang=en; sessionid=${S}; theme=dark`]] })],
    ['the sign beside it', request({ headers: [['cookie', `sessionid_sign="${S}"`]] })],
    ['a Set-Cookie of the answer', response({ headers: [['Set-Cookie', `sessionid=${S}; Path=/; Secure`]] })],
    ['a Set-Cookie of another name', response({ headers: [['set-cookie', `device_t=${S}; Path=/`]] })],
    ['an Authorization header', request({ headers: [['Authorization', `Bearer ${S}`]] })],
    ['the address', request({ url: `${URL}?auth_token=${S}` })],
    ['a redirect’s address', response({ headers: [['Location', `https://x.example/?sessionid=${S}`]] })],
    ['the user of the address', request({ url: `https://${S}@scanner.tradingview.com/x` })],
    ['a body', request({ text: `{"sessionid":"${S}"}` })],
    ['a body in a body', response({ text: `{"error":"{\\"sessionid\\":\\"${S}\\"}"}` })],
    ['an answer that repeats the header', response({ text: `{"error":"bad cookie: sessionid=${S}"}` })],
    ['a page that repeats it', response({ text: `<html><pre>Cookie: sessionid=${S}</pre>` })],
    ['a cut body', response({ text: `{"sessionid":"${S}` })],
    ['bytes', response({ base64: Buffer.from(`\u00ff"sessionid":"${S}"`, 'latin1').toString('base64') })],
    [
      'a failure’s reason',
      { kind: 'fail', ...AT, feed: 'x', url: URL, cause: 'other', reason: `sessionid=${S}` },
    ],
    ['a note', { kind: 'mark', at: 0, note: `the cookie sessionid=${S}` }],
  ])('in %s', (_, draft) => {
    expect(found(draft)).toContain(S)
  })

  it('once, however often it stands there', () => {
    const headers = [['Cookie', `sessionid=${S}`]]
    expect(found(request({ headers, text: `{"sessionid":"${S}"}` }))).toEqual([S])
  })
})

it('finds nothing in what every poll says', () => {
  const text =
    '{"totalCount":1,"data":[{"s":"CME_MINI:MNQ1!","d":[25650.25,"delayed_streaming_600","market"]}]}'
  expect(found(response({ text, headers: [['Content-Type', 'application/json']] }))).toEqual([])
  const body =
    '{"symbols":{"tickers":["CME_MINI:MNQ1!"]},"columns":["close","current_session"],"range":[0,1]}'
  expect(found(request({ text: body, headers: [['User-Agent', 'feedtape']] }))).toEqual([])
})

import { describe, expect, it, test } from 'vitest'
import { tradovateUserData as feed } from '../../../src/feeds/tradovate-user-data/index.ts'

function found(text: string, dir: 'in' | 'out' = 'in'): readonly string[] {
  const frame = { kind: 'frame', at: 0, conn: 1, dir, op: 'text', text } as const
  return feed.secrets.find(frame).map(({ value }) => value)
}

describe('what is nobody’s is left alone', () => {
  test.each([
    ['a contract', 'a[{"s":200,"i":3,"d":{"id":3267315,"name":"NQZ6","contractMaturityId":1}}]'],
    [
      'a product, an exchange, a currency',
      'a[{"s":200,"i":2,"d":{"products":[{"id":7,"name":"NQ","description":"E-Mini NASDAQ 100"}],"exchanges":[{"id":1,"name":"Coinbase Derivatives"}],"currencies":[{"id":12,"name":"GBP_PHILLIP"}],"contractGroups":[{"id":15,"name":"Micro Indices"}]}}]',
    ],
    [
      'an execution report',
      'a[{"e":"props","d":{"entityType":"executionReport","entity":{"id":1,"name":"0.008720250226201322","externalClOrdId":"0.8828367004722592"}}}]',
    ],
    [
      'an order',
      'a[{"e":"props","d":{"entityType":"order","entity":{"id":516124640015,"accountId":50000001}}}]',
    ],
    [
      'a contract behind an account',
      'a[{"e":"props","d":{"entityType":"account","entity":{"id":1}}},{"e":"props","d":{"entityType":"contract","entity":{"name":"MNQZ6X"}}}]',
    ],
    ['heartbeats', 'h'],
  ])('%s', (_what, text) => {
    expect(found(text)).toEqual([])
  })

  it('a loopback address', () => {
    expect(
      found('a[{"e":"props","d":{"entityType":"userDevice","entity":{"ipAddress":"/127.0.0.1"}}}]'),
    ).toEqual([])
  })
})

describe('tokens and names are found', () => {
  test.each([
    ['the token', 'authorize\n1\n\nSYNTHETIC.access.token', ['SYNTHETIC.access.token']],
    ['the token in quotes', 'authorize\n1\n\n"SYNTHETIC.access.token"', ['SYNTHETIC.access.token']],
    [
      'an order of a client',
      'order/placeorder\n3\n\n{"accountSpec":"DEMO1000001","accountId":2}',
      ['DEMO1000001'],
    ],
    ['a look-up by name', 'account/find\n3\nname=DEMO1000001\n', ['DEMO1000001']],
  ])('%s', (_what, text, values) => {
    expect(found(text, 'out')).toEqual(values)
  })

  test.each([
    [
      'the lists of a sync reply',
      'a[{"s":200,"i":2,"d":{"users":[{"id":1,"name":"synthetic-user","email":"user@example.com"}],"accounts":[{"id":2,"name":"DEMO1000001"},{"id":3,"name":"DEMO1000002"}],"contracts":[{"id":1,"name":"NQZ6XX"}]}}]',
      ['user@example.com', 'synthetic-user', 'DEMO1000001', 'DEMO1000002'],
    ],
    [
      'a sync reply that was cut off',
      'a[{"s":200,"i":2,"d":{"accounts":[{"id":2,"name":"DEMO1000001"},{"id":3,"name":"DEMO100',
      ['DEMO1000001', 'DEMO100'],
    ],
    [
      'an account’s push',
      'a[{"e":"props","d":{"entityType":"account","entity":{"id":2,"name":"DEMO1000001"}}}]',
      ['DEMO1000001'],
    ],
    [
      'an account’s push, its type behind it',
      'a[{"e":"props","d":{"entity":{"id":2,"name":"DEMO1000001","accountType":"Customer"},"entityType":"account"}}]',
      ['DEMO1000001'],
    ],
    [
      'a push in a string',
      `a[${JSON.stringify({ e: 'props', d: '{"entityType":"user","entity":{"id":1,"name":"synthetic-user"}}' })}]`,
      ['synthetic-user'],
    ],
    [
      'account/list',
      'a[{"s":200,"i":2,"d":[{"id":2,"name":"DEMO1000001","userId":1,"accountType":"Customer"}]}]',
      ['DEMO1000001'],
    ],
    [
      'a device',
      'a[{"e":"props","d":{"entityType":"userDevice","entity":{"id":1,"deviceId":"synthetic-device","ipAddress":"/203.0.113.10"}}}]',
      ['synthetic-device', '/203.0.113.10'],
    ],
    [
      'a chat',
      'a[{"e":"props","d":{"entityType":"chatMessage","entity":{"senderName":"Synthetic Person"}}}]',
      ['Synthetic Person'],
    ],
    [
      'a yearly review',
      'a[{"s":200,"i":2,"d":{"annualReviews":[{"firstEmail":"user@example.com"}]}}]',
      ['user@example.com'],
    ],
    [
      'an echoed token',
      'a[{"s":401,"i":1,"d":"bad token eyJhbGciOiJub25l.c3ludGhldGlj.c2ln"}]',
      ['eyJhbGciOiJub25l.c3ludGhldGlj.c2ln'],
    ],
  ])('%s', (_what, text, values) => {
    expect([...found(text)].sort()).toEqual([...values].sort())
  })

  it('a login’s answer, over HTTP', () => {
    const text = '{"accessToken":"SYNTHETIC.access.token","userId":1,"name":"synthetic-user","hasLive":false}'
    const response = {
      kind: 'response',
      at: 0,
      conn: 1,
      exchange: 1,
      status: 200,
      headers: [],
      text,
    } as const
    expect(feed.secrets.find(response).map(({ value }) => value)).toEqual(
      expect.arrayContaining(['SYNTHETIC.access.token', 'synthetic-user']),
    )
  })

  it('in a huge frame, in bounded time', () => {
    const hostile = `a[{"accounts":[${'{"name":"'.repeat(200_000)}`
    const before = performance.now()
    found(hostile)
    found(`{"email":"${'\\'.repeat(2_000_000)}`)
    expect(performance.now() - before).toBeLessThan(5_000)
  })
})

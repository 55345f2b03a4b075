import { describe, expect, it } from 'vitest'
import type { ClientSession, Credentials, SessionStep } from '../../../src/feeds/feed.ts'
import { tradovateUserData as feed } from '../../../src/feeds/tradovate-user-data/index.ts'
import { seededRandom } from '../../../src/model/random.ts'

const TOKEN = 'SYNTHETIC.access.token'

function start(options: Record<string, string> = {}, credentials: Credentials = {}): ClientSession {
  const defaults = (feed.session.options ?? []).map(({ name, value }) => [name, value] as const)
  return feed.session.start({
    symbols: [],
    credentials: { token: TOKEN, ...credentials },
    options: { ...Object.fromEntries(defaults), ...options },
    random: seededRandom(1),
  })
}

/** What the client does when it hears these items, framed. */
function hear(client: ClientSession, ...items: readonly object[]): readonly SessionStep[] {
  return client.received(`a${JSON.stringify(items)}`)
}

function sent(steps: readonly SessionStep[]): readonly string[] {
  return steps.flatMap(step => (step.kind === 'send' ? [step.text] : []))
}

function signedIn(options: Record<string, string> = {}, credentials: Credentials = {}) {
  const client = start(options, credentials)
  expect(sent(client.received('o'))).toEqual([`authorize\n1\n\n${TOKEN}`])
  return { client, steps: hear(client, { s: 200, i: 1 }) }
}

const push = (entityType: string, entity: object): object => ({
  e: 'props',
  d: { entityType, eventType: 'Created', entity },
})

describe('what stops it', () => {
  it('no token: it says which variable to give, and sends nothing', () => {
    const client = start({}, { token: undefined } as unknown as Credentials)
    expect(client.opened()).toMatchObject([
      { kind: 'refused', final: true, next: expect.stringMatching(/FEEDTAPE_TRADOVATE_TOKEN/) },
    ])
    expect(client.received('o')).toEqual([])
  })

  it('a token that is not taken, and a quota that is reached: for good', () => {
    const client = start()
    client.received('o')
    const refused = hear(client, { s: 401, i: 1, d: 'Access is denied' })
    expect(refused).toMatchObject([{ kind: 'refused', final: true }])
    const quota = hear(client, { e: 'shutdown', d: { reasonCode: 'ConnectionQuotaReached' } })
    expect(quota).toMatchObject([
      { kind: 'refused', final: true, next: expect.stringMatching(/close another session/) },
    ])
  })

  it('a sync that is refused: with the venue’s words, and not for good', () => {
    const { client } = signedIn({}, { userId: '7' })
    expect(hear(client, { s: 404, i: 2, d: '"Not found: user/syncrequests"' })).toMatchObject([
      { kind: 'refused', final: false, reason: expect.stringMatching(/user\/syncrequest .*Not found/) },
    ])
  })

  it('a login without any account', () => {
    const { client } = signedIn()
    expect(hear(client, { s: 200, i: 2, d: [] })).toMatchObject([{ kind: 'refused', final: true }])
  })

  it.each([
    ['sync', 'both'],
    ['accounts', 'DEMO1000001'],
    ['accounts', '1,,2'],
    ['environment', 'md'],
  ])('--option %s=%s', (name, value) => {
    expect(feed.session.options?.find(option => option.name === name)?.refuse?.(value)).toMatch(name)
  })
})

describe('a classic sync', () => {
  it('asks once for the user that was given', () => {
    const { steps } = signedIn({}, { userId: '3701228' })
    expect(steps[0]).toEqual({ kind: 'accepted' })
    expect(sent(steps)).toEqual(['user/syncrequest\n2\n\n{"users":[3701228]}'])
  })

  it('asks account/list whose login it is where nobody says, also where what was said is no id', () => {
    for (const credentials of [{}, { userId: 'somebody' }]) {
      const { client, steps } = signedIn({}, credentials)
      expect(sent(steps)).toEqual(['account/list\n2\n\n'])
      const accounts = [{ id: 50000001, name: 'DEMO3701228', userId: 3701228 }]
      expect(sent(hear(client, { s: 200, i: 2, d: accounts }))).toEqual([
        'user/syncrequest\n3\n\n{"users":[3701228]}',
      ])
    }
  })

  it('looks up, on the query line and once, what the reply does not name', () => {
    const { client } = signedIn({}, { userId: '7' })
    const d = {
      contracts: [{ id: 1, name: 'NQZ6', contractMaturityId: 10 }],
      contractMaturities: [{ id: 10, productId: 100 }],
      products: [{ id: 100, name: 'NQ', currencyId: 1 }],
      currencies: [{ id: 1, name: 'USD' }],
      orders: [{ id: 5, contractId: 1 }],
      positions: [
        { id: 6, contractId: 2 },
        { id: 7, contractId: 2 },
      ],
    }
    expect(sent(hear(client, { s: 200, i: 2, d }))).toEqual(['contract/item\n3\nid=2\n'])
    const found = hear(client, { s: 200, i: 3, d: { id: 2, name: 'MNQZ6', contractMaturityId: 11 } })
    expect(sent(found)).toEqual(['contractMaturity/item\n4\nid=11\n'])
    expect(sent(hear(client, { s: 200, i: 4, d: { id: 11, productId: 101 } }))).toEqual([
      'product/item\n5\nid=101\n',
    ])
    expect(sent(hear(client, { s: 200, i: 5, d: { id: 101, currencyId: 1 } }))).toEqual([])
    expect(sent(hear(client, push('fill', { id: 9, contractId: 2 })))).toEqual([])
    expect(sent(hear(client, push('fill', { id: 9, contractId: 3 })))).toEqual(['contract/item\n6\nid=3\n'])
  })

  it('goes on where a look-up is refused, and says which contract stays without a name', () => {
    const { client } = signedIn({}, { userId: '7' })
    hear(client, push('order', { id: 9, contractId: 3 }))
    expect(hear(client, { s: 404, i: 3, d: '' })).toMatchObject([
      { kind: 'note', text: expect.stringMatching(/contract\/item id=3 .* without a name/) },
    ])
  })

  it('stops looking up where a venue names contracts without end', () => {
    const { client } = signedIn({}, { userId: '7' })
    const orders = Array.from({ length: 3000 }, (_, id) => ({ id, contractId: id }))
    const steps = hear(client, { s: 200, i: 2, d: { orders } })
    expect(sent(steps)).toHaveLength(999)
    expect(steps.filter(step => step.kind === 'note')).toHaveLength(1)
  })
})

describe('a split sync', () => {
  it('names accounts and entity types, because none would come otherwise', () => {
    const [text = ''] = sent(signedIn({ sync: 'split', accounts: '50000001, 50000002' }).steps)
    const body = JSON.parse(text.split('\n')[3] ?? '')
    expect(body).toMatchObject({ splitResponses: true, accounts: [50000001, 50000002] })
    expect(body.entityTypes).toEqual(expect.arrayContaining(['position', 'fill', 'fillFee', 'order']))
  })

  it('does not take the first answer for all of them', () => {
    const { client } = signedIn({ sync: 'split', accounts: '50000001' })
    expect(sent(hear(client, { s: 200, i: 2, d: { positions: [] } }))).toEqual([])
    const second = hear(client, { s: 200, i: 2, d: { positions: [{ id: 1, contractId: 4 }] } })
    expect(sent(second)).toEqual(['contract/item\n3\nid=4\n'])
  })
})

describe('signing in', () => {
  const login = (body: string, credentials: Credentials = {}) =>
    feed.session
      .exchange?.({ name: 'synthetic-user', password: 'synthetic', ...credentials })
      ?.read(200, body, 0)

  it('is not needed where there is a token', () => {
    expect(feed.session.exchange?.({ token: TOKEN, name: 'n', password: 'p' })).toBeUndefined()
  })

  it('learns the user’s id from the login’s answer, also behind a penalty', () => {
    const answer = JSON.stringify({ accessToken: TOKEN, mdAccessToken: `${TOKEN}.md`, userId: 3701228 })
    expect(login(answer)).toMatchObject({ credentials: { token: TOKEN, userId: '3701228' } })
    const postponed = login('{"p-ticket":"SYNTHETIC","p-time":5,"p-captcha":false}')
    expect(postponed).toMatchObject({ wait: 5_000_000 })
    const again =
      postponed !== undefined && 'afterwards' in postponed
        ? postponed.afterwards.read(200, answer, 0)
        : undefined
    expect(again).toMatchObject({ credentials: { userId: '3701228' } })
  })

  it('keeps the id that was given where the answer has none', () => {
    const answer = JSON.stringify({ accessToken: TOKEN })
    expect(login(answer, { userId: '7' })).toMatchObject({ credentials: { userId: '7' } })
    expect(feed.session.renew?.({ token: TOKEN, userId: '7' }).read(200, answer, 0)).toMatchObject({
      credentials: { userId: '7' },
    })
  })

  it('asks at the environment that was chosen, and warns of the session that it takes', () => {
    const exchange = feed.session.exchange?.({ name: 'n', password: 'p' }, { environment: 'live' })
    expect(exchange?.url).toBe('https://live.tradovateapi.com/v1/auth/accesstokenrequest')
    expect(exchange?.warning).toMatch(/bot/)
    expect(start({ environment: 'live' }).url).toBe('wss://live.tradovateapi.com/v1/websocket')
    expect(start().url).toBe(feed.url)
  })
})

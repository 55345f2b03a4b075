import { describe, expect, it } from 'vitest'
import type { ClientSession, SessionStep } from '../../../src/feeds/index.ts'
import { tradovateMarketData } from '../../../src/feeds/tradovate-market-data/index.ts'
import { DATA } from '../../../src/feeds/tradovate-market-data/wishes.ts'
import { seededRandom } from '../../../src/model/random.ts'

const TOKEN = 'synthetic-md-token'

function start(symbols: readonly string[], options = {}, credentials = { mdToken: TOKEN }): ClientSession {
  return tradovateMarketData.session.start({ symbols, credentials, options, random: seededRandom(1) })
}

const sentOf = (steps: readonly SessionStep[]): string[] =>
  steps.flatMap(step => (step.kind === 'send' ? [step.text] : []))
const frame = (...items: readonly object[]): string => `a${JSON.stringify(items)}`

/** A client that was taken in; what it has sent since. */
function takenIn(
  symbols: readonly string[],
  options = {},
): { client: ClientSession; sent: readonly string[] } {
  const client = start(symbols, options)
  client.opened()
  client.received('o')
  const steps = client.received(frame({ s: 200, i: 1 }))
  expect(steps[0]).toEqual({ kind: 'accepted' })
  return { client, sent: sentOf(steps) }
}

describe('signing in', () => {
  it('is refused for good where there is no token', () => {
    const client = start(['NQZ6'], {}, {} as never)
    expect(client.opened()).toMatchObject([
      { kind: 'refused', final: true, next: expect.stringMatching(/MD_TOKEN/) },
    ])
    expect(client.received('o')).toEqual([])
    expect(sentOf(client.beat?.send() ?? [])).toEqual(['[]'])
  })

  it('waits for o, and for the first beat only where none comes; it happens once', () => {
    const client = start(['NQZ6'])
    expect(client.opened()).toEqual([])
    expect(client.beat?.every).toBe(2_500_000)
    expect(sentOf(client.received('o'))).toEqual([`authorize\n1\n\n${TOKEN}`])
    expect(client.received('o')).toEqual([])
    expect(sentOf(client.beat?.send() ?? [])).toEqual(['[]'])
    const silent = start(['NQZ6'])
    silent.opened()
    expect(sentOf(silent.beat?.send() ?? [])).toEqual([`authorize\n1\n\n${TOKEN}`, '[]'])
  })

  it.each([
    [{ s: 401, i: 1, d: 'Invalid access token' }, true, /does not take the token/],
    [
      { s: 200, i: 1, d: { failureReason: 'UnknownReason', failureText: 'Access is denied' } },
      true,
      /Access is denied/,
    ],
    [{ s: 429, i: 1 }, false, /429/],
    [{ s: 200, i: 1, d: { 'p-ticket': 't', 'p-time': 1, 'p-captcha': true } }, true, /captcha/],
    [{ e: 'shutdown', d: { reasonCode: 'ConnectionQuotaReached' } }, true, /ConnectionQuotaReached/],
    [{ e: 'shutdown', d: '{"reasonCode":"ConnectionQuotaReached"}' }, true, /ConnectionQuotaReached/],
    [{ e: 'shutdown', d: { reasonCode: 'IPQuotaReached' } }, true, /IPQuotaReached/],
    [{ e: 'shutdown', d: { reasonCode: 'Maintenance', reason: 'tonight' } }, false, /Maintenance.*tonight/],
    [{ e: 'shutdown' }, false, /no reasonCode/],
  ])('is refused: %j', (item, final, reason) => {
    const client = start(['NQZ6'])
    client.received('o')
    const steps = client.received(frame(item))
    expect(steps).toMatchObject([{ kind: 'refused', final, reason: expect.stringMatching(reason) }])
    expect(JSON.stringify(steps)).not.toContain(TOKEN)
  })

  it('logs in only where no session is given: a token of one gives the other by a renewal', () => {
    const exchange = (credentials: Readonly<Record<string, string>>) =>
      tradovateMarketData.session.exchange?.(credentials)
    const own = { name: 'synthetic', password: 'synthetic-password' }
    expect(exchange({})).toBeUndefined()
    expect(exchange({ ...own, mdToken: TOKEN })).toBeUndefined()
    expect(exchange({ ...own, token: 'synthetic-token' })).toMatchObject({
      method: 'GET',
      url: expect.stringMatching(/renewaccesstoken$/),
    })
    expect(exchange(own)).toMatchObject({ method: 'POST', warning: expect.stringMatching(/two sessions/) })
  })

  it('says what a close frame says, and takes the end of the credentials from the login', () => {
    expect(start([]).received('c[3000,"Go away!"]')).toEqual([
      { kind: 'note', text: 'Tradovate closes: 3000 "Go away!"' },
    ])
    const { session } = tradovateMarketData
    const options = {
      symbols: [],
      credentials: {},
      random: seededRandom(1),
      expires: 5,
      url: 'ws://127.0.0.1:1',
    }
    expect(session.start(options)).toMatchObject({ expires: 5, url: 'ws://127.0.0.1:1', silence: 15_000_000 })
  })
})

describe('subscribing', () => {
  it('refuses data that it does not know, and takes quotes where nothing is chosen', () => {
    expect(DATA.refuse?.('quotes,news')).toMatch(/not news/)
    expect(DATA.refuse?.('')).toMatch(/not nothing/)
    expect(DATA.refuse?.('quotes, dom,histogram,chart,ticks')).toBeUndefined()
    expect(takenIn(['NQZ6']).sent).toEqual([
      'contract/find\n2\nname=NQZ6\n',
      'md/subscribeQuote\n3\n\n{"symbol":"NQZ6"}',
    ])
  })

  it('writes a contract id as a number, and asks each thing once', () => {
    expect(takenIn(['3267315', '3267315'], { data: 'quotes,dom,quotes' }).sent).toEqual([
      'contract/item\n2\nid=3267315\n',
      'md/subscribeQuote\n3\n\n{"symbol":3267315}',
      'md/subscribeDOM\n4\n\n{"symbol":3267315}',
    ])
  })

  it('asks charts by their description', () => {
    const { sent } = takenIn(['NQZ6'], { data: 'chart,ticks' })
    expect(sent.slice(1).map(text => JSON.parse(text.split('\n')[3] ?? ''))).toMatchObject([
      { symbol: 'NQZ6', chartDescription: { underlyingType: 'MinuteBar' } },
      { symbol: 'NQZ6', chartDescription: { underlyingType: 'Tick' } },
    ])
  })

  it('waits a penalty out and asks again with its ticket, three times at most', () => {
    const { client } = takenIn(['NQZ6'])
    const penalty = (i: number): readonly SessionStep[] =>
      client.received(frame({ s: 200, i, d: { 'p-ticket': 'ticket', 'p-time': 1.5 } }))
    const [, wait] = penalty(3)
    if (wait?.kind !== 'wait') throw new Error('no wait')
    expect(wait.wait).toBe(1_500_000)
    expect(sentOf(wait.afterwards)).toEqual(['md/subscribeQuote\n4\n\n{"symbol":"NQZ6","p-ticket":"ticket"}'])
    expect(penalty(4)[1]?.kind).toBe('wait')
    const [, lookup] = penalty(2)
    expect(lookup?.kind === 'wait' && sentOf(lookup.afterwards)).toEqual([
      'contract/find\n6\nname=NQZ6&p-ticket=ticket\n',
    ])
    expect(penalty(5)).toMatchObject([{ kind: 'refused', final: true }])
  })

  it('ends where the licence is missing, and goes on where only a symbol is', () => {
    const { client } = takenIn(['NQZ6', 'NO:PE'])
    expect(client.received(frame({ s: 200, i: 5, d: { errorText: 'no such symbol' } }))).toEqual([
      { kind: 'note', text: 'Tradovate does not give "NO:PE": "no such symbol"' },
    ])
    const denied = { failureReason: 'UnknownReason', failureText: 'Access is denied' }
    expect(client.received(frame({ s: 200, i: 4, d: denied }))).toMatchObject([
      { kind: 'refused', final: true, next: expect.stringMatching(/licence/) },
    ])
    expect(client.received(frame({ s: 200, i: 99, d: denied }))).toEqual([])
  })
})

describe('naming contracts', () => {
  const answer = (client: ClientSession, i: number, d: unknown): string[] =>
    sentOf(client.received(frame({ s: 200, i, d })))

  it('goes from the contract to its maturity, its product and its currency, each once', () => {
    const { client } = takenIn(['NQZ6'])
    expect(answer(client, 2, { id: 3267315, name: 'NQZ6', contractMaturityId: 6 })).toEqual([
      'contractMaturity/item\n4\nid=6\n',
    ])
    expect(answer(client, 4, { id: 6, productId: 7 })).toEqual(['product/item\n5\nid=7\n'])
    expect(answer(client, 5, { id: 7, name: 'NQ', currencyId: 1 })).toEqual(['currency/item\n6\nid=1\n'])
    expect(answer(client, 6, { id: 1, name: 'USD' })).toEqual([])
    const quote = frame({ e: 'md', d: { quotes: [{ contractId: 3267315, entries: {} }] } })
    expect(client.received(quote)).toEqual([])
  })

  it('asks for a contract that it has not met, once', () => {
    const { client } = takenIn(['NQZ6'])
    const events = frame(
      { e: 'md', d: { quotes: [{ contractId: 5 }, { contractId: 5 }, { contractId: 'x' }, null] } },
      { e: 'md', d: { doms: [{ contractId: 6 }] } },
      { e: 'md', d: 7 },
    )
    expect(sentOf(client.received(events))).toEqual(['contract/item\n4\nid=5\n', 'contract/item\n5\nid=6\n'])
    expect(client.received(events)).toEqual([])
  })

  it('says once that nothing is known', () => {
    const { client } = takenIn(['NQZ6', 'ESZ6'])
    const notFound = (i: number): readonly SessionStep[] => client.received(frame({ s: 404, i, d: '' }))
    expect(notFound(2)).toMatchObject([{ kind: 'note', text: expect.stringMatching(/name=NQZ6.*unnamed/) }])
    expect(notFound(3)).toEqual([])
  })
})

import { describe, expect, test } from 'vitest'
import { conversation } from '../../../src/feeds/trade-manager/conversation.ts'
import { tradeManager } from '../../../src/feeds/trade-manager/index.ts'
import { session } from '../../../src/feeds/trade-manager/session.ts'
import { observationToJson } from '../../../src/model/observation.ts'
import { seededRandom } from '../../../src/model/random.ts'
import { createSyntheticMarket } from '../../../src/synth/market.ts'
import { read } from './wire.ts'

const CREDENTIALS = { user: 'synthetic', token: 'synthetic-token' }
const AUTH = '{"type":"AUTH","user":"synthetic","token":"synthetic-token"}'
const GREETING = String.raw`{"data": "\u2705 Server Connection Established Successfully!"}`

function client(options: { credentials?: object; symbols?: string[]; account?: string } = {}) {
  return session.start({
    symbols: options.symbols ?? [],
    credentials: { ...(options.credentials ?? CREDENTIALS) },
    options: { account: options.account ?? '' },
    random: seededRandom(1),
  })
}

describe('a client', () => {
  test('without user and token is told which to set before it connects, and sends nothing without both', () => {
    expect(() => session.exchange?.({})).toThrow(
      expect.objectContaining({
        code: 'bad-config',
        next: expect.stringContaining('FEEDTAPE_TRADE_MANAGER_TOKEN'),
      }),
    )
    for (const credentials of [{}, { user: 'a' }, { token: 'a' }, { user: '', token: 'a' }]) {
      expect(client({ credentials }).opened()).toMatchObject([
        { kind: 'refused', final: true, next: expect.stringContaining('FEEDTAPE_TRADE_MANAGER_USER') },
      ])
    }
    expect(session.exchange?.(CREDENTIALS)).toBeUndefined()
  })

  test.each([
    ['{"type": "ERROR", "data": "Logged in from another location"}', /another location/, /browser/],
    ['{"type": "ERROR", "message": "Logged in from another location."}', /another location/, /browser/],
    ['Unauthorized access', /Unauthorized/, /AUTH/],
    ['{"type": "ERROR", "data": "Unauthorized access"}', /Unauthorized/, /AUTH/],
  ])('does not try again after %s', (text, reason, next) => {
    expect(client().received(text)).toEqual([
      {
        ...{ kind: 'refused', final: true },
        reason: expect.stringMatching(reason),
        next: expect.stringMatching(next),
      },
    ])
  })

  test.each([
    '',
    'null',
    '[]',
    '{"type": "DATA"',
    '{"type": 7}',
    '{"data": 7}',
    '{"type": "LOGS", "data": "Unauthorized access"}',
  ])('has nothing to say to %j', text => {
    expect(client().received(text)).toEqual([])
  })

  test('says once what else the venue complains of', () => {
    const mine = client()
    const error = '{"type": "ERROR", "data": "synthetic"}'
    expect(mine.received(error)).toEqual([{ kind: 'note', text: 'the venue reports an error: "synthetic"' }])
    expect(mine.received(error)).toEqual([])
  })

  test('warns of the browser’s session, signs in first, and pings each 25 s', () => {
    const mine = client()
    expect(mine.warning).toContain('may end your browser’s session')
    expect(mine).toMatchObject({
      url: 'wss://trademanagergroup.com:5000/ws',
      standing: 'login',
      beat: { every: 25_000_000 },
    })
    expect(mine.opened()).toEqual([{ kind: 'send', text: AUTH }])
    expect(mine.beat?.send()).toEqual([{ kind: 'send', text: '{"type":"PING"}' }])
    expect(mine.received(GREETING)).toEqual([{ kind: 'accepted' }])
  })

  test('sets up an account where one is chosen, behind the greeting and not before', () => {
    const mine = client({ account: '1491' })
    expect(mine.opened()).toHaveLength(1)
    expect(mine.received(GREETING)).toEqual([
      { kind: 'accepted' },
      { kind: 'send', text: '{"type":"ACCSETUP","id":1491,"user":"synthetic"}' },
    ])
    expect(mine.received('{"type": "ACCSETUP_COMPLETE", "status": "Success"}')).toMatchObject([
      { kind: 'note' },
    ])
    const [option] = session.options ?? []
    expect(option?.refuse?.('my account')).toBeDefined()
    expect(option?.refuse?.('1491')).toBeUndefined()
  })

  test('says that symbols cannot be asked for', () => {
    expect(session.needsSymbols).toBe(false)
    expect(client({ symbols: ['NQ1!', 'NO:PE'] }).opened()[0]).toMatchObject({
      kind: 'note',
      text: expect.stringContaining('NQ1!, NO:PE'),
    })
  })
})

describe('the venue', () => {
  const market = createSyntheticMarket({ seed: 1, start: 0 })
  const start = () => conversation.start({ market, random: seededRandom(1), now: () => 0 })

  test.each([
    '{"type":"AUTH","user":"a","token":""}',
    '{"type":"AUTH","user":"a b","token":"c"}',
    '{"type":"AUTH","user":"a"}',
    '{"type":"ACCSETUP","id":1,"user":"a"}',
    'hello',
  ])('refuses %s in plain text, and hangs up', text => {
    const venue = start()
    expect(venue.received(text)).toEqual(['Unauthorized access'])
    expect(venue.isOver()).toBe(true)
    expect(venue.received(AUTH)).toEqual([])
    expect(venue.moved('CME_MINI:NQ1!', market.quote('CME_MINI:NQ1!') ?? {})).toEqual([])
  })

  test('greets behind AUTH, sets up accounts, and answers PING with nothing', () => {
    const venue = start()
    expect(venue.opened()).toEqual([])
    expect(venue.received('{"type":"PING"}')).toEqual([])
    expect(venue.received(AUTH)).toEqual([GREETING])
    expect(venue.received('{"type":"ACCSETUP","id":1,"user":"a"}')).toEqual([
      '{"type": "ACCSETUP_COMPLETE", "status": "Success"}',
    ])
    expect(venue.received('{"type":"SYMCHECK"}')).toEqual(['{"type": "SYMCHECK_COMPLETE"}'])
    for (const text of [
      '{"type":"PING"}',
      '{"type":"CLOSE_TRADE"}',
      '{"type":"constructor"}',
      'words',
      '[]',
    ]) {
      expect(venue.received(text)).toEqual([])
    }
    expect(venue.beat()).toEqual([])
    expect(venue.isOver()).toBe(false)
  })

  test('tells nobody of the market who has not signed in, and then whole quotes under bare tickers', () => {
    const venue = start()
    const name = 'CME_MINI:NQ1!'
    const { bid, ask } = market.quote(name) ?? {}
    const moves = { bid: bid ?? null }
    expect(venue.moved(name, moves)).toEqual([])
    venue.received(AUTH)
    const [text = ''] = venue.moved(name, moves)
    expect(read(text).observations.map(observationToJson)).toMatchObject([
      { kind: 'instrument', name: 'NQ1!', tickSize: '0.25', tickValue: '5', pointValue: '20' },
      { kind: 'quote', name: 'NQ1!' },
    ])
    expect(read(text).observations[1]).toMatchObject({ fields: { bid, ask } })
    expect(venue.moved(name, { last: { mantissa: 1, scale: 0 } })).toEqual([])
    expect(venue.moved(name, moves)).toEqual([text])
  })
})

test('a request means what it asks for, whoever asks', () => {
  expect(conversation.meanings(AUTH)).toEqual(['["AUTH"]'])
  expect(conversation.meanings('{"type":"PING"}')).toEqual(['heartbeat'])
  expect(conversation.meanings('{"type":"ACCSETUP","id":1,"user":"a"}')).toEqual(['["ACCSETUP"]'])
  const closes = [
    '{"type":"CLOSE_TRADE","tradeid":1,"ticker":"A","token":"x","user":"y"}',
    '{"type":"CLOSE_TRADE","ticker":"A","user":"z","token":"","tradeid":1}',
  ].flatMap(conversation.meanings)
  expect(closes[0]).toBe(closes[1])
  expect(conversation.meanings('words')).toEqual(['unreadable words'])
})

test('its addresses and its messages are known by their looks', () => {
  for (const url of [
    'wss://trademanagergroup.com:5000/ws',
    'wss://www.trademanagergroup.com/ws',
    'ws://127.0.0.1:9/ws',
  ]) {
    expect(tradeManager.matches(url), url).toBe(true)
  }
  for (const url of [
    'wss://nottrademanagergroup.com/ws',
    'https://trademanagergroup.com/ws',
    'ws://127.0.0.1/v1',
    'x',
  ]) {
    expect(tradeManager.matches(url), url).toBe(false)
  }
  const sure = (text: string) => tradeManager.recognise(text)?.confidence
  expect(sure(GREETING)).toBe('certain')
  expect(sure('{"type":"LOGS","data":"[RECORDER] x"}')).toBe('certain')
  expect(sure('{"type":"DATA","data":{"symbol":"ES"}}')).toBe('possible')
  expect(sure('{"type":"ACCSETUP"}')).toBe('likely')
  expect(sure('{"type":"trade","data":{}}')).toBeUndefined()
  expect(sure('{"m":"qsd"}')).toBeUndefined()
})

test('an ACCSETUP_COMPLETE of another status than Success is an error with the venue’s word', () => {
  expect(read('{"type": "ACCSETUP_COMPLETE", "status": "Failed"}').packet).toMatchObject({
    kind: 'ACCSETUP_COMPLETE',
    disposition: 'error',
    reason: 'Failed',
  })
  expect(read('{"type": "ACCSETUP_COMPLETE", "status": "Success"}').packet).toMatchObject({
    disposition: 'status',
  })
})

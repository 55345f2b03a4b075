import { describe, expect, it } from 'vitest'
import type { HttpAnswer, HttpSession, HttpStep } from '../../../src/feeds/index.ts'
import { session } from '../../../src/feeds/tradingview-scanner/session.ts'
import { seededRandom } from '../../../src/model/random.ts'

const MNQ = 'CME_MINI:MNQ1!'

interface Start {
  readonly symbols?: readonly string[]
  readonly market?: string
  readonly columns?: string
  readonly cookie?: string
  readonly url?: string
}

function start({ symbols = [MNQ], market = 'auto', columns = 'auto', cookie, url }: Start = {}): HttpSession {
  return session.start({
    symbols,
    credentials: cookie === undefined ? {} : { sessionid: cookie, sessionidSign: `v1:${cookie}` },
    options: { market, columns },
    random: seededRandom(1),
    ...(url === undefined ? {} : { url }),
  })
}

function bodyOf(client: HttpSession): { symbols: { tickers: string[] }; columns: string[]; range: number[] } {
  return JSON.parse(client.next()?.request.body ?? '')
}

function hear(client: HttpSession, answer: Partial<HttpAnswer>): readonly HttpStep[] {
  const turn = client.next()
  if (turn === undefined) throw new Error('nothing is asked')
  return client.answered({ status: 200, headers: [], ...answer }, turn)
}

/** An answer to the columns that were chosen. */
const rows = (...data: readonly (readonly [s: string, ...d: readonly unknown[]])[]): Partial<HttpAnswer> => ({
  body: JSON.stringify({ totalCount: data.length, data: data.map(([s, ...d]) => ({ s, d })) }),
})
const UNKNOWN_BID = { status: 400, body: '{"totalCount":0,"error":"Unknown field \\"bid\\"","data":null}' }
const textOf = (steps: readonly HttpStep[]): string =>
  steps.map(step => (step.kind === 'note' ? step.text : step.kind)).join(' | ')

describe('what can be chosen', () => {
  const refuse = (name: string, value: string): string | undefined =>
    session.options?.find(option => option.name === name)?.refuse?.(value)

  it('is refused where no such market or column can be', () => {
    expect(refuse('market', 'Futures')).toContain('global')
    expect(refuse('market', '../symbol')).toBeDefined()
    for (const columns of ['', 'close,', 'close;bid', 'close,close', 'a b', '"', 'x'.repeat(65)]) {
      expect(refuse('columns', columns), columns).toBeDefined()
    }
    expect(refuse('columns', Array.from({ length: 101 }, (_, n) => `c${n}`).join())).toBeDefined()
  })

  it('is any market and any column of the venue’s', () => {
    for (const market of ['auto', 'global', 'futures', 'crypto', 'america', 'germany', 'economics2']) {
      expect(refuse('market', market)).toBeUndefined()
    }
    expect(
      refuse('columns', 'close, close|5,RSI[1],Recommend.All,ADX+DI,kind-delay,24h_vol|5'),
    ).toBeUndefined()
  })
})

describe('what is asked', () => {
  it('is one request for all tickers, to the market that they name for sure', () => {
    const client = start({ symbols: ['CME_MINI:NQ1!', MNQ] })
    expect(client.url).toBe('https://scanner.tradingview.com/futures/scan')
    expect(bodyOf(client)).toMatchObject({
      symbols: { tickers: ['CME_MINI:NQ1!', MNQ] },
      columns: expect.arrayContaining(['close', 'update_mode', 'current_session', 'pricescale']),
      range: [0, 2],
    })
    expect(bodyOf(client)).toEqual(bodyOf(client))
    expect(client.warning).toBeUndefined()
  })

  it('goes to global where a name leaves it open, and to whatever is chosen', () => {
    expect(start({ symbols: [MNQ, 'NASDAQ:AAPL'] }).url).toContain('/global/scan')
    expect(start({ symbols: ['CME_MINI:NQZ6'] }).url).toContain('/global/scan')
    expect(start({ market: 'global' }).url).toContain('/global/scan')
    expect(bodyOf(start({ columns: 'close, volume' })).columns).toEqual(['close', 'volume'])
  })

  it('asks futures for no bid or ask by itself, and the markets that have them for both', () => {
    expect(bodyOf(start()).columns).not.toContain('bid')
    expect(bodyOf(start({ market: 'global' })).columns).not.toContain('bid')
    for (const market of ['crypto', 'forex', 'options', 'america']) {
      expect(bodyOf(start({ market })).columns).toEqual(expect.arrayContaining(['bid', 'ask']))
    }
  })

  it('keeps to another host where one is given, with its market unless one is chosen', () => {
    expect(start({ url: 'http://127.0.0.1:4000/global/scan' }).url).toBe('http://127.0.0.1:4000/futures/scan')
    expect(start({ url: 'http://127.0.0.1:4000/crypto/scan' }).url).toBe('http://127.0.0.1:4000/crypto/scan')
    expect(start({ url: 'http://127.0.0.1:4000', market: 'forex' }).url).toBe(
      'http://127.0.0.1:4000/forex/scan',
    )
  })

  it('is split above 200 tickers, one request a turn, and that is said', () => {
    const symbols = Array.from({ length: 201 }, (_, n) => `NASDAQ:S${n}`)
    const client = start({ symbols })
    expect(client.warning).toContain('2 requests')
    const counts = [1, 2, 3].map(() => bodyOf(client).symbols.tickers.length)
    expect(counts).toEqual([200, 1, 200])
    expect(start({ symbols: symbols.slice(1) }).warning).toBeUndefined()
  })

  it('says who asks, and shows the cookies only where they are given', () => {
    const headers = (cookie?: string) =>
      Object.fromEntries(start(cookie === undefined ? {} : { cookie }).next()?.request.headers ?? [])
    expect(headers()).toMatchObject({ 'Content-Type': 'application/json' })
    expect(headers()['User-Agent']).toMatch(/^feedtape/)
    expect(headers()['Cookie']).toBeUndefined()
    expect(headers('abcdef0123')['Cookie']).toBe('sessionid=abcdef0123; sessionid_sign=v1:abcdef0123')
    expect(start().standing).toBe('guest')
    expect(start({ cookie: 'abcdef0123' }).standing).toBe('login')
  })
})

describe('what is said before', () => {
  it('there is no bid or ask in the futures market', () => {
    expect(start({ columns: 'close,bid' }).warning).toContain('there is no bid or ask in the futures market')
    expect(start({ columns: 'close,bid', market: 'crypto' }).warning).toBeUndefined()
  })

  it('no quote will come of columns that are none, and no row of a bare name', () => {
    expect(start({ columns: 'RSI,close|5' }).warning).toContain('no quote')
    expect(start({ symbols: ['NQ1!'] }).warning).toContain('EXCHANGE:NAME')
  })
})

describe('answers that are no', () => {
  it('an unknown column is told by name with what to do, and final the third time', () => {
    const client = start({ columns: 'close,bid' })
    const first = textOf(hear(client, UNKNOWN_BID))
    expect(first).toContain('bid')
    expect(first).toContain('there is no bid or ask in the futures market')
    expect(first).toContain('leave bid and ask out of the columns')
    expect(hear(client, UNKNOWN_BID)).toEqual([])
    expect(hear(client, UNKNOWN_BID)).toMatchObject([
      { kind: 'refused', final: true, reason: expect.stringContaining('bid'), next: expect.any(String) },
    ])
  })

  it('is the same under 200, and for a timeframe that is written with a dot', () => {
    const client = start({ columns: 'change.5,close', market: 'america' })
    const body = '{"totalCount":0,"error":"Unknown field \\"change.5\\"","data":null}'
    expect(textOf(hear(client, { body }))).toContain('change|5')
  })

  it.each([401, 403, 404, 400, 405, 302])('%i is final the third time in a row', status => {
    const client = start()
    const steps = [1, 2, 3].map(() => hear(client, { status, body: 'no' }))
    expect(steps.map(step => step.map(({ kind }) => kind))).toEqual([['note'], [], ['refused']])
  })

  it.each([429, 500, 502, 503, 408])('%i is never final, and told once', status => {
    const client = start()
    const steps = Array.from({ length: 20 }, () => hear(client, { status, body: 'later' }))
    expect(steps.flat().map(({ kind }) => kind)).toEqual(['note'])
  })

  it('an HTML page under 200, an empty body and a cut one are refusals too, and not final ones', () => {
    const client = start()
    for (let time = 0; time < 5; time += 1) {
      for (const body of ['<html><title>maintenance</title>', '', '{"totalCount":1,"da']) {
        expect(hear(client, { body })).toMatchObject([{ kind: 'refused', final: false }])
      }
    }
  })

  it('count from nothing after an answer that was good, and are told again', () => {
    const client = start({ columns: 'close' })
    expect(textOf(hear(client, { status: 403 }))).not.toBe('')
    expect(hear(client, { status: 403 })).toEqual([])
    expect(hear(client, rows([MNQ, 1]))).toMatchObject([{ kind: 'accepted' }])
    expect(hear(client, { status: 403 })).toMatchObject([{ kind: 'note' }])
    expect(hear(client, { status: 403 })).toEqual([])
    expect(hear(client, { status: 403 })).toMatchObject([{ kind: 'refused' }])
  })

  it('says how long a 429 asks for, but no words that could be anything', () => {
    const told = (value: string) =>
      textOf(hear(start(), { status: 429, headers: [['retry-after', value]], body: '' }))
    expect(told('30')).toContain('30 s of peace')
    expect(told('Fri, 20 Nov 2026 22:00:00 GMT')).toContain('until Fri, 20 Nov 2026')
    expect(told('<b>soon</b>')).not.toContain('soon')
  })
})

describe('answers that are good', () => {
  it('accept once, and say nothing when there is nothing to say', () => {
    const client = start({ columns: 'close,update_mode' })
    expect(hear(client, rows([MNQ, 1, 'streaming']))).toEqual([{ kind: 'accepted' }])
    expect(hear(client, rows([MNQ, 2, 'streaming']))).toEqual([])
  })

  it('tell each ticker without a row once', () => {
    const client = start({ symbols: [MNQ, 'CME:MNQ1!', 'CME:NQ1!'], columns: 'close' })
    const told = textOf(hear(client, rows([MNQ, 1])))
    expect(told).toContain('CME:MNQ1!, CME:NQ1!')
    expect(hear(client, rows([MNQ, 1]))).toEqual([])
    expect(textOf(hear(client, rows(['CME:NQ1!', 1])))).toContain(MNQ)
  })

  it('tell each declared delay once, and what would lift it', () => {
    const client = start({ columns: 'close,update_mode' })
    const told = textOf(hear(client, rows([MNQ, 1, 'delayed_streaming_600'])))
    expect(told).toContain('delay of 600 s')
    expect(told).toContain('cookie')
    expect(hear(client, rows([MNQ, 1, 'delayed_streaming_600']))).toEqual([])
    expect(textOf(hear(client, rows([MNQ, 1, 'endofday'])))).toContain('not in real time')
    const login = start({ columns: 'close,update_mode', cookie: 'abcdef0123' })
    expect(textOf(hear(login, rows([MNQ, 1, 'delayed_streaming_600'])))).toContain('did not lift it')
  })

  it('tell once what in them could not be used', () => {
    const client = start({ symbols: [MNQ, 'CME_MINI:NQ1!'], columns: 'close' })
    const half = rows([MNQ, 1], ['CME_MINI:NQ1!', 1, 2])
    expect(textOf(hear(client, half))).toContain('2 values for 1 columns')
    expect(hear(client, half)).toEqual([])
  })
})

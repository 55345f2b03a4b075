import { describe, expect, test } from 'vitest'
import { createPnl, type Pnl } from '../../src/pnl/index.ts'
import { pnlMatchers } from '../../src/verify/vitest.ts'

expect.extend(pnlMatchers)

const NQ = 'CME_MINI:NQ1!'
const buy = { instrument: NQ, side: 'buy', quantity: '1', price: '25600' } as const

function methodsOf({ fill, quote, advance, position, total }: Pnl): Readonly<Record<string, unknown>> {
  return { fill, quote, advance, position, total }
}

describe('a ledger that is fed by hand', () => {
  test('refuses what the command line would refuse, and says where', () => {
    expect(() => createPnl({ mark: 'close' })).toThrow(expect.objectContaining({ where: '--mark' }))
    expect(() => createPnl({ staleAfter: 'soon' })).toThrow(
      expect.objectContaining({ where: 'createPnl staleAfter' }),
    )
    expect(() => createPnl({ instruments: { [NQ]: { pointValue: '0' } } })).toThrow(
      expect.objectContaining({ code: 'bad-config', where: `createPnl instruments.${NQ}.pointValue` }),
    )
    const pnl = createPnl()
    expect(() => pnl.fill({ ...buy, quantity: '-1' })).toThrow(
      expect.objectContaining({ code: 'bad-positions', where: 'fill:1 quantity' }),
    )
    expect(() => pnl.quote(NQ, { last: '25,650' })).toThrow(
      expect.objectContaining({ where: 'quote last', found: expect.stringContaining('25,650') }),
    )
    expect(() => pnl.advance('yesterday')).toThrow(expect.objectContaining({ where: 'advance' }))
  })

  test('holds JavaScript to its types: what it cannot read is an error and no crash, and never silence', () => {
    const pnl = createPnl()
    const feed = (call: string, given: readonly unknown[]) => () => {
      const all: Readonly<Record<string, unknown>> = { createPnl, ...methodsOf(pnl) }
      const method = all[call]
      if (typeof method !== 'function') throw new Error(`no method ${call}`)
      return Reflect.apply(method, pnl, given)
    }
    const refused: readonly (readonly [call: string, given: readonly unknown[], where: string])[] = [
      ['createPnl', [null], 'createPnl'],
      ['createPnl', [{ marks: 'last' }], 'createPnl marks'],
      ['createPnl', [{ mark: 5 }], 'createPnl mark'],
      ['createPnl', [{ matching: 1n }], 'createPnl matching'],
      ['createPnl', [{ instruments: new Map() }], 'createPnl instruments'],
      ['createPnl', [{ instruments: { X: { pointValue: 1n } } }], 'createPnl instruments'],
      ['createPnl', [{ start: new Date(0) }], 'createPnl start'],
      ['fill', [undefined], 'fill'],
      ['fill', [null], 'fill:1'],
      ['fill', [{ ...buy, quantity: 1n }], 'fill'],
      ['fill', [{ ...buy, fees: '1' }], 'fill:1 fees'],
      ['quote', [undefined, { last: '1' }], 'quote instrument'],
      ['quote', ['', { last: '1' }], 'quote instrument'],
      ['quote', [NQ], 'quote'],
      ['quote', [NQ, { lst: '1' }], 'quote lst'],
      ['quote', [NQ, { last: 1 }], 'quote last'],
      ['quote', [NQ, { last: () => '1' }], 'quote last'],
      ['quote', [NQ, { last: '1', delay: Number.NaN }], 'quote delay'],
      ['quote', [NQ, { last: '1', delay: -1 }], 'quote delay'],
      ['quote', [NQ, { last: '1', at: 7 }], 'quote at'],
      ['advance', [undefined], 'advance'],
      ['position', [undefined], 'position'],
      ['total', [null], 'total'],
    ]
    for (const [call, given, where] of refused) {
      const error = expect.objectContaining({ name: 'FeedtapeError', where })
      expect(feed(call, given), where).toThrow(error)
    }
    expect(pnl.positions()).toEqual([])
  })

  test('counts the same fill once, and refuses another of its id', () => {
    const pnl = createPnl({ start: '2026-03-02T15:00:00Z' })
    const first = { ...buy, id: '1', at: '2026-03-02T15:00:01Z' }
    pnl.fill(first)
    pnl.advance('1s')
    pnl.fill({ ...first, price: '25600.00' })
    for (const other of [
      { side: 'sell' },
      { quantity: '5' },
      { instrument: 'CME_MINI:ES1!' },
      { fee: '1' },
    ] as const) {
      const again = { ...first, ...other }
      expect(() => pnl.fill(again), JSON.stringify(other)).toThrow(
        expect.objectContaining({ code: 'bad-positions', where: 'fill id' }),
      )
    }
    expect(pnl.positions()).toHaveLength(1)
    expect(pnl.position(NQ)).toHavePnl({ quantity: '1', fees: '0' })
  })

  test('takes the config’s word on what is taken for an inverse contract', () => {
    const linear = { kind: 'linear', pointValue: '1', currency: 'USD' } as const
    const pnl = createPnl({ instruments: { 'PHEMEX:ETHUSD': linear } })
    for (const instrument of ['PHEMEX:ETHUSD', 'PHEMEX:BTCUSD']) {
      pnl.fill({ ...buy, instrument, price: '100' })
      pnl.quote(instrument, { last: '110' })
    }
    expect(pnl.position('PHEMEX:ETHUSD')).toHavePnl({ net: '10' })
    expect(pnl.position('PHEMEX:BTCUSD')).toBeUnpriced('inverse contract: it is paid in BTC')
  })

  test('does not go back in time', () => {
    const pnl = createPnl({ start: '2026-03-02T15:00:00Z' })
    expect(() => pnl.quote(NQ, { last: '1', at: '2026-03-02T14:59:59Z' })).toThrow(/time does not go back/)
  })

  test('values a position as replay does: the seed’s example, $1,000 in NQ', () => {
    const pnl = createPnl()
    pnl.fill({ ...buy, fee: '2.25' })
    pnl.quote(NQ, { last: '25650' })
    expect(pnl.position(NQ)).toHavePnl({
      quantity: '1',
      average: '25600.00',
      unrealized: '1000',
      net: '997.75',
    })
    expect(pnl.total('USD')).toHavePnl({ net: '997.75', peakToTrough: '0' })
    pnl.fill({ ...buy, side: 'sell', price: '25640' })
    expect(pnl.position(NQ)).toHavePnl({ quantity: '0', unrealized: '0', realized: '800' })
  })

  test('a price grows stale one microsecond past its age', () => {
    const pnl = createPnl({ staleAfter: '60s' })
    pnl.fill(buy)
    pnl.quote(NQ, { last: '25650' })
    pnl.advance('60s')
    expect(pnl.position(NQ)).toHavePnl({ unrealized: '1000' })
    pnl.advance('1us')
    expect(pnl.position(NQ)).toBeUnpriced('stale (last)')
    expect(pnl.position(NQ)).toHavePnl({ unrealized: null, net: null })
    expect(pnl.total('USD')).toHavePnl({ net: null })
  })

  test('an unknown point value is no 1', () => {
    const pnl = createPnl()
    pnl.fill({ ...buy, instrument: 'NSE:CNX500' })
    pnl.quote('NSE:CNX500', { last: '25650' })
    expect(pnl.position('NSE:CNX500')).toBeUnpriced('point value unknown')
    const known = createPnl({ instruments: { 'NSE:CNX500': { pointValue: '1', currency: 'INR' } } })
    known.fill({ ...buy, instrument: 'NSE:CNX500' })
    known.quote('NSE:CNX500', { last: '25650' })
    expect(known.total('INR')).toHavePnl({ net: '50' })
  })

  test('a bare name finds its instrument when that is quoted, and is marked by the next quote', () => {
    const pnl = createPnl({ mark: 'exit-side' })
    pnl.fill({ ...buy, instrument: 'NQ1!' })
    pnl.quote(NQ, { bid: '25610', ask: null })
    expect(pnl.position('NQ1!')).toHavePnl({ mark: '25610', unrealized: '200' })
    expect(pnl.position(NQ)).toEqual(pnl.position('NQ1!'))
  })

  test('refuses a name that two instruments have', () => {
    const pnl = createPnl()
    pnl.fill({ ...buy, instrument: 'NQ1!' })
    pnl.quote(NQ, { last: '1' })
    pnl.quote('OTHER:NQ1!', { last: '2' })
    expect(() => pnl.positions()).toThrow(expect.objectContaining({ code: 'ambiguous' }))
  })
})

describe('the matchers', () => {
  const pnl = createPnl()
  pnl.fill(buy)
  pnl.quote(NQ, { last: '25650' })

  test('fail on a figure that differs, and say which, what was wanted and what was found', () => {
    const { pass, message } = pnlMatchers.toHavePnl(pnl.position(NQ), { net: '999', fees: '0' })
    expect(pass).toBe(false)
    expect(message()).toBe('expected net 999\nfound net 1000')
  })

  test('throw, also behind `not`, on what was never held, on a figure that there is not, and on what is no decimal', () => {
    const { toHavePnl, toBeUnpriced } = pnlMatchers
    const useless: readonly (() => unknown)[] = [
      () => toHavePnl(pnl.position('CME:ES1!'), { net: '1' }),
      () => toHavePnl(pnl.total('USD'), { quantity: '1' }),
      () => toHavePnl(pnl.position(NQ), { net: 'much' }),
      () => toHavePnl(pnl.position(NQ), {}),
      () => toBeUnpriced(pnl.position('CME:ES1!')),
      () => expect(pnl.position('CME:ES1!')).not.toHavePnl({ net: '1' }),
      () => expect(pnl.position(NQ)).not.toHavePnl({ net: '1,000' }),
      () => expect(pnl.position(NQ)).not.toHavePnl({}),
      () => expect(pnl.position(NQ)).not.toHavePnl(JSON.parse('{"nett":"1"}')),
      () => expect(pnl.position(NQ)).not.toHavePnl(JSON.parse('{"net":1000}')),
      () => expect({}).not.toHavePnl({ net: null }),
      () => expect(pnl.position('CME:ES1!')).not.toBeUnpriced(),
      () => expect(pnl.total('USD')).not.toBeUnpriced(),
    ]
    for (const check of useless) {
      expect(check, String(check)).toThrow(expect.objectContaining({ name: 'FeedtapeError', code: 'usage' }))
    }
    expect(pnlMatchers.toHavePnl(pnl.position(NQ), { net: null }).pass).toBe(false)
    expect(pnl.position(NQ)).not.toHavePnl({ net: '999' })
  })

  test('know a priced position from one that is not', () => {
    expect(pnlMatchers.toBeUnpriced(pnl.position(NQ)).pass).toBe(false)
    expect(pnl.position(NQ)).not.toBeUnpriced()
  })
})

import { afterEach, describe, expect, it, vi } from 'vitest'
import { InstrumentBook } from '../../src/instruments/index.ts'
import { epochMicrosFromIso, isoFromEpochMicros } from '../../src/model/time.ts'
import { Ledger } from '../../src/pnl/index.ts'
import { nextTradeDateAt, tradeDateOf, tradeDateRuleOf } from '../../src/pnl/trade-date.ts'

const at = (text: string): number => {
  const time = epochMicrosFromIso(text)
  if (time === undefined) throw new Error(`no time: ${text}`)
  return time
}

const zone = process.env['TZ']
afterEach(() => {
  if (zone === undefined) delete process.env['TZ']
  else process.env['TZ'] = zone
})

describe('the day of CME Group', () => {
  it.each([
    ['a microsecond before 17:00 in Chicago in winter', '2026-03-02T22:59:59.999999Z', '2026-03-02'],
    ['17:00 in Chicago in winter', '2026-03-02T23:00:00Z', '2026-03-03'],
    ['a microsecond before 17:00 in summer', '2026-07-01T21:59:59.999999Z', '2026-07-01'],
    ['17:00 in summer', '2026-07-01T22:00:00Z', '2026-07-02'],
    ['Friday evening', '2026-03-06T23:00:00Z', '2026-03-09'],
    ['Saturday', '2026-03-07T12:00:00Z', '2026-03-09'],
    ['the Sunday evening after the clocks went forward', '2026-03-08T22:00:00Z', '2026-03-09'],
    ['an hour before the open of that Sunday', '2026-03-08T21:00:00Z', '2026-03-09'],
    ['the Friday evening before the clocks go back', '2026-10-30T22:00:00Z', '2026-11-02'],
    ['the Monday evening after that', '2026-11-02T22:30:00Z', '2026-11-02'],
    ['midnight in Chicago', '2026-03-03T06:00:00Z', '2026-03-03'],
    ['noon in Chicago, with 24 hours on the clock', '2026-03-03T18:00:00Z', '2026-03-03'],
    ['New Year’s Eve, which no calendar of ours knows', '2026-12-31T23:00:00Z', '2027-01-01'],
  ])('%s', (_, time, date) => {
    expect(tradeDateOf('chicago', at(time))).toBe(date)
  })

  it.each([
    ['on a winter’s day', '2026-03-02T15:00:00Z', '2026-03-02T23:00:00.000000Z'],
    ['on a summer’s day', '2026-07-01T15:00:00Z', '2026-07-01T22:00:00.000000Z'],
    ['at its very beginning', '2026-03-02T23:00:00Z', '2026-03-03T23:00:00.000000Z'],
    ['over the weekend of the clocks', '2026-03-06T23:30:00Z', '2026-03-09T22:00:00.000000Z'],
    ['over the weekend on which they go back', '2026-10-31T00:00:00Z', '2026-11-02T23:00:00.000000Z'],
  ])('ends %s', (_, time, end) => {
    expect(isoFromEpochMicros(nextTradeDateAt('chicago', at(time)))).toBe(end)
  })

  it.each(['Asia/Tokyo', 'America/Los_Angeles', 'UTC'])('is the same on a machine in %s', place => {
    process.env['TZ'] = place
    expect(tradeDateOf('chicago', at('2026-03-02T23:00:00Z'))).toBe('2026-03-03')
    expect(tradeDateOf('utc', at('2026-03-02T23:59:59Z'))).toBe('2026-03-02')
    expect(nextTradeDateAt('chicago', at('2026-03-02T22:00:00Z'))).toBe(at('2026-03-02T23:00:00Z'))
  })

  it('each hour of a year begins a day only where the hour before was of another', () => {
    let day = tradeDateOf('chicago', at('2026-01-01T00:00:00Z'))
    let end = nextTradeDateAt('chicago', at('2026-01-01T00:00:00Z'))
    for (let hour = 1; hour < 365 * 24; hour += 1) {
      const time = at('2026-01-01T00:00:00Z') + hour * 3_600_000_000
      const date = tradeDateOf('chicago', time)
      expect(date !== day, isoFromEpochMicros(time)).toBe(time === end)
      day = date
      end = nextTradeDateAt('chicago', time)
    }
  })
})

it('the end of a day is worked out once, for one position as for a hundred', () => {
  const formats = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts')
  const countOf = (positions: number): number => {
    const options = { chain: ['last'] as const, staleAfter: 60_000_000, quoteOf: () => undefined }
    const ledger = new Ledger({ ...options, instruments: new InstrumentBook() })
    const start = at('2026-03-02T15:00:00Z')
    const one = { quantity: { mantissa: 1, scale: 0 }, price: { mantissa: 100, scale: 0 } }
    for (let year = 2000; year < 2000 + positions; year += 1)
      ledger.fill({ instrument: `CME_MINI:NQZ${year}`, side: 'buy', ...one }, start)
    formats.mockClear()
    ledger.advance(at('2026-03-13T15:00:00Z'))
    expect(ledger.days()).toHaveLength(positions * 10)
    return formats.mock.calls.length
  }
  try {
    expect(countOf(100)).toBe(countOf(1))
  } finally {
    formats.mockRestore()
  }
})

describe('whose day it is', () => {
  it.each([
    ['CME_MINI:NQ1!', 'chicago'],
    ['NQZ6', 'chicago'],
    ['NYMEX:CLJ2026', 'chicago'],
    ['CBOT:UNHEARD1!', 'chicago'],
    ['={"symbol":"CME_MINI:NQ1!","session":"regular"}', 'chicago'],
    ['ICEEUR:NQ1!', 'utc'],
    ['EUREX:FDAX1!', 'utc'],
    ['BINANCE:BTCUSDT', 'utc'],
    ['NYSE:ES', 'utc'],
    ['3267315', 'utc'],
    ['', 'utc'],
  ])('%s: %s', (instrument, rule) => {
    expect(tradeDateRuleOf(instrument)).toBe(rule)
  })
})

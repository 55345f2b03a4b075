import { describe, expect, it } from 'vitest'
import { errorOfReply, penaltyOf, readItem } from '../../../src/feeds/tradovate/reply.ts'
import {
  timeFromWire,
  timeToWire,
  tradeDateFromWire,
  tradeDateToWire,
} from '../../../src/feeds/tradovate/time.ts'

const errorOf = (item: object): string | undefined => {
  const read = readItem(item)
  return read.kind === 'reply' ? errorOfReply(read) : 'no reply'
}

describe('an item', () => {
  it('is nothing we know, or malformed, where its keys say so', () => {
    for (const value of [1, null, 'x', [], {}, { d: {} }, { d: { q: 1 } }]) {
      expect(readItem(value).kind).toBe('unknown')
    }
    for (const value of [{ e: 1 }, { s: '200' }, { s: 200, i: {} }])
      expect(readItem(value).kind).toBe('malformed')
  })

  it('is an answer whose id may be 0, a string, or missing, and whose d may be missing', () => {
    expect(readItem({ s: 200, i: 0 })).toEqual({ kind: 'reply', status: 200, id: '0', data: undefined })
    expect(readItem({ s: 429, i: '7' })).toMatchObject({ id: '7' })
    expect(readItem({ s: 200 })).toMatchObject({ id: '' })
  })

  it.each([
    [{ s: 400, i: 3, d: 'No usable value' }, '400: No usable value'],
    [{ s: 404, i: 1, d: '"Not found: quote/subscribe"' }, '404: Not found: quote/subscribe'],
    [{ s: 404, i: 5, d: '' }, '404 without words'],
    [{ s: 429, i: 7 }, '429 without words'],
    [
      { s: 200, i: 0, d: { failureReason: 'UnknownReason', failureText: 'Access is denied' } },
      'UnknownReason: Access is denied',
    ],
    [{ s: 200, i: 0, d: { errorText: 'no' } }, 'no'],
    [{ s: 200, i: 0, d: '{"errorText":"no"}' }, 'no'],
    [
      { s: 200, i: 0, d: { violations: [{ description: 'limit' }] } },
      'violations: [{"description":"limit"}]',
    ],
  ])('is a refusal in the venue’s words: %j', (item, words) => {
    expect(errorOf(item)).toBe(words)
  })

  it.each([
    { s: 200, i: 1 },
    { s: 200, i: 1, d: '' },
    { s: 204, i: 1, d: { errorText: '' } },
    { s: 200, i: 1, d: { failureReason: 'Success', orderId: 1 } },
    { s: 200, i: 1, d: { violations: [] } },
    { s: 200, i: 1, d: { 'p-ticket': 't', 'p-time': 1 } },
  ])('is no refusal: %j', item => {
    expect(errorOf(item)).toBeUndefined()
  })

  it('holds a penalty, with a captcha or without', () => {
    expect(penaltyOf({ 'p-time': 5 })).toBeUndefined()
    expect(penaltyOf({ 'p-ticket': 't', 'p-time': 15.5, 'p-captcha': false })).toEqual({
      ticket: 't',
      seconds: 15.5,
      isCaptcha: false,
    })
    expect(penaltyOf({ 'p-captcha': true })).toEqual({ ticket: '', seconds: 0, isCaptcha: true })
    expect(penaltyOf({ 'p-ticket': 't', 'p-time': -1 })).toMatchObject({ seconds: 0 })
  })
})

describe('a timestamp', () => {
  it('is none without an offset, as a number, or in a month 13', () => {
    for (const value of [
      undefined,
      null,
      1789000000000,
      '',
      '2026-06-14',
      '2026-06-14T22:00:22',
      '2026-13-14T22:00Z',
    ]) {
      expect(timeFromWire(value)).toBeUndefined()
    }
    expect(timeToWire(Number.NaN)).toBeUndefined()
    expect(timeToWire(253_402_300_800_000_000)).toBeUndefined()
  })

  it.each([
    ['2026-06-14T22:00:22.045Z', '2026-06-14T22:00:22.045Z'],
    ['2026-05-24T19:52:12Z', '2026-05-24T19:52:12.000Z'],
    ['2036-06-13T00:00Z', '2036-06-13T00:00:00.000Z'],
    ['2026-05-24T19:52:00.5Z', '2026-05-24T19:52:00.500Z'],
    ['2026-05-24T19:52:00.123456Z', '2026-05-24T19:52:00.123456Z'],
  ])('of any precision is read: %s', (text, written) => {
    const at = timeFromWire(text)
    expect(at).toBe(Math.round(Date.parse(text)) * 1000 + (written.length > 24 ? 456 : 0))
    expect(timeToWire(at ?? 0)).toBe(written)
  })

  it('is not a trade date, which is a day of the exchange', () => {
    expect(tradeDateFromWire({ year: 2022, month: 13, day: 1 })).toBeUndefined()
    expect(tradeDateFromWire('2022-10-21')).toBeUndefined()
    expect(tradeDateFromWire({ year: 2022, month: 10, day: 21 })).toBe('2022-10-21')
    expect(tradeDateToWire('2022-10-21')).toEqual({ year: 2022, month: 10, day: 21 })
    expect(tradeDateToWire('2022-10')).toBeUndefined()
  })
})

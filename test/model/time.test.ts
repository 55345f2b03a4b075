import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  durationText,
  epochMicrosFromIso,
  isoFromEpochMicros,
  microsFromDuration,
} from '../../src/model/time.ts'

const NOON = Date.UTC(2025, 11, 18, 12) * 1000

describe('a time', () => {
  test.each([
    '',
    '2025-12-18',
    '2025-12-18T12:00:00',
    '2025-12-18 12:00:00Z',
    '2025-12-18T12Z',
    '2025-12-18T12:00:00z',
    '2025-12-18T12:00:00.Z',
    '2025-12-18T12:00:00+5',
    '25-12-18T12:00:00Z',
    '2025-00-18T12:00:00Z',
    '2025-13-18T12:00:00Z',
    '2025-12-00T12:00:00Z',
    '2025-12-32T12:00:00Z',
    '2025-02-29T12:00:00Z',
    '2100-02-29T12:00:00Z',
    '2025-12-18T24:00:00Z',
    '2025-12-18T12:60:00Z',
    '2025-12-18T12:00:60Z',
    ' 2025-12-18T12:00:00Z',
  ])('%j is none', text => {
    expect(epochMicrosFromIso(text)).toBeUndefined()
  })

  test.each([
    ['2025-12-18T12:00:00Z', 0],
    ['2025-12-18T12:00Z', 0],
    ['2025-12-18T12:00:00,5Z', 500_000],
    ['2025-12-18T12:00:00.000001Z', 1],
    ['2025-12-18T12:00:00.1Z', 100_000],
    ['2025-12-18T12:00:00.999999Z', 999_999],
    ['2025-12-18T17:30:00+05:30', 0],
    ['2025-12-18T17:30:00+0530', 0],
    ['2025-12-18T07:00:00-05:00', 0],
    ['2025-12-18T12:00:00-00:00', 0],
    ['2025-12-19T02:00:00+14:00', 0],
    ['2025-12-18T12:00:59Z', 59_000_000],
  ])('%s is read to the microsecond', (text, after) => {
    expect(epochMicrosFromIso(text)).toBe(NOON + after)
  })

  test('cuts digits beyond the microsecond off and does not round them', () => {
    expect(epochMicrosFromIso('2025-12-18T12:00:00.000000999Z')).toBe(NOON)
    expect(epochMicrosFromIso('2025-12-18T12:00:00.0000000009Z')).toBeUndefined()
  })

  test('knows leap years, and times before 1970', () => {
    expect(epochMicrosFromIso('2024-02-29T00:00:00Z')).toBe(Date.UTC(2024, 1, 29) * 1000)
    expect(epochMicrosFromIso('1969-12-31T23:59:59.999999Z')).toBe(-1)
    expect(isoFromEpochMicros(-1)).toBe('1969-12-31T23:59:59.999999Z')
  })

  test('is always written in UTC with six digits', () => {
    expect(isoFromEpochMicros(NOON)).toBe('2025-12-18T12:00:00.000000Z')
    expect(isoFromEpochMicros(NOON + 1)).toBe('2025-12-18T12:00:00.000001Z')
  })

  const [first, last] = [Date.UTC(1900, 0) * 1000, Date.UTC(2200, 0) * 1000]
  test('goes round, and the order of texts is the order of times', () => {
    fc.assert(
      fc.property(fc.integer({ min: first, max: last }), fc.integer({ min: first, max: last }), (a, b) => {
        const [textA, textB] = [isoFromEpochMicros(a), isoFromEpochMicros(b)]
        expect(epochMicrosFromIso(textA)).toBe(a)
        expect(textA < textB).toBe(a < b)
      }),
    )
  })
})

describe('a duration', () => {
  test.each(['', '10', '-1s', '1 s', 's', '1.s', '.5s', '1w', '1S', '1h 30m', '1e3s', '00'])(
    '%j is none',
    text => {
      expect(microsFromDuration(text)).toBeUndefined()
    },
  )

  test.each([
    ['0', 0],
    ['0s', 0],
    ['1us', 1],
    ['250ms', 250_000],
    ['60s', 60_000_000],
    ['1.5s', 1_500_000],
    ['1.1s', 1_100_000],
    ['10m', 600_000_000],
    ['1h30m', 5_400_000_000],
    ['1d', 86_400_000_000],
    ['1m1ms', 60_001_000],
  ])('%s is %i µs', (text, micros) => {
    expect(microsFromDuration(text)).toBe(micros)
  })

  test.each([
    [0, '0 ms'],
    [1_500, '2 ms'],
    [999_000, '999 ms'],
    [1_000_000, '1 s'],
    [3_200_000, '3.2 s'],
    [60_000_000, '1 m 00 s'],
    [125_000_000, '2 m 05 s'],
    [3_600_000_000, '1 h 00 m'],
    [3_725_000_000, '1 h 02 m'],
  ])('of %i µs is shown as %s', (micros, text) => {
    expect(durationText(micros)).toBe(text)
  })
})

import { expect, test } from 'vitest'
import { messageTime, timeUnit } from '../../src/import/har-time.ts'

test.each([
  [-1, 'none', undefined],
  [0, 'none', undefined],
  [12_345.678, 'none', undefined],
  [99_999_999, 'none', undefined],
  [100_000_000, 'seconds', 100_000_000_000_000],
  [1_766_031_047.30267, 'seconds', 1_766_031_047_302_670],
  [7_258_118_399, 'seconds', 7_258_118_399_000_000],
  [7_258_118_400, 'none', undefined],
  [99_999_999_999, 'none', undefined],
  [100_000_000_000, 'milliseconds', 100_000_000_000_000],
  [7_258_118_400_000, 'none', undefined],
  [1e300, 'none', undefined],
  [1_766_031_047_302.67, 'milliseconds', 1_766_031_047_302_670],
])('%d counts %s', (time, unit, micros) => {
  expect(timeUnit(time)).toBe(unit)
  expect(messageTime(time)).toBe(micros)
})

import { expect, test } from 'vitest'
import { sizeOf } from '../../src/cli/written.ts'

test.each(['', '10', '500kb', '9.9kB', '500 KB', '-1MB', '1e3MB'])('%j is no size of a part', text => {
  expect(sizeOf(text)).toBeUndefined()
})

test.each([
  ['10kB', 10_000],
  ['500KB', 500_000],
  ['1.5MB', 1_500_000],
  ['64MiB', 67_108_864],
  ['10KiB', 10_240],
])('%s is %d bytes', (text, bytes) => {
  expect(sizeOf(text)).toBe(bytes)
})

import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createVerifyProgress } from '../../src/cli/verify-progress.ts'

/** What a run of two cases, one of them different, leaves on standard error. */
function shown(isTerminal: boolean): string {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const progress = createVerifyProgress({ stdout, stderr, env: {}, isTerminal, isColoured: false })
  progress.show(1, 2, 0)
  progress.show(2, 2, 1)
  progress.end()
  return String(stderr.read() ?? '')
}

test('progress off a terminal is nothing', () => {
  expect(shown(false)).toBe('')
})

test('progress on a terminal is one line that changes and goes', () => {
  const erase = '\r\u001b[2K'
  expect(shown(true)).toBe(`${erase}1 of 2 cases${erase}2 of 2 cases, 1 not equal${erase}`)
})

import { expect, test } from 'vitest'
import { createStop } from '../../src/cli/record-stop.ts'
import { manualTime } from './manual-time.ts'

test('a signal within half a second of the first is the same wish, a later one is the second', () => {
  const { clock, advance } = manualTime()
  const said: string[] = []
  const stop = createStop({ clock, onFirst: () => said.push('first'), onSecond: () => said.push('second') })
  stop()
  stop()
  advance(499_999)
  stop()
  expect(said).toEqual(['first'])
  advance(1)
  stop()
  expect(said).toEqual(['first', 'second'])
})

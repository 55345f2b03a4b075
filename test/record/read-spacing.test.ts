import { expect, test } from 'vitest'
import { systemTimers } from '../../src/model/timers.ts'
import { FrameRate } from '../../src/record/frame-rate.ts'
import { ReadSpacing } from '../../src/record/read-spacing.ts'
import { manualTime } from './manual-time.ts'

const MS = 1_000
const SECOND = 1_000 * MS

interface Venue {
  /** Sends `together` frames at once, so many a second, for so long, each read as soon as the thread is free. */
  sends(perSecond: number, time: number, together?: number): Found
  readonly wait: (time: number) => void
}

interface Found {
  readonly naps: number
  readonly readings: number
}

/** A nap takes `napTakes` µs, whatever was asked. */
function venue(napTakes: () => number = () => 180): Venue {
  const { advance, clock, timers } = manualTime()
  const behind: ((nap: (delay: number) => void) => void)[] = []
  const rate = new FrameRate()
  const spacing = new ReadSpacing(clock, { ...timers, behindReading: then => behind.push(then) })
  let naps = 0

  function read(frames: number): void {
    for (let frame = 0; frame < frames; frame += 1) {
      const now = clock.monotonic()
      spacing.arrived(now, rate.add(now))
    }
    for (const then of behind.splice(0)) {
      then(delay => {
        expect(delay).toBe(100)
        naps += 1
        advance(napTakes())
      })
    }
  }

  return {
    sends(perSecond, time, together = 1) {
      const from = clock.monotonic()
      const gap = (together * SECOND) / perSecond
      const napsBefore = naps
      let sent = 0
      let readings = 0
      while (clock.monotonic() - from < time) {
        const due = Math.floor((clock.monotonic() - from) / gap)
        if (due === sent) advance(Math.max(1, Math.ceil((sent + 1) * gap) - (clock.monotonic() - from)))
        else {
          read((due - sent) * together)
          sent = due
          readings += 1
        }
      }
      return { naps: naps - napsBefore, readings }
    },
    wait: advance,
  }
}

test('up to 20,000 frames a second nothing is held', () => {
  expect(venue().sends(1_000, SECOND)).toEqual({ naps: 0, readings: 999 })
  expect(venue().sends(20_000, SECOND)).toEqual({ naps: 0, readings: 19_999 })
})

test('in a torrent nearly each reading is followed by a nap, and none when it is over', () => {
  const { sends, wait } = venue()
  const { naps, readings } = sends(60_000, SECOND)
  // The first 200 frames are no torrent yet.
  expect(readings - naps).toBeLessThan(210)
  expect(naps).toBeGreaterThan(5_000)
  wait(20 * MS)
  expect(sends(10_000, 100 * MS).naps).toBe(0)
})

test('a reading that brought as many as are worth being woken is followed by none', () => {
  expect(venue().sends(100_000, 100 * MS, 31).naps).toBeGreaterThan(100)
  // One, behind the reading in the middle of which the torrent is found.
  expect(venue().sends(100_000, 100 * MS, 32).naps).toBe(1)
})

test('where naps take too long, there are three a second', () => {
  const { sends } = venue(() => 15 * MS)
  expect(sends(100_000, 900 * MS).naps).toBe(3)
  expect(sends(100_000, 1_000 * MS).naps).toBe(3)
})

test('a long nap now and then is borne', () => {
  let count = 0
  const { sends } = venue(() => {
    count += 1
    return count % 3 === 0 ? 180 : 1_100
  })
  expect(sends(25_000, SECOND).naps).toBeGreaterThan(1_000)
})

test('the machine’s own timers hold the thread, behind what was ready', async () => {
  const { behindReading } = systemTimers
  const order: string[] = []
  await new Promise<void>(resolve => {
    behindReading?.(nap => {
      const from = performance.now()
      nap(5 * MS)
      expect(performance.now() - from).toBeGreaterThan(4)
      order.push('behind')
      resolve()
    })
    order.push('at once')
  })
  expect(order).toEqual(['at once', 'behind'])
})

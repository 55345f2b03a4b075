import { expect, test } from 'vitest'
import { FrameRate } from '../../src/record/frame-rate.ts'
import { type Arrival, Inbox, type Receiver } from '../../src/record/inbox.ts'
import type { Entry } from '../../src/tape/index.ts'
import { manualTime } from './manual-time.ts'

const MS = 1_000
/** More than a flood has in a window, fewer than are taken together. */
const MANY = 60

interface Desk {
  readonly inbox: Inbox
  /** What was done, in order: `take 1`, `tell 1`. */
  readonly done: string[]
  readonly time: ReturnType<typeof manualTime>
  comes(count: number, sizeBytes?: number): void
}

/** Frames are numbered from 1. */
function desk(on: { take?: (n: number) => void; tell?: (n: number) => void } = {}): Desk {
  const time = manualTime()
  const done: string[] = []
  const rate = new FrameRate()
  let taken = 0
  const receiver: Receiver = {
    conn: 1,
    framed({ seq }) {
      done.push(`tell ${seq}`)
      on.tell?.(seq)
    },
  }
  const inbox = new Inbox((arrival: Arrival) => {
    taken += 1
    const n = taken
    done.push(`take ${n}`)
    arrival.entry = frame(n)
    on.take?.(n)
  }, time.timers)
  return {
    inbox,
    done,
    time,
    comes(count, sizeBytes = 100) {
      for (let n = 0; n < count; n += 1) {
        const at = time.clock.monotonic()
        const bytes = Buffer.alloc(sizeBytes)
        const arrival = { at, op: 'text', bytes, receiver, entry: undefined, text: undefined } as const
        inbox.add({ ...arrival }, rate.add(at))
      }
    },
  }
}

function frame(seq: number): Entry {
  return { kind: 'frame', seq, at: 0, conn: 1, dir: 'in', op: 'text', text: '' }
}

function takes(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, n) => `take ${from + n}`)
}

function tells(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, n) => `tell ${from + n}`)
}

test('what is said while frames are taken or told stands behind all that had come', () => {
  for (const when of ['take', 'tell'] as const) {
    const { comes, done, inbox } = desk({
      [when]: (n: number) => {
        if (n !== 52) return
        // As an append does.
        inbox.empty()
        done.push('said')
      },
    })
    comes(MANY)
    inbox.empty()
    expect(done.slice(100)).toEqual(
      when === 'take'
        ? [...takes(51, MANY), 'said', ...tells(51, MANY)]
        : [...takes(51, MANY), ...tells(51, 52), 'said', ...tells(53, MANY)],
    )
  }
})

test('frames that are no flood are taken and told each at once', () => {
  const { comes, done, time } = desk()
  for (let window = 0; window < 5; window += 1) {
    comes(50)
    time.advance(10 * MS)
  }
  expect(done).toHaveLength(500)
  expect(done.slice(0, 4)).toEqual(['take 1', 'tell 1', 'take 2', 'tell 2'])
  expect(done.slice(-2)).toEqual(['take 250', 'tell 250'])
})

test('of a flood frames are taken together, after 5 ms at the latest', () => {
  const { comes, done, time } = desk()
  comes(MANY)
  expect(done.at(-1)).toBe('tell 50')
  time.advance(5 * MS - 1)
  expect(done.at(-1)).toBe('tell 50')
  time.advance(1)
  expect(done.slice(100)).toEqual([...takes(51, MANY), ...tells(51, MANY)])
})

test('a flood goes on in the next window, and is over behind one that was quiet', () => {
  const { comes, done, time } = desk()
  comes(MANY)
  time.advance(10 * MS)
  comes(1)
  expect(done.at(-1)).toBe(`tell ${MANY}`)
  time.advance(10 * MS)
  comes(1)
  expect(done.at(-1)).toBe(`tell ${MANY + 2}`)
})

test('128 frames or 64 KiB wait for nothing', () => {
  const { comes, done } = desk()
  comes(50 + 127)
  expect(done.at(-1)).toBe('tell 50')
  comes(1)
  expect(done.at(-1)).toBe('tell 178')
  comes(1, 64 * 1024 - 1)
  expect(done.at(-1)).toBe('tell 178')
  comes(1, 1)
  expect(done.at(-1)).toBe('tell 180')
})

test('closed it has nothing left, and no timer', () => {
  const { comes, done, inbox, time } = desk()
  comes(MANY)
  inbox.close()
  expect(done.at(-1)).toBe(`tell ${MANY}`)
  time.advance(100 * MS)
  expect(done).toHaveLength(2 * MANY)
})

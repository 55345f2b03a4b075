import { describe, expect, test } from 'vitest'
import { Distribution } from '../../src/diff/distribution.ts'
import { findLag } from '../../src/diff/lag-search.ts'
import { Timeline } from '../../src/diff/timeline.ts'
import { randomInteger, seededRandom } from '../../src/model/random.ts'

describe('a distribution', () => {
  test('of nothing has no figures', () => {
    expect(new Distribution().spread()).toBeUndefined()
  })

  test('weighs its values, and is the mirror of that of their negatives', () => {
    const [own, mirror] = [new Distribution(), new Distribution()]
    for (const [value, weight] of [
      [1, 1],
      [2, 8],
      [10, 1],
    ] as const) {
      own.add(value, weight)
      mirror.add(-value, weight)
    }
    expect(own.spread()).toMatchObject({ count: 3, mean: 2.7, min: 1, median: 2, p90: 6, p99: 10, max: 10 })
    expect(mirror.spread()).toMatchObject({ mean: -2.7, min: -10, median: -2, p10: -6, max: -1 })
  })

  test('of many values stays small and within 1%', () => {
    const many = new Distribution()
    for (let value = 1; value <= 100_000; value += 1) many.add(value)
    const { median = 0, p1 = 0, p99 = 0 } = many.spread() ?? {}
    expect(Math.abs(median / 50_000 - 1)).toBeLessThan(0.01)
    expect(Math.abs(p1 / 1_000 - 1)).toBeLessThan(0.01)
    expect(Math.abs(p99 / 99_000 - 1)).toBeLessThan(0.01)
  })
})

describe('the search for a lag', () => {
  const changes = (seed: number, steps: number, lag: number, keep = 1) => {
    const [random, luck] = [seededRandom(seed), seededRandom(99)]
    const [times, keys]: [number[], number[]] = [[], []]
    let key = 1_000
    for (let step = 0; step < steps; step += 1) {
      key += randomInteger(random, 0, 1) * 2 - 1
      if (luck.next() > keep) continue
      times.push(step * 50_000 + lag)
      keys.push(key)
    }
    return { times, keys }
  }

  test('finds nothing between two markets that only meet in prices by chance', () => {
    expect(findLag({ times: [0, 1], keys: [1, 2] }, { times: [5, 9], keys: [1, 2] })).toBeUndefined()
    expect(findLag(changes(1, 500, 0), { times: [7], keys: [1_000] })).toBeUndefined()
  })

  test.each([0, 1_000, -3_000_000, 600_000_000, 1_199_000_000])(
    'finds %d µs in a market that returns to its prices',
    lag => {
      expect(findLag(changes(1, 3_000, 0), changes(1, 3_000, lag))?.lag).toBe(lag)
    },
  )

  test('gives whole microseconds where the middle lies between two', () => {
    const [keys, times] = [
      [1, 2, 3, 4],
      [0, 1_000_000, 2_000_000, 3_000_000],
    ]
    const later = (by: readonly number[]) => times.map((time, index) => time + (by[index] ?? 0))
    const lag = findLag({ times, keys }, { times: later([500_000, 500_001, 500_000, 500_001]), keys })?.lag
    const mirror = findLag({ times: later([500_000, 500_001, 500_000, 500_001]), keys }, { times, keys })?.lag
    expect([lag, mirror]).toEqual([500_001, -500_001])
  })

  test('finds it where one side passes on a third', () => {
    expect(findLag(changes(1, 3_000, 0), changes(1, 3_000, 600_000_000, 0.33))?.lag).toBe(600_000_000)
  })
})

test('a timeline hands on what every stream has reached, and not more than it can hold', () => {
  const taken: string[] = []
  const line = new Timeline<string>(2, (stream, item, at) => taken.push(`${at} ${stream}${item}`))
  line.push(0, 5, 'x')
  line.push(1, 3, 'y')
  line.push(1, 5, 'z')
  line.drain(4)
  expect(taken).toEqual(['3 1y'])
  line.drain(5)
  expect(taken).toEqual(['3 1y', '5 0x', '5 1z'])
  for (let at = 10; at < 100_020; at += 1) line.push(0, at, '')
  expect(line.forced).toBe(10)
  expect(taken.length).toBe(13)
})

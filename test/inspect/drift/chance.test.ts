import { describe, expect, it } from 'vitest'
import {
  allThereChance,
  clusteredChance,
  holm,
  isBeyondTrend,
  isMeasured,
  paceChance,
  rateChance,
  runsChance,
} from '../../../src/inspect/drift/chance.ts'
import { seededRandom } from '../../../src/model/random.ts'

describe('chance', () => {
  it('of all c of n + m falling among n is that of drawing without putting back', () => {
    expect(allThereChance(1, 1, 1)).toBeCloseTo(0.5, 12)
    expect(allThereChance(2, 3, 2)).toBeCloseTo((3 / 5) * (2 / 4), 12)
    expect(allThereChance(0, 5, 5)).toBe(1)
    expect(allThereChance(5_000, 5_000, 1)).toBe(0)
  })

  it('is nothing to go by from single frames', () => {
    expect(isMeasured({ hits: [1], trials: [1] })).toBe(false)
    expect(isMeasured({ hits: Array(7).fill(10), trials: Array(7).fill(20) })).toBe(false)
    expect(isMeasured({ hits: Array(8).fill(10), trials: Array(8).fill(20) })).toBe(true)
  })

  it('a snapshot’s fields in a long and in a short session are no other rate', () => {
    const long = { hits: [30, ...Array(63).fill(0)], trials: Array(64).fill(30) }
    const short = { hits: [8, 8, 8, 6, ...Array(60).fill(0)], trials: Array(64).fill(8) }
    expect(rateChance(long, short)).toBeGreaterThan(0.01)
  })

  it('a rate that has halved is found', () => {
    const at = (share: number) => ({
      hits: Array(32).fill(Math.round(40 * share)),
      trials: Array(32).fill(40),
    })
    expect(rateChance(at(0.5), at(0.25))).toBeLessThan(1e-9)
  })

  it('what came in one cluster is worth one sighting', () => {
    const cluster = { hits: [30, ...Array(31).fill(0)], trials: Array(32).fill(30) }
    const even = { hits: Array(32).fill(1), trials: Array(32).fill(30) }
    expect(clusteredChance(cluster, 960)).toBeGreaterThan(0.2)
    expect(clusteredChance(even, 960)).toBeLessThan(1e-6)
  })

  it('a market’s moods are no other pace, by any of 2,000 pairs of sessions', () => {
    const random = seededRandom(1)
    const session = () => {
      let mood = 1
      const hits = Array.from({ length: 48 }, (_, index) => {
        if (index % 3 === 0) mood = 0.25 + 0.75 * random.next()
        return Math.round(40 * mood * (0.8 + 0.4 * random.next()))
      })
      return { hits, trials: hits.map(() => 2_000_000) }
    }
    const small = Array.from({ length: 2_000 }, () => paceChance(session(), session())).filter(
      p => p < 0.0005,
    )
    expect(small.length).toBeLessThanOrEqual(4)
  })

  it('a trend that goes on from one recording to the next is no other rate', () => {
    const falling = (from: number) => ({
      hits: Array.from({ length: 16 }, (_, index) => from - index),
      trials: Array(16).fill(100),
    })
    expect(isBeyondTrend(falling(40), falling(24))).toBe(false)
    expect(isBeyondTrend(falling(80), falling(24))).toBe(true)
  })

  it('of what comes in runs is that of its runs', () => {
    const runs = { hits: [...Array(8).fill(20), ...Array(56).fill(0)], trials: Array(64).fill(20) }
    expect(runsChance(runs, 1_280)).toBe(0.5)
    expect(runsChance({ ...runs, hits: Array(64).fill(1) }, 1_280)).toBe(0.5 ** 8)
  })

  it('by eight long stretches is less sure than by many short ones', () => {
    const rows = (length: number) => {
      const at = (share: number) => ({
        hits: Array.from({ length }, (_, index) => share + (index % 2 === 0 ? 40 : -40)),
        trials: Array(length).fill(400),
      })
      return rateChance(at(100), at(100 + 120 / Math.sqrt(length / 8)))
    }
    expect(rows(8)).toBeGreaterThan(20 * rows(15))
  })

  it('is held against the number of tests that were made', () => {
    expect(holm([0.0005, 0.5, 0.5], 0.002)).toEqual([true, false, false])
    expect(holm([0.001, 0.5, 0.5], 0.002)).toEqual([false, false, false])
    expect(holm([0.0006, 0.0009, 0.5], 0.002)).toEqual([true, true, false])
  })
})

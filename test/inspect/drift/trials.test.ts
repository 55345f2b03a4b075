import { expect, test } from 'vitest'
import { runTrial } from './trials.ts'

/** A small share of `npm run soak -- drift`, where the figures are from. */
const TRIALS = 22

test('by seeded trials: at least 95 % of planted changes are found, and hardly ever one that was not planted', () => {
  const trials = Array.from({ length: TRIALS }, (_, index) => runTrial(index + 1))
  const planted = trials.filter(({ what }) => what !== undefined)
  const missed = planted
    .filter(({ isFound }) => !isFound)
    .map(({ seed, plant, what }) => ({ seed, plant, what }))
  expect(planted.length).toBeGreaterThan(TRIALS * 0.9)
  expect(missed.length, JSON.stringify(missed)).toBeLessThanOrEqual(planted.length * 0.05)
  expect(trials.flatMap(({ seed, alarms }) => alarms.map(alarm => `seed ${seed}: ${alarm}`))).toEqual([])
}, 240_000)

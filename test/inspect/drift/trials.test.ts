import { expect, test } from 'vitest'
import { runTrial, TRIAL_WIRES } from './trials.ts'

/** A small share of `npm run soak -- drift`, where the figures are from: every wire, and of the classes as many. */
const TRIALS = TRIAL_WIRES.length

test('by seeded trials: at least 95 % of planted changes are found, and hardly ever one that was not planted', () => {
  const trials = Array.from({ length: TRIALS }, (_, index) => {
    return runTrial(index * (TRIAL_WIRES.length + 1) + 1)
  })
  const planted = trials.filter(({ what }) => what !== undefined)
  const missed = planted
    .filter(({ isFound }) => !isFound)
    .map(({ seed, plant, what, wire }) => ({ seed, wire, plant, what }))
  expect(planted.length).toBeGreaterThan(TRIALS * 0.6)
  expect(missed.length, JSON.stringify(missed)).toBeLessThanOrEqual(planted.length * 0.05)
  const alarms = trials.flatMap(({ alarms: all, seed }) => {
    return [...all].flatMap(([equal, said]) => said.map(one => `seed ${seed}, ${equal}: ${one}`))
  })
  expect(alarms).toEqual([])
}, 240_000)

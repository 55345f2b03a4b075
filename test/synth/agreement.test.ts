import { describe, expect, test } from 'vitest'
import { compare, estimateLag, type Side } from './compare.ts'
import { differencesOf, wrongFills } from './differences.ts'
import { type Session, sessionOf } from './session.ts'

const SEEDS = [11, 12, 13, 14, 15, 16]
const MINUTES = 4
/** As many as issue 6 wants of each two that carry quotes. */
const ENOUGH = 1_000

const sessions = SEEDS.map(seed => sessionOf({ seed, minutes: MINUTES }))

function pairsOf(sides: readonly Side[]): readonly (readonly [Side, Side])[] {
  return sides.flatMap((one, n) => sides.slice(n + 1).map(other => [one, other] as const))
}

function quoting({ told }: Session): readonly Side[] {
  return told
    .map(({ side }) => side)
    .filter(({ declares }) => declares.carried.some(({ fields }) => fields.length > 0))
}

describe('one truth on every wire', () => {
  test.each(sessions.map(session => [session.truth.seed, session] as const))(
    'seed %i: each two wires agree at the settled moments on what both can say',
    (_, session) => {
      for (const [one, other] of pairsOf(quoting(session))) {
        expect(differencesOf(one, other, session.truth)).toEqual([])
      }
    },
  )

  test.each(sessions.map(session => [session.truth.seed, session] as const))(
    'seed %i: each wire says what is true, and no fill that was not',
    (_, { told, truth, truthSide }) => {
      for (const { reading, side } of told) {
        expect(differencesOf(truthSide, side, truth)).toEqual([])
        expect(wrongFills(reading, truth)).toEqual([])
      }
    },
  )

  test('of each two wires with quotes a thousand values were compared at least', () => {
    const compared = new Map<string, number>()
    for (const session of sessions) {
      for (const [one, other] of pairsOf(quoting(session))) {
        const pair = `${one.name}, ${other.name}`
        compared.set(pair, (compared.get(pair) ?? 0) + compare(one, other, session.truth).compared)
      }
    }
    // Six wires with quotes: each with each of the others.
    expect(compared.size).toBe(15)
    for (const [pair, count] of compared) expect.soft(count, pair).toBeGreaterThanOrEqual(ENOUGH)
  })

  test('what is not compared is only what a wire had no reason to say yet, or what a reconnect has stamped', () => {
    for (const session of sessions) {
      for (const { side } of session.told) {
        const { compared, untold } = compare(session.truthSide, side, session.truth)
        expect.soft(untold, `seed ${session.truth.seed}, ${side.name}`).toBeLessThanOrEqual(compared * 0.1)
      }
    }
  })

  test('the planted lags are found again, between any two and against the truth', () => {
    for (const session of sessions) {
      const { settled, truth } = { settled: session.truth.settled[1]?.at ?? 0, truth: session.truth }
      for (const [one, other] of pairsOf([session.truthSide, ...quoting(session)])) {
        const { lag, pairs } = estimateLag(one, other, { from: settled, to: Number.POSITIVE_INFINITY })
        const about = `seed ${truth.seed}: ${one.name}, ${other.name}, by ${pairs} changes`
        const isPolled = one.declares.poll !== undefined || other.declares.poll !== undefined
        // A poll finds a change later; the answer that tells of it soonest is some hundredths of a second behind.
        const tolerance = isPolled ? 150_000 : 3_000
        expect.soft(pairs, about).toBeGreaterThanOrEqual(50)
        expect.soft(Math.abs(lag - (other.lag - one.lag)), about).toBeLessThanOrEqual(tolerance)
      }
    }
  })
})

import { describe, expect, test } from 'vitest'
import { QUARTER_TICK, quarter, report, type Said, tapeOf, walk } from './tapes.ts'

const CONTINUOUS = 'CME_MINI:NQ1!'
const [FRONT, NEXT] = ['CME_MINI:NQH2026', 'CME_MINI:NQM2026']
const ROLLS_AT = 300

/** Two contracts that go their own ways, some ticks apart. */
const CONTRACTS: readonly Said[] = [FRONT, NEXT].flatMap((name, index) =>
  walk(300, { seed: index + 1, price: 100_000 + 60 * index }).map(({ at, ticks }) => ({
    at: at + index / 4,
    name,
    fields: { last: quarter(ticks), bid: quarter(ticks - 1), ask: quarter(ticks + 1) },
  })),
)

const inOrder = (said: readonly Said[]) => said.toSorted((one, other) => one.at - other.at)

/** The continuous name follows the one and then the other; what it means at the beginning is known, and no more. */
const followed = CONTRACTS.flatMap((said): readonly Said[] => {
  const { at, name } = said
  if (name === NEXT && at > ROLLS_AT - 2 && at < ROLLS_AT)
    return [{ ...said, at: ROLLS_AT - 1, name: CONTINUOUS }]
  return name === (at < ROLLS_AT - 1 ? FRONT : NEXT) ? [{ ...said, name: CONTINUOUS }] : []
})

async function reported(a: readonly Said[], b: readonly Said[] = CONTRACTS) {
  const tapeA = await tapeOf(inOrder(a), { facts: QUARTER_TICK, ends: 620 })
  const late = inOrder(b).map(said => ({ ...said, at: said.at + 0.3 }))
  const tapeB = await tapeOf(late, { facts: QUARTER_TICK, id: 'b', ends: 620 })
  return await report(tapeA, tapeB, { config: new Map([[CONTINUOUS, { is: FRONT }]]) })
}

/** One value of a name at a time off by ten ticks. */
function wrongAt(said: readonly Said[], name: string, from: number): readonly Said[] {
  const index = inOrder(said).findIndex(one => one.name === name && one.at >= from)
  return inOrder(said).map((one, n) => {
    if (n !== index) return one
    return { ...one, fields: { ...one.fields, last: String(Number(one.fields.last) + 2.5) } }
  })
}

describe('a continuous name that rolls without a word', () => {
  test('is found by its values, and held against the contract that it means by then', async () => {
    const { pairs, verdict } = await reported(followed)
    expect(pairs.map(({ instrument }) => instrument)).toEqual([FRONT, NEXT])
    expect(verdict.isWithin).toBe(true)
    for (const { explanations } of pairs) {
      expect(explanations.map(({ text }) => text)).toContain(
        `a’s ${CONTINUOUS} has rolled from ${FRONT} to ${NEXT} at 2026-03-02T15:04:59.000000Z: by its values, no wire says so`,
      )
    }
    expect(pairs[0]?.a.names).toEqual([CONTINUOUS])
    expect(pairs[1]?.a.updates).toBeGreaterThan(100)
  })

  test.each([
    ['before', 200, FRONT],
    ['behind', 400, NEXT],
  ])('hides no wrong value %s that', async (_, from, contract) => {
    const { verdict } = await reported(wrongAt(followed, CONTINUOUS, from))
    const beyond = verdict.judgements.filter(({ isWithin }) => !isWithin)
    expect(beyond.map(({ instrument, what }) => [instrument, what])).toEqual([[contract, 'last']])
  })

  test('that goes to a contract of which nobody speaks stays a difference', async () => {
    const onlyFront = CONTRACTS.filter(({ name }) => name === FRONT)
    const { verdict } = await reported(followed, onlyFront)
    expect(verdict.isWithin).toBe(false)
  })

  test('is not said of one that has errors only', async () => {
    const always = CONTRACTS.filter(({ name }) => name === FRONT).map(said => ({ ...said, name: CONTINUOUS }))
    const { pairs, verdict } = await reported(always.filter((_, n) => n % 3 > 0))
    expect(verdict.isWithin).toBe(false)
    expect(pairs.flatMap(({ explanations }) => explanations.map(({ kind }) => kind))).not.toContain('rolled')
  })
})

describe('a contract of which one side speaks under two names', () => {
  const both = [...followed, ...CONTRACTS]

  test('is held against the other side under each', async () => {
    const { pairs, verdict } = await reported(both)
    expect(verdict.isWithin).toBe(true)
    expect(pairs.map(({ instrument }) => instrument)).toEqual([
      FRONT,
      NEXT,
      `${FRONT} as ${CONTINUOUS}`,
      `${NEXT} as ${CONTINUOUS}`,
    ])
  })

  test.each([
    [CONTINUOUS, `${FRONT} as ${CONTINUOUS}`],
    [FRONT, FRONT],
  ])('is named where it is wrong: %s', async (name, instrument) => {
    const { verdict } = await reported(wrongAt(both, name, 200))
    const beyond = verdict.judgements.filter(({ isWithin }) => !isWithin)
    expect(beyond.map(one => [one.instrument, one.what])).toEqual([[instrument, 'last']])
  })
})

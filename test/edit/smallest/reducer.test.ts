import { describe, expect, it } from 'vitest'
import { Reducer } from '../../../src/edit/smallest/reducer.ts'
import { type Random, randomInteger, seededRandom } from '../../../src/model/random.ts'

/** Each of these needs one before it, as a frame needs its connection's open; some need none. */
function needsOf(random: Random, count: number): number[][] {
  return Array.from({ length: count }, (_, unit) =>
    unit === 0 || random.next() < 0.3 ? [] : [randomInteger(random, 0, unit - 1)],
  )
}

function closed(units: readonly number[], needs: readonly (readonly number[])[]): number[] {
  const all = new Set(units)
  for (const unit of all) for (const needed of needs[unit] ?? []) all.add(needed)
  return [...all].sort((one, other) => one - other)
}

interface Reduction {
  readonly left: readonly number[]
  readonly tried: readonly string[]
}

async function reduced(
  needs: readonly (readonly number[])[],
  fails: (units: readonly number[]) => boolean,
  jobs: number,
): Promise<Reduction> {
  const tried: string[] = []
  const trial = async (units: readonly number[]): Promise<boolean> => {
    tried.push(units.join(' '))
    expect(closed(units, needs)).toEqual(units)
    return fails(units)
  }
  const singles = (units: readonly number[]): number[][] => units.map(unit => [unit])
  const reducer = new Reducer([...needs.keys()], trial, { needs: unit => needs[unit] ?? [], jobs })
  if (!(await reducer.empty())) {
    await reducer.coarse(singles)
    await reducer.fine(singles)
  }
  return { left: reducer.left, tried }
}

describe('the reducer', () => {
  it('leaves nothing where it fails without anything, after one trial', async () => {
    expect(await reduced([[], [], [1]], () => true, 1)).toEqual({ left: [], tried: [''] })
  })

  it('leaves all where nothing can go', async () => {
    const { left } = await reduced([[], [], [1]], ({ length }) => length === 3, 1)
    expect(left).toEqual([0, 1, 2])
  })

  it('finds what a failure is planted in and what that needs, and nothing else', async () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = seededRandom(seed)
      const needs = needsOf(random, randomInteger(random, 1, 400))
      const planted = Array.from({ length: randomInteger(random, 1, 4) }, () =>
        randomInteger(random, 0, needs.length - 1),
      )
      const fails = (units: readonly number[]): boolean => planted.every(unit => units.includes(unit))
      const one = await reduced(needs, fails, 1)
      expect(one.left, `seed ${seed}`).toEqual(closed(planted, needs))
      expect((await reduced(needs, fails, 3)).left, `seed ${seed}, 3 jobs`).toEqual(one.left)
      // A handful for each piece that stays, at each of the sizes.
      const most = 2 + (2 * one.left.length + 2) * (Math.log2(needs.length) + 2)
      expect(one.tried.length, `seed ${seed}: trials`).toBeLessThanOrEqual(most)
    }
  })

  it('leaves nothing that could go by itself, also where a failure is no matter of mere presence', async () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = seededRandom(seed)
      const needs = needsOf(random, randomInteger(random, 3, 60))
      // It depends on what else is there: the rest of a sum, and one entry that must not come alone.
      const modulus = randomInteger(random, 2, 5)
      const all = [...needs.keys()]
      const sum = (units: readonly number[]): number => units.reduce((total, unit) => total + unit * unit, 0)
      const rest = sum(all) % modulus
      const fails = (units: readonly number[]): boolean => units.includes(1) && sum(units) % modulus === rest
      const { left } = await reduced(needs, fails, 1)
      expect(fails(left), `seed ${seed}`).toBe(true)
      for (const unit of left) {
        const without = closed(
          left.filter(one => one !== unit),
          needs,
        )
        const isLess = without.length < left.length
        expect(isLess && fails(without), `seed ${seed}: ${unit} can go`).toBe(false)
      }
    }
  })

  it('goes on as long as anything can go: each of these only when the ones before it are gone', async () => {
    const odd = [1, 3, 5, 7, 9]
    const fails = (units: readonly number[]): boolean => {
      const even = units.filter(unit => unit % 2 === 0)
      const isLast = even.every((unit, index) => unit === 8 - 2 * (even.length - 1 - index))
      return isLast && odd.every(unit => units.includes(unit))
    }
    const needs = Array.from({ length: 10 }, () => [])
    expect((await reduced(needs, fails, 1)).left).toEqual(odd)
    expect((await reduced(needs, fails, 4)).left).toEqual(odd)
  })

  it('has something that fails at any moment at which it is ended', async () => {
    const needs = needsOf(seededRandom(5), 100)
    const fails = (units: readonly number[]): boolean => [3, 50, 90].every(unit => units.includes(unit))
    const { tried } = await reduced(needs, fails, 1)
    for (let most = 0; most < tried.length; most += 1) {
      let trials = 0
      const trial = async (units: readonly number[]): Promise<boolean> => {
        if (trials === most) throw new Error('ended')
        trials += 1
        return fails(units)
      }
      const reducer = new Reducer([...needs.keys()], trial, { needs: unit => needs[unit] ?? [], jobs: 2 })
      const search = reducer
        .empty()
        .then(() => reducer.coarse(units => units.map(unit => [unit])))
        .then(() => reducer.fine(units => units.map(unit => [unit])))
      await search.catch(() => undefined)
      expect(fails(reducer.left), `after ${most} trials`).toBe(true)
    }
  })
})

import { expect, it } from 'vitest'
import { type ShownBy, smallestCover } from '../../../src/inspect/drift/index.ts'
import { randomInteger, seededRandom } from '../../../src/model/random.ts'

function frame(seq: number, shows: readonly number[], size = 100): ShownBy {
  return { tape: 0, seq, size, shows }
}

function seqsOf(frames: readonly ShownBy[]): readonly number[] {
  return frames.map(({ seq }) => seq)
}

it('nothing to show needs no frame', () => {
  expect(smallestCover([])).toEqual([])
})

it('one frame that shows all is enough, and of two the smaller', () => {
  expect(seqsOf(smallestCover([frame(1, [0]), frame(2, [0, 1], 90), frame(3, [0, 1], 80)]))).toEqual([3])
})

it('two that share all between them go before the one that shows most', () => {
  // Taking what shows most first needs three.
  expect(seqsOf(smallestCover([frame(1, [0, 1, 2, 3]), frame(2, [0, 2, 4]), frame(3, [1, 3, 5])]))).toEqual([
    2, 3,
  ])
})

it('is as small as any by brute force, and with many findings shows them all with none to spare', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = seededRandom(seed)
    const count = seed % 3 === 0 ? 20 : 6
    const frames = Array.from({ length: 9 }, (_, index) =>
      frame(
        index,
        Array.from({ length: count }, (_, finding) => finding).filter(() => random.next() < 0.3),
        randomInteger(random, 1, 50),
      ),
    ).filter(({ shows }) => shows.length > 0)
    const all = new Set(frames.flatMap(({ shows }) => shows))
    const chosen = smallestCover(frames)
    const shown = new Set(chosen.flatMap(({ shows }) => shows))
    expect(shown, `seed ${seed}`).toEqual(all)
    if (count === 6) expect(chosen.length, `seed ${seed}`).toBe(fewest(frames, all))
    for (const one of chosen) {
      const others = new Set(chosen.filter(other => other !== one).flatMap(({ shows }) => shows))
      expect(
        one.shows.every(finding => others.has(finding)),
        `seed ${seed}`,
      ).toBe(false)
    }
  }
})

function fewest(frames: readonly ShownBy[], all: ReadonlySet<number>): number {
  let best = frames.length
  for (let mask = 0; mask < 1 << frames.length; mask += 1) {
    const chosen = frames.filter((_, index) => (mask & (1 << index)) !== 0)
    if (new Set(chosen.flatMap(({ shows }) => shows)).size === all.size) best = Math.min(best, chosen.length)
  }
  return best
}

import { describe, expect, test } from 'vitest'
import { randomInteger, seededRandom } from '../../src/model/random.ts'
import { Agenda } from '../../src/synth/agenda.ts'

describe('an agenda', () => {
  test('with nothing on it ends', () => {
    expect(() => new Agenda().run()).not.toThrow()
  })

  test.each([1, 2, 3, 4, 5])(
    'seed %i: runs in the order of time, and at one time as it was put down',
    seed => {
      const random = seededRandom(seed)
      const agenda = new Agenda()
      const ran: (readonly [at: number, number: number])[] = []
      let count = 0
      const put = (at: number, depth: number): void => {
        const number = count++
        agenda.add(at, () => {
          ran.push([at, number])
          // What happens may put down more, now or later.
          if (depth > 0) put(at + randomInteger(random, 0, 3), depth - 1)
        })
      }
      for (let n = 0; n < 300; n += 1) put(randomInteger(random, 0, 40), randomInteger(random, 0, 2))
      agenda.run()
      expect(ran).toHaveLength(count)
      expect(ran).toEqual(ran.toSorted(([a, m], [b, n]) => a - b || m - n))
    },
  )
})

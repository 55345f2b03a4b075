import { describe, expect, test } from 'vitest'
import { seededRandom } from '../../src/model/random.ts'
import { diffLines } from '../../src/verify/line-diff.ts'
import { unifiedDiff } from '../../src/verify/unified-diff.ts'

/** The length of the longest sequence of lines that both have: the plain table, as the oracle. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  let below = b.map(() => 0)
  for (const line of a.toReversed()) {
    const row: number[] = []
    for (let j = b.length - 1; j >= 0; j -= 1) {
      row[j] = line === b[j] ? 1 + (below[j + 1] ?? 0) : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    }
    below = row
  }
  return below[0] ?? 0
}

describe('what became of lines', () => {
  test.each([1, 2, 3])('keeps both sides, and as many lines as can be kept (seed %i)', seed => {
    const random = seededRandom(seed)
    const some = () =>
      Array.from({ length: Math.floor(random.next() * 9) }, () => `${Math.floor(random.next() * 3)}`)
    for (let round = 0; round < 2_000; round += 1) {
      const [a, b] = [some(), some()]
      const stretches = diffLines(a, b)
      const of = (but: string) => stretches.filter(({ kind }) => kind !== but).flatMap(({ lines }) => lines)
      expect([of('new'), of('gone')], JSON.stringify([a, b])).toEqual([a, b])
      const same = stretches.filter(({ kind }) => kind === 'same').flatMap(({ lines }) => lines)
      expect(same.length, JSON.stringify([a, b])).toBe(commonLength(a, b))
    }
  })

  test('is all gone and all new where too much differs, and takes no time for it', () => {
    const many = (what: string) => Array.from({ length: 20_000 }, (_, index) => `${what} ${index}`)
    const [a, b] = [many('a'), many('b')]
    expect(diffLines(['x', ...a, 'y'], ['x', ...b, 'y'])).toEqual([
      { kind: 'same', lines: ['x'] },
      { kind: 'gone', lines: a },
      { kind: 'new', lines: b },
      { kind: 'same', lines: ['y'] },
    ])
  })
})

describe('a unified diff', () => {
  test('is empty where nothing differs', () => {
    expect(unifiedDiff(['a', 'b'], ['a', 'b'])).toEqual({ lines: [], added: 0, removed: 0 })
  })

  test('shows what is gone before what is new, with two lines around it, in hunks', () => {
    const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9']
    const after = ['1', '2', '3', 'four', '5', '6', '7', '8', '9', 'ten']
    expect(unifiedDiff(before, after)).toEqual({
      lines: [
        '@@ -2,5 +2,5 @@',
        ' 2',
        ' 3',
        '-4',
        '+four',
        ' 5',
        ' 6',
        '@@ -8,2 +8,3 @@',
        ' 8',
        ' 9',
        '+ten',
      ],
      added: 2,
      removed: 1,
    })
    expect(unifiedDiff([], ['a']).lines).toEqual(['@@ -0,0 +1,1 @@', '+a'])
  })

  test('of a twin that is long is as long', () => {
    const many = Array.from({ length: 400_000 }, (_, index) => `${index}`)
    expect(unifiedDiff([], many)).toMatchObject({ added: 400_000, removed: 0 })
  })
})

import { describe, expect, test } from 'vitest'
import { SourceGaps } from '../../../src/pnl/sources/source-gaps.ts'
import type { Entry } from '../../../src/tape/entry.ts'

const FEED = 'trade-manager'
const open = (conn: number, resumed?: true): Entry => {
  return { kind: 'open', seq: 1, at: 0, conn, feed: FEED, url: '', ...(resumed ? { resumed } : {}) }
}
const close = (conn: number): Entry => ({ kind: 'close', seq: 2, at: 0, conn, by: 'them' })
const lost: Entry = { kind: 'lost', seq: 3, at: 0, from: 3, to: 9, reason: 'damaged' }

/** Numbers are connections that carry a word then; the answer is which entries began a gap. */
function gapsIn(...story: readonly (Entry | number)[]): readonly boolean[] {
  const gaps = new SourceGaps()
  return story.flatMap(told => {
    if (typeof told !== 'number') return [gaps.begins(told, 0)]
    gaps.heard({ index: 0, conn: told, feed: FEED })
    return []
  })
}

describe('a source of positions is silenced', () => {
  test('not by the end of a connection that said nothing of positions', () => {
    expect(gapsIn(open(1), close(1))).toEqual([false, false])
  })

  test('by the end of one that did, once', () => {
    expect(gapsIn(open(1), 1, close(1), close(1))).toEqual([false, true, false])
  })

  test('not where a later connection of the feed has spoken and goes on', () => {
    expect(gapsIn(open(1), 1, open(2), 2, close(1), close(2))).toEqual([false, false, false, true])
  })

  test('by the end of the later of two: what the earlier one says is not known to be the same', () => {
    expect(gapsIn(open(1), 1, open(2), 2, close(2))).toEqual([false, false, true])
  })

  test('where the later one has said nothing yet', () => {
    expect(gapsIn(open(1), 1, open(2), close(1))).toEqual([false, false, true])
  })

  test('by entries that were lost, on a tape that has carried its words', () => {
    expect(gapsIn(open(1), lost, 1, lost)).toEqual([false, false, true])
  })

  test('by a part that resumes where another was expected', () => {
    expect(gapsIn(open(1, true), 1, open(2, true))).toEqual([false, true])
  })

  test('by the end of its tape where a connection that carried words is open, and by no other end', () => {
    const gaps = new SourceGaps()
    gaps.begins(open(1), 0)
    expect(gaps.endTape(0)).toBe(false)
    gaps.begins(open(2), 1)
    gaps.heard({ index: 1, conn: 2, feed: FEED })
    expect(gaps.endTape(0)).toBe(false)
    expect(gaps.endTape(1)).toBe(true)
    expect(gaps.endTape(1)).toBe(false)
  })

  test('on another tape only by that tape', () => {
    const gaps = new SourceGaps()
    gaps.heard({ index: 0, conn: 1, feed: FEED })
    expect(gaps.begins(close(1), 1)).toBe(false)
    expect(gaps.begins(lost, 1)).toBe(false)
    expect(gaps.begins(close(1), 0)).toBe(true)
  })
})

import { relative } from 'node:path'
import { expect, it } from 'vitest'
import { differenceText } from './difference.ts'
import { discover } from './discover.ts'
import type { ExpectedPnl } from './pnl-matchers.ts'
import { verifyCase } from './verify.ts'

export { type ExpectedPnl, type PnlFigure, pnlMatchers } from './pnl-matchers.ts'

declare module 'vitest' {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** With `expect.extend(pnlMatchers)`: figures of a position or a total, decimals as strings. */
    toHavePnl(expected: ExpectedPnl): R
    /** With `expect.extend(pnlMatchers)`: why a position has no unrealized P&L, such as `stale (last)`. */
    toBeUnpriced(reason?: string): R
  }
}

/**
 * Makes a test of every golden case below a folder. A user's whole test file is:
 *
 *     import { goldenTwins } from 'feedtape/vitest'
 *     await goldenTwins('fixtures')
 */
export async function goldenTwins(folder: string): Promise<void> {
  const { cases, orphanReasons, orphans } = await discover(folder)
  it(`finds golden cases in ${folder}, and no twin without a tape`, () => {
    expect(cases.length).toBeGreaterThan(0)
    expect(orphans.map(file => `${relative(folder, file)} ${orphanReasons[file] ?? ''}`)).toEqual([])
  })
  for (const golden of cases) {
    it(golden.name, async () => {
      const { differences } = await verifyCase(golden, folder)
      expect(differences.map(differenceText).join('\n')).toBe('')
    })
  }
}

import { relative } from 'node:path'
import { expect, it } from 'vitest'
import { differenceText } from './difference.ts'
import { discover } from './discover.ts'
import { verifyCase } from './verify.ts'

/**
 * Makes a test of every golden case below a folder. A user's whole test file is:
 *
 *     import { goldenTwins } from 'feedtape/vitest'
 *     await goldenTwins('fixtures')
 */
export async function goldenTwins(folder: string): Promise<void> {
  const { cases, orphans } = await discover(folder)
  it(`finds golden cases in ${folder}, and no twin without a tape`, () => {
    expect(cases.length).toBeGreaterThan(0)
    expect(orphans.map(file => relative(folder, file))).toEqual([])
  })
  for (const golden of cases) {
    it(golden.name, async () => {
      const { differences } = await verifyCase(golden, folder)
      expect(differences.map(differenceText).join('\n')).toBe('')
    })
  }
}

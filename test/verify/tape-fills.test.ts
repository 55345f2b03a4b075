import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { verifyFolder } from '../../src/verify/index.ts'

const CASE = 'fixtures/tradovate-user-data/fills'

/** A folder with the golden case, its P&L twin changed. */
async function folderWith(change: (twin: string) => string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-verify-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const ending of ['tape', 'quotes']) {
    await copyFile(`${CASE}.${ending}.jsonl`, join(folder, `fills.${ending}.jsonl`))
  }
  await writeFile(join(folder, 'fills.pnl.jsonl'), change(await readFile(`${CASE}.pnl.jsonl`, 'utf8')))
  return folder
}

describe('a P&L twin of the fills that are on its tape', () => {
  test('is compared without a file of positions, and differs where a figure does', async () => {
    expect(await verifyFolder(await folderWith(twin => twin))).toMatchObject({ isEqual: true, orphans: [] })
    const { isEqual, cases } = await verifyFolder(await folderWith(twin => twin.replace('"195"', '"196"')))
    expect(isEqual).toBe(false)
    expect(cases[0]?.differences).toMatchObject([{ file: 'fills.pnl.jsonl' }])
  })

  test('is an orphan where its options do not ask for them', async () => {
    const { orphans } = await verifyFolder(
      await folderWith(twin => twin.replace(',"positions":"fills","account":"1000002"', '')),
    )
    expect(orphans).toEqual(['fills.pnl.jsonl'])
  })

  test.each([
    ['another source', '"positions":"orders"'],
    ['an option that is misspelt', '"position":"fills","positions":"fills"'],
  ])('with %s cannot be used', async (_, options) => {
    const { cases } = await verifyFolder(
      await folderWith(twin => twin.replace('"positions":"fills"', options)),
    )
    expect(cases[0]?.unusable).toContain('a P&L twin begins with its options')
  })

  test('cannot have a file of positions beside it, too', async () => {
    const folder = await folderWith(twin => twin)
    await writeFile(join(folder, 'fills.positions.jsonl'), '')
    const { cases } = await verifyFolder(folder)
    expect(cases[0]?.unusable).toContain('a case has one source of positions')
  })

  test('is written anew with its options as they were', async () => {
    const folder = await folderWith(twin => twin.slice(0, twin.indexOf('\n')))
    await verifyFolder(folder, { update: true })
    expect(await readFile(join(folder, 'fills.pnl.jsonl'), 'utf8')).toBe(
      await readFile(`${CASE}.pnl.jsonl`, 'utf8'),
    )
  })
})

import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { applyUpdates, planUpdate, verifyFolder } from '../../src/verify/index.ts'
import { goldenFolder, plant } from './golden-folder.ts'

const CASE = 'tradingview-socket/reconnect'
const QUOTES = `${CASE}.quotes.jsonl`

function lineCount(text: string): number {
  return text.split('\n').length - 1
}

test('twins that are longer than what is diffed are counted, and written whole', async () => {
  const folder = await goldenFolder(CASE)
  const path = join(folder, QUOTES)
  const right = await readFile(path, 'utf8')
  await plant(folder, QUOTES, '"last":', '"lost":')
  const count = lineCount(right)

  const within = await planUpdate(folder, { mostDiffed: count })
  expect(within.updates).toMatchObject([{ kind: 'changed', added: 1, removed: 1 }])

  const { updates } = await planUpdate(folder, { mostDiffed: count - 1 })
  expect(updates).toMatchObject([{ kind: 'changed', file: QUOTES, added: count, removed: count }])
  expect(updates[0]?.lines).toEqual([`@@ -1,${count} +1,${count} @@ too long to be shown`])
  await applyUpdates(updates)
  expect(await readFile(path, 'utf8')).toBe(right)
})

test('a twin that is not there is written as it is made', async () => {
  const folder = await goldenFolder(CASE)
  const path = join(folder, QUOTES)
  const right = await readFile(path, 'utf8')
  await rm(path)
  await verifyFolder(folder, { update: true })
  expect(await readFile(path, 'utf8')).toBe(right)
})

test('where a twin cannot be written the file is named', async () => {
  const folder = await goldenFolder(CASE)
  await plant(folder, QUOTES, '"last":', '"lost":')
  const { updates } = await planUpdate(folder)
  await rm(join(folder, 'tradingview-socket'), { recursive: true })
  await writeFile(join(folder, 'tradingview-socket'), '')
  // The tape is gone too, but the place to write to is met first.
  await expect(applyUpdates(updates)).rejects.toMatchObject({
    code: 'file-unwritable',
    where: join(folder, QUOTES),
  })
})

import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { verifyFolder } from '../../src/verify/index.ts'

/** The mapped case of json-socket, with another config beside it. */
async function withConfig(text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-taught-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const ending of ['tape.jsonl', 'quotes.jsonl']) {
    await cp(`fixtures/json-socket/mapped.${ending}`, join(folder, `mapped.${ending}`))
  }
  await writeFile(join(folder, 'mapped.config.json'), text)
  return verifyFolder(folder)
}

test.each([
  ['{', 'mapped.config.json: the config is not JSON'],
  ['{"feeds":{"no-such-feed":{}}}', 'mapped.config.json feeds.no-such-feed'],
  ['{"feeds":{"json-socket":{"messages":[{"name":"a","fields":{"bidd":"b"}}]}}}', 'messages.0.fields.bidd'],
])('a config %s beside a tape is refused with its key', async (text, explained) => {
  const { cases, isEqual } = await withConfig(text)
  expect(isEqual).toBe(false)
  expect(cases[0]?.unusable).toContain(explained)
})

test('another mapping gives other quotes, and the difference is shown', async () => {
  const { cases } = await withConfig('{"feeds":{"json-socket":{"messages":[]}}}')
  expect(cases[0]?.differences).toHaveLength(1)
})

test('a config without its tape is an orphan', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'feedtape-taught-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await cp('fixtures/json-socket/unmapped.tape.jsonl', join(folder, 'unmapped.tape.jsonl'))
  await cp('fixtures/json-socket/unmapped.quotes.jsonl', join(folder, 'unmapped.quotes.jsonl'))
  await writeFile(join(folder, 'other.config.json'), '{}')
  const { isEqual, orphans } = await verifyFolder(folder)
  expect({ isEqual, orphans }).toEqual({ isEqual: false, orphans: ['other.config.json'] })
})

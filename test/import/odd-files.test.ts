import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { importCapture } from '../../src/import/index.ts'
import { partsOf } from '../../src/import/json-parts.ts'
import { seededRandom } from '../../src/model/random.ts'
import { temporaryFolder } from './hars.ts'

const HEADER = {
  kind: 'header',
  format: 'feedtape/1',
  id: '00000000000000000000000000000001',
  start: '2026-01-05T14:30:00.000000Z',
  feeds: ['json-socket'],
  generator: { name: 'test', version: '1' },
  platform: 'test',
  clock: 'none',
  redaction: 'none',
}
const FRAME = { kind: 'frame', seq: 1, at: 0, conn: 1, dir: 'in', op: 'text', text: '{"a":1}' }
const TAPE = [HEADER, FRAME].map(entry => JSON.stringify(entry)).join('\n')

test.each([
  ['a tape', TAPE, 'this is a tape already'],
  ['a tape that is packed', gzipSync(TAPE), 'this is packed with gzip'],
  ['a capture that is packed', gzipSync('{"log":{"entries":[]}}'), 'this is packed with gzip'],
])('%s is not taken for a capture', async (_, content, message) => {
  const folder = await temporaryFolder()
  const path = join(folder, 'x')
  await writeFile(path, content)
  const options = { path, output: join(folder, 'y.tape.jsonl'), random: seededRandom(7), version: '0' }
  await expect(importCapture(options)).rejects.toMatchObject({ code: 'bad-capture', message })
})

test('a string of 20 MB is one part, and its quotes do not end it', () => {
  const text = `"${'x'.repeat(10_000_000)}\\"\\\\\\"${'y'.repeat(10_000_000)}\\\\"`
  expect(partsOf(`{"a":${text},"b":[1,"]"]}`)).toEqual([
    { key: 'a', text },
    { key: 'b', text: '[1,"]"]' },
  ])
})

import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { safeLines } from '../../src/tape/index.ts'
import { EVERY_KIND, tapeLines } from './damage.ts'

const LINES = tapeLines(EVERY_KIND)
const WHOLE = LINES.join('')
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'feedtape-safe-lines-'))
})

async function safe(bytes: string | Buffer): Promise<string> {
  const path = join(folder, `${Math.random()}.tape.jsonl`)
  await writeFile(path, bytes)
  const parts: Buffer[] = []
  for await (const part of safeLines(path)) parts.push(part)
  return Buffer.concat(parts).toString()
}

test('of a damaged tape all lines but the one that is hit are handed on, wherever it is hit', async () => {
  for (const [index, line] of LINES.entries()) {
    for (const at of [0, Math.floor(line.length / 2), line.length - 2]) {
      const hit = `${line.slice(0, at)}\u007f${line.slice(at + 1)}`
      expect(await safe(WHOLE.replace(line, () => hit))).toBe(
        LINES.filter((_, other) => other !== index).join(''),
      )
    }
  }
})

test('a newline that was hit costs no line', async () => {
  const [first = '', second = ''] = LINES
  const text = WHOLE.replace(first + second, () => `${first.slice(0, -1)}?${second}`)
  expect(await safe(text)).toBe(WHOLE)
})

test('of a tape that is cut, packed or not, whole lines are handed on', async () => {
  expect(await safe(WHOLE.slice(0, -10))).toBe(LINES.slice(0, -1).join(''))
  const packed = gzipSync(WHOLE)
  expect(await safe(packed)).toBe(WHOLE)
  const rest = await safe(packed.subarray(0, packed.length - 30))
  expect(WHOLE.startsWith(rest)).toBe(true)
  expect(rest === '' || rest.endsWith('\n')).toBe(true)
})

test('a whole tape is handed on byte for byte', async () => {
  const fixture = 'fixtures/tradingview-socket/reconnect.tape.jsonl'
  const parts: Buffer[] = []
  for await (const part of safeLines(fixture)) parts.push(part)
  expect(Buffer.concat(parts)).toEqual(await readFile(fixture))
})

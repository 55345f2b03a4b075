import { readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { CHECKPOINT_BYTES, CHECKPOINT_ENTRIES, fromLine, type Line, toLine } from '../../src/tape/index.ts'
import { SHAPES } from '../../src/tape/shape.ts'

const DOCUMENT = readFileSync(new URL('../../docs/TAPE_FORMAT.md', import.meta.url), 'utf8')
const EXAMPLES = DOCUMENT.split('\n').filter(line => line.startsWith('{'))

const BY_KIND = EXAMPLES.map(example => [/"kind":"(\w+)"/.exec(example)?.[1], example] as const)

test.each(BY_KIND)('the document’s %s decodes, and its CRC fits', (_, example) => {
  const at = example.lastIndexOf(',"crc":')
  expect(example.slice(at)).toBe(`,"crc":"${crc32(example.slice(0, at)).toString(16).padStart(8, '0')}"}`)
  const line = fromLine(example)
  expect(line).not.toMatchObject({ kind: 'damage' })
  if (line.kind !== 'damage') expect(toLine(line)).toBe(`${example}\n`)
})

test('the document shows every kind, every key and both checkpoint limits', () => {
  const lines = EXAMPLES.map(fromLine).filter((line): line is Line => line.kind !== 'damage')
  for (const [kind, rules] of Object.entries(SHAPES)) {
    const shown = new Set(lines.filter(line => line.kind === kind).flatMap(line => Object.keys(line)))
    for (const { key } of rules) {
      const isShown = shown.has(key) || DOCUMENT.includes(`\`${key}\``)
      expect(isShown, `${kind}.${key}`).toBe(true)
    }
  }
  expect(DOCUMENT).toContain(`every ${CHECKPOINT_ENTRIES} entries or ${CHECKPOINT_BYTES / 1024 / 1024} MiB`)
})

test('redactions in the document point at what stands between quotes or behind a sign', () => {
  const stands = EXAMPLES.map(fromLine).flatMap(line => {
    if (line.kind === 'frame' && 'text' in line)
      return (line.redacted ?? []).map(([at, size]) => line.text.slice(at, at + size))
    if (line.kind === 'request')
      return (line.redacted ?? []).map(([at, size]) => line.headers[0]?.[1].slice(at, at + size))
    return []
  })
  expect(stands).toStrictEqual(['kq7w0fz2m4x9', 'zB4kQ81mXw2p'])
})

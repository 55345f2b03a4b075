import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readRun } from '../../src/pnl/explain/index.ts'

const EVENT = '{"kind":"fill","at":"2026-03-02T15:00:00.000000Z","instrument":"NQ1!","quantity":"1"}'
const SUMMARY = '{"kind":"summary","matching":"average"}'
const POSITION = '{"kind":"position","instrument":"NQ1!","quantity":"1","pointValue":"20"}'

function digestOf(lines: readonly string[]): string {
  const sha256 = createHash('sha256')
    .update(lines.map(line => `${line}\n`).join(''))
    .digest('hex')
  return JSON.stringify({ kind: 'digest', sha256 })
}

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield line
}

async function kindsOf(lines: readonly string[]): Promise<readonly string[]> {
  const kinds: string[] = []
  for await (const { kind } of readRun(each(lines), 'a.jsonl')) kinds.push(kind)
  return kinds
}

const LINES = [EVENT, SUMMARY, POSITION]
const WHOLE = [...LINES, digestOf(LINES)]

describe('a run', () => {
  test.each([
    ['is empty', [], 'a.jsonl:0', 'the run is cut: no summary'],
    ['ends before its summary', [EVENT], 'a.jsonl:1', 'the run is cut: no summary'],
    ['ends before its digest', [EVENT, SUMMARY], 'a.jsonl:2', 'the run is cut: no digest'],
    ['has no summary', [POSITION, digestOf([POSITION])], 'a.jsonl:2', 'the run is cut: no summary'],
    ['has a second summary', [...LINES, SUMMARY], 'a.jsonl:4', 'this is more than one run'],
    ['has another behind it', [...WHOLE, ...WHOLE], 'a.jsonl:5', 'this is more than one run'],
  ])('is refused where it %s', async (_, lines, where, message) => {
    await expect(kindsOf(lines)).rejects.toMatchObject({ code: 'bad-run', where, message })
  })

  test('is refused where it was edited, and where --every or a cut took lines away', async () => {
    const digest = digestOf(LINES)
    const edited = LINES.map(line => line.replace('"quantity":"1"', '"quantity":"2"'))
    const positionsAlone = [SUMMARY, POSITION]
    for (const lines of [edited, positionsAlone, [...LINES, '{"kind":"x"}']]) {
      await expect(kindsOf([...lines, digest])).rejects.toMatchObject({
        code: 'bad-run',
        where: `a.jsonl:${lines.length + 1}`,
        message: 'the lines are not those that the digest is of',
        next: 'run replay --json without --every',
      })
    }
  })

  test('is read with what an editor put there: a mark of byte order, an empty line at its end', async () => {
    const kinds = ['event', 'summary', 'position', 'digest']
    expect(await kindsOf(WHOLE)).toEqual(kinds)
    expect(await kindsOf([`\uFEFF${EVENT}`, ...WHOLE.slice(1), ''])).toEqual(kinds)
  })

  test('is each golden twin', async () => {
    const folder = new URL('../../fixtures/', import.meta.url)
    const twins = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(path =>
      path.endsWith('.pnl.jsonl'),
    )
    expect(twins.length).toBeGreaterThan(10)
    for (const path of twins) {
      const kinds = await kindsOf(readFileSync(new URL(path, folder), 'utf8').split('\n'))
      expect(kinds.at(-1)).toBe('digest')
    }
  })
})

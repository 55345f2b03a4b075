import { describe, expect, test } from 'vitest'
import { readShard, verifyFolder } from '../../src/verify/index.ts'

describe('a shard', () => {
  test.each(['0/3', '4/3', '1/0', '1', '1/', '-1/3', '1.5/3', '1/3/5', 'a/b', ''])('%o is none', text => {
    expect(() => readShard(text)).toThrow(expect.objectContaining({ code: 'usage' }))
  })

  test('is some of the cases, and all shards are all of them, each once', async () => {
    const all = await verifyFolder('fixtures/json-socket')
    const names: string[] = []
    for (const text of ['1/3', '2/3', '3/3']) {
      const { cases, of } = await verifyFolder('fixtures/json-socket', { shard: readShard(text) })
      expect(of).toBe(all.cases.length)
      expect(cases.length).toBeGreaterThan(0)
      names.push(...cases.map(({ name }) => name))
    }
    expect(names.toSorted()).toEqual(all.cases.map(({ name }) => name))
  })

  test('may be empty', async () => {
    const { cases, isEqual } = await verifyFolder('fixtures/json-socket', { shard: readShard('99/99') })
    expect({ cases, isEqual }).toEqual({ cases: [], isEqual: true })
  })
})

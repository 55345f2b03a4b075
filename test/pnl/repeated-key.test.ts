import { expect, test } from 'vitest'
import { readPositions } from '../../src/pnl/index.ts'
import { repeatedKey } from '../../src/pnl/sources/repeated-key.ts'

test.each([
  ['{"price":"25600","side":"buy","price":"2"}', 'price'],
  ['{"price" : "1",\t"price"\t:"1"}', 'price'],
  ['{"pri\\u0063e":"1","price":"2"}', 'price'],
  ['{"a\\"b":1,"a\\"b":2}', 'a"b'],
  ['{"at":{},"at":[]}', 'at'],
])('%s has a key twice', (text, key) => {
  expect(repeatedKey(text)).toBe(key)
})

test.each([
  '{}',
  '5',
  '"price"',
  '{"price":"price","side":"price"}',
  '{"a":"\\"a\\":","b":"{","c":"]"}',
  // Those of what is inside are refused for what they are.
  '{"a":{"price":1},"b":{"price":2},"price":3}',
  '[{"price":1},{"price":2}]',
])('%s has each key once', text => {
  expect(repeatedKey(text)).toBeUndefined()
})

test('a fill that says one thing twice is refused with its line, also where both say the same', () => {
  const line = '{"instrument":"NQ1!","side":"buy","quantity":"1","price":"25600"}'
  for (const price of ['2', '25600']) {
    expect(() =>
      readPositions(`${line}\n${line.replace('}', `,"price":"${price}"}`)}`, 'fills.jsonl'),
    ).toThrow(
      expect.objectContaining({
        code: 'bad-positions',
        where: 'fills.jsonl:2',
        found: '"price" a second time',
      }),
    )
  }
})

import { expect, test } from 'vitest'
import { checkDraft } from '../../src/tape/draft-shape.ts'
import type { EntryDraft } from '../../src/tape/index.ts'

const frame = { kind: 'frame', at: 0, conn: 1, dir: 'in', op: 'text', text: 'x' }
const response = { kind: 'response', at: 0, conn: 1, exchange: 1, status: 200, headers: [['a', 'b']] }

test.each([
  ['a frame without a payload', { ...frame, text: undefined }, 'frame with 0 payloads'],
  ['a frame with two payloads', { ...frame, base64: '' }, 'frame with 2 payloads'],
  ['a frame whose text is none', { ...frame, text: 7 }, 'text of frame is not a string'],
  ['a frame whose bytes are no base64', { ...frame, text: undefined, base64: '?' }, 'base64 of frame'],
  ['a frame without a connection', { ...frame, conn: 0 }, 'conn of frame is not a safe integer from 1'],
  ['a frame of an unknown opcode', { ...frame, op: 'continuation' }, 'op of frame is not text, binary'],
  ['headers that are no pairs', { ...response, headers: [['a', undefined]] }, 'headers of response'],
  ['a status that is none', { ...response, status: Number.NaN }, 'status of response'],
  ['a response without a status', { ...response, status: undefined }, 'response without status'],
  ['a mark without words', { kind: 'mark', at: 0 }, 'mark without note'],
  [
    'a close with a fraction for a code',
    { kind: 'close', at: 0, conn: 1, by: 'us', code: 1.5 },
    'code of close',
  ],
])('%s is a mistake that names the key', (_, draft, words) => {
  // What the compiler would refuse is what is under test.
  expect(() => checkDraft(draft as object as EntryDraft)).toThrow(words)
})

test('what readers take passes', () => {
  for (const draft of [frame, response, { ...response, text: 'x' }, { ...response, omitted: 'long' }]) {
    expect(() => checkDraft(draft as object as EntryDraft)).not.toThrow()
  }
})

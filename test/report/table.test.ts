import { describe, expect, test } from 'vitest'
import { bytesText, counted, grouped, plain, tableLines } from '../../src/report/table.ts'

describe('a table', () => {
  test('of no rows has no lines', () => {
    expect(tableLines([])).toEqual([])
  })

  test('keeps rows that are shorter than others and leaves no space at the end of a line', () => {
    expect(tableLines([['a', 'bb', 'c'], ['aaa'], ['', 'b']])).toEqual(['a    bb  c', 'aaa', '     b'])
  })

  test('puts numbers to the right, under their title', () => {
    const lines = tableLines(
      [
        ['du', '15'],
        ['qsd', '4'],
      ],
      {
        align: ['left', 'right'],
        head: ['kind', 'packets'],
        indent: 2,
      },
    )
    expect(lines).toEqual(['  kind  packets', '  du         15', '  qsd         4'])
  })

  test('counts an astral character as one place', () => {
    expect(
      tableLines([
        ['🍣', 'x'],
        ['a', 'y'],
      ]),
    ).toEqual(['🍣  x', 'a  y'])
  })
})

test('numbers are grouped and nouns agree with them', () => {
  expect([grouped(0), grouped(999), grouped(1_000), grouped(1_234_567)]).toEqual([
    '0',
    '999',
    '1,000',
    '1,234,567',
  ])
  expect([counted(0, 'frame'), counted(1, 'frame'), counted(2_000, 'frame')]).toEqual([
    '0 frames',
    '1 frame',
    '2,000 frames',
  ])
  expect(counted(2, 'entry', 'entries')).toBe('2 entries')
  expect([bytesText(999), bytesText(1_000), bytesText(2_500_000)]).toEqual(['999 bytes', '1.0 KB', '2.5 MB'])
})

test('foreign text cannot steer the terminal, and is cut', () => {
  expect(plain('a\u001b[2Jb\nc\u202ed')).toBe('a\\u001b[2Jb\\u000ac\\u202ed')
  expect(plain('12345', 5)).toBe('12345')
  expect(plain('123456', 5)).toBe('1234…')
})

import { expect, test } from 'vitest'
import { reasonKind } from '../../src/inspect/index.ts'
import { troubleLines } from '../../src/report/troubles.ts'

test.each([
  ['lp: a number or null, found the string "25650.25"', 'lp: a number or null, found the string "…"'],
  ['lp: a number or null, found the string "say \\"x\\" and', 'lp: a number or null, found the string "…"'],
  ['expected at most 12 units, found 1.5e+300', 'expected at most … units, found …'],
  ["Unexpected token 'x' at position 58", "Unexpected token '…' at position …"],
  ['p: no list', 'p: no list'],
])('%s is of the kind %s', (reason, kind) => {
  expect(reasonKind(reason)).toBe(kind)
})

test('what differs in its value alone is one line with their number, and the first of them', () => {
  const trouble = (seq: number, value: string, kind = 'qsd') => {
    const reason = `lp: a number, found "${value}"`
    return {
      dir: 'in',
      kind,
      disposition: 'malformed',
      reason,
      sample: value,
      seq,
      packet: 0,
      count: 2,
    } as const
  }
  expect(troubleLines([trouble(2, '1'), trouble(3, '2'), trouble(5, '1', 'du')])).toEqual([
    '  malformed: 4 × in:qsd, lp: a number, found "1" (first: entry 2, packet 0; 2 different values)',
    '    1',
    '  malformed: 2 × in:du, lp: a number, found "1" (first: entry 5, packet 0)',
    '    1',
  ])
})

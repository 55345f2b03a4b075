import { z } from 'zod'
import { FIELD_SPECS, refusedTolerance } from '../diff/index.ts'
import { writtenObject } from '../instruments/hand-written.ts'
import { durationOf } from './written.ts'

const DURATION = 'a duration longer than nothing, such as "500ms"'
const PERCENT = 'a percentage from 0 to 100, such as "99%"'

/** The key `diff` of the config. */
export const DIFF_SCHEMA = writtenObject({
  tolerances: writtenObject(
    Object.fromEntries(
      [...FIELD_SPECS.map(({ field }) => field), 'band'].map(field => [field, toleranceSchema(field)]),
    ),
  )
    .describe(
      'How far apart values may be, by field; band: a last price outside the other side’s bid and ask',
    )
    .optional(),
  maxLag: z
    .string(DURATION)
    .refine(text => durationOf(text) !== undefined, DURATION)
    .describe('How far behind either side may be: "500ms"')
    .optional(),
  minCoverage: z
    .string(PERCENT)
    .refine(text => /^\d+(?:\.\d+)?%?$/.test(text) && Number.parseFloat(text) <= 100, PERCENT)
    .describe('Of the time in which one side has a value, that in which both have: "99%"')
    .optional(),
})

function toleranceSchema(field: string) {
  const expected = 'an amount such as "1tick", "0.05" or "0.1%"'
  return z
    .string(expected)
    .refine(text => refusedTolerance(field, text) === undefined, expected)
    .optional()
}

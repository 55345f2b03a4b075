import { z } from 'zod'
import { writtenObject } from '../../instruments/hand-written.ts'
import { costOf, isAffordable, type PatternCost } from './pattern-cost.ts'
import { patternRefusal } from './pattern-refusal.ts'
import { type Groups, type SignalWords, signalOf } from './signal-forms.ts'

const GROUPS = ['strategy', 'ticker', 'timeframe', 'side', 'quantity', 'price'] as const

const TAUGHT = writtenObject({
  action: z.enum(['open', 'add', 'close'], 'one of "open", "add", "close"').describe('What the line means.'),
  pattern: z
    .string('a regular expression in a string')
    .superRefine((pattern, context) => {
      const refusal = patternRefusal(pattern, GROUPS)
      if (refusal !== undefined) context.addIssue({ code: 'custom', message: refusal })
    })
    .describe(
      `A regular expression (JavaScript’s, flag u) with the named groups ${GROUPS.join(', ')}. It is compared ` +
        'with lines of up to 1,000 characters, without ** and emoji, and not with a line on which it could take ' +
        'too long.',
    ),
  sets: z
    .boolean('true or false')
    .optional()
    .describe('Side, quantity and price are the position behind the signal, at its rounded average.'),
}).superRefine(({ sets, pattern }, context) => {
  const missing = ['side', 'quantity', 'price'].filter(group => !pattern.includes(`(?<${group}>`))
  if (sets !== true || missing.length === 0) return
  const message = `the groups side, quantity and price, where "sets" is true (missing: ${missing.join(', ')})`
  context.addIssue({ code: 'custom', message, path: ['pattern'] })
})

/** `feeds.trade-manager` of a config: how lines are read that no built-in form reads. */
export const SETTINGS = writtenObject({
  signals: z
    .array(TAUGHT, 'a list of patterns')
    .optional()
    .describe('Tried in order, before the built-in forms.'),
  refresh: z
    .enum(['repeat', 'new'], 'one of "repeat", "new"')
    .optional()
    .describe('Whether lines with "action": "Refresh" are said again ("repeat", the default) or are new.'),
})

type Settings = z.infer<typeof SETTINGS>

/** What was taught, ready to be compared. */
export interface Lessons {
  readonly forms: readonly TaughtForm[]
  readonly isRefreshNew: boolean
}

interface TaughtForm {
  readonly action: 'open' | 'add' | 'close'
  readonly sets: boolean
  readonly pattern: RegExp
  readonly cost: PatternCost
}

/** `settings` as the schema has read it, or as it has still to be read. */
export function lessonsOf(settings: unknown): Lessons {
  const { signals = [], refresh }: Settings = settings === undefined ? {} : SETTINGS.parse(settings)
  const forms = signals.map(({ action, pattern, sets = false }) => {
    return { action, sets, pattern: new RegExp(pattern, 'u'), cost: costOf(pattern) }
  })
  return { forms, isRefreshNew: refresh === 'new' }
}

/** By the first form that reads the line; `too-costly` where one could not be compared and none behind it reads it. */
export function taughtSignal(plain: string, { forms }: Lessons): SignalWords | 'too-costly' | undefined {
  let isTooCostly = false
  for (const { action, sets, pattern, cost } of forms) {
    if (!isAffordable(cost, plain)) {
      isTooCostly = true
      continue
    }
    const match = pattern.exec(plain)
    const groups: Groups = match?.groups ?? {}
    const words = match === null ? undefined : signalOf(action, groups, sets)
    if (words !== undefined) return words
  }
  return isTooCostly ? 'too-costly' : undefined
}

import type { EpochMicros } from '../model/time.ts'
import { type FeeRule, feeOf } from './fee-rule.ts'
import type { MatchedFill } from './matching.ts'

/** With its own time, and what it costs by the rule. */
export function costedFill(rule: FeeRule, fill: MatchedFill, at: EpochMicros): MatchedFill {
  const { fee: _, ...deal } = fill
  const fee = feeOf(rule, fill)
  const when = fill.at === undefined ? { at, isUndated: true as const } : { at: fill.at }
  return { ...deal, ...when, ...(fee === undefined ? {} : { fee }) }
}

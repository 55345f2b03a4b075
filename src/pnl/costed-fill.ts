import type { EpochMicros } from '../model/time.ts'
import { type FeeRule, feeOf } from './fee-rule.ts'
import type { MatchedFill } from './matching.ts'

/** With its own time, and what it costs by the rule. */
export function costedFill(rule: FeeRule, fill: MatchedFill, at: EpochMicros): MatchedFill {
  const { fee: _, ...deal } = fill
  const fee = feeOf(rule, fill)
  return { ...deal, at: fill.at ?? at, ...(fee === undefined ? {} : { fee }) }
}

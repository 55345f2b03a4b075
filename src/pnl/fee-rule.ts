import { type Decimal, decimalFromText, decimalSign, decimalText, multiply } from '../model/decimal.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import type { PositionChange } from './position.ts'

/** Which fees count. `fill`: those that come with the fills; `per-contract`: so much for each contract of a fill. */
export type FeeRule =
  | { readonly kind: 'fill' }
  | { readonly kind: 'none' }
  | { readonly kind: 'per-contract'; readonly amount: Decimal }

export const FEES_PER_FILL: FeeRule = { kind: 'fill' }

/** Reads `fill`, `none`, `per-contract=0.62`. Throws `usage`. */
export function parseFeeRule(text: string): FeeRule {
  if (text === 'fill' || text === 'none') return { kind: text }
  const amount = /^per-contract=(.+)$/.exec(text)?.[1]
  const value = amount === undefined ? undefined : decimalFromText(amount)
  if (value !== undefined && decimalSign(value) >= 0) return { kind: 'per-contract', amount: value }
  throw new FeedtapeError('usage', 'the rule for fees cannot be read', {
    where: '--fees',
    expected: 'fill, none, or per-contract=AMOUNT with an amount of at least 0, such as per-contract=0.62',
    found: excerpt(text),
    next: 'leave it out to count the fees that come with the fills',
  })
}

/** As it is written on the command line. */
export function feeRuleText(rule: FeeRule): string {
  return rule.kind === 'per-contract' ? `per-contract=${decimalText(rule.amount)}` : rule.kind
}

/** What this fill costs, in its instrument's currency; `undefined` where nobody says. */
export function feeOf(rule: FeeRule, { fee, quantity }: PositionChange): Decimal | undefined {
  switch (rule.kind) {
    case 'fill':
      return fee
    case 'none':
      return undefined
    case 'per-contract':
      return multiply(quantity, rule.amount)
    default:
      return rule satisfies never
  }
}

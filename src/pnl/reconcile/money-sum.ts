import { add, type Decimal, decimalSign, multiply, ZERO } from '../../model/decimal.ts'
import { type Rate, rateOf } from '../rates.ts'

/** A sum, or why there is none. */
export type MoneySum =
  | { readonly kind: 'sum'; readonly value: Decimal }
  | { readonly kind: 'unknown'; readonly reason: string }

export interface Money {
  readonly value: Decimal | undefined
  /** `undefined` where nobody says it. */
  readonly currency: string | undefined
  /** Why there is no value. */
  readonly reason: string
}

/** What several currencies are converted to, and by what. */
export interface Conversion {
  readonly currency?: string
  readonly rates?: readonly Rate[]
}

/** In one currency, or converted to one. Nothing is nothing in every currency. */
export function sumOfMoney(parts: readonly Money[], { currency: to, rates = [] }: Conversion): MoneySum {
  const currencies = new Set<string | undefined>()
  let sum = ZERO
  for (const { value, currency, reason } of parts) {
    if (value === undefined) return { kind: 'unknown', reason }
    if (decimalSign(value) === 0) continue
    currencies.add(currency)
    const rate = to === undefined ? undefined : rateOf(currency, to, rates)
    if (to !== undefined && rate === undefined) return noRate(currency, to)
    sum = add(sum, rate === undefined ? value : multiply(value, rate.rate))
  }
  if (to !== undefined || currencies.size < 2) return { kind: 'sum', value: sum }
  const names = [...currencies].map(currency => currency ?? 'one that is not known').sort()
  return {
    kind: 'unknown',
    reason: `several currencies, ${names.join(', ')}: --currency with --rate adds them`,
  }
}

function noRate(from: string | undefined, to: string): MoneySum {
  const reason = from === undefined ? 'a currency is not known' : `no rate ${from}/${to}`
  return { kind: 'unknown', reason }
}

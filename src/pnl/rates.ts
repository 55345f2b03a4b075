import { add, type Decimal, decimalFromText, decimalSign, multiply, ONE, ZERO } from '../model/decimal.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import type { TotalReport } from './currency-total.ts'

/** One `from` is worth `rate` of `to`, for the whole run. */
export interface Rate {
  readonly from: string
  readonly to: string
  readonly rate: Decimal
}

/** The totals of a book in one currency, each by the rate that is named. */
export interface ConvertedTotal {
  readonly currency: string
  /** Those that were used, by `from`. */
  readonly rates: readonly Rate[]
  /** Why there is no sum. Never a part of one. */
  readonly reasons: readonly string[]
  readonly unrealized: Decimal | undefined
  readonly realized: Decimal | undefined
  readonly fees: Decimal | undefined
  readonly net: Decimal | undefined
}

export const CURRENCY = /^[A-Z0-9]{3,5}$/

/** Reads `EUR/USD=1.08`: one euro is worth 1.08 dollars. Throws `usage`. */
export function parseRate(text: string): Rate {
  const [, from = '', to = '', amount = ''] = /^([^/=]+)\/([^/=]+)=(.+)$/.exec(text) ?? []
  const rate = decimalFromText(amount)
  const isRight = CURRENCY.test(from) && CURRENCY.test(to) && from !== to
  if (isRight && rate !== undefined && decimalSign(rate) > 0) return { from, to, rate }
  throw new FeedtapeError('usage', 'the rate cannot be read', {
    where: '--rate',
    expected: 'FROM/TO=AMOUNT with an amount above 0, such as EUR/USD=1.08: one euro is worth 1.08 dollars',
    found: excerpt(text),
    next: 'write what one unit of the first currency is worth in the second',
  })
}

/** Throws `usage`, also where two of them are of one pair. */
export function parseRates(texts: readonly string[]): readonly Rate[] {
  const rates = texts.map(parseRate)
  for (const [index, { from, to }] of rates.entries()) {
    const first = rates.findIndex(rate => rate.from === from && rate.to === to)
    if (first === index) continue
    throw new FeedtapeError('usage', `two rates of ${from}/${to}`, {
      where: '--rate',
      expected: 'one rate for each pair, for the whole run',
      found: `${excerpt(texts[first] ?? '')} and ${excerpt(texts[index] ?? '')}`,
      next: 'leave one of them out',
    })
  }
  return rates
}

/** Throws `usage`. */
export function parseCurrency(text: string): string {
  if (CURRENCY.test(text)) return text
  throw new FeedtapeError('usage', 'the currency cannot be read', {
    where: '--currency',
    expected: 'capitals as in the totals, such as USD or USDT',
    found: excerpt(text),
    next: 'leave it out: each currency has a total of its own',
  })
}

/**
 * A rate is used in its own direction only: the other one is a division, and seldom a decimal. Without one, or with
 * a total that has no figure itself, there is no sum.
 */
export function convertedTotal(
  totals: readonly TotalReport[],
  currency: string,
  rates: readonly Rate[],
): ConvertedTotal {
  const parts = totals.map(total => ({ total, rate: rateOf(total.currency, currency, rates) }))
  const reasons = parts.flatMap(({ total, rate }) => reasonsOf(total, rate, currency))
  const isPriced = parts.every(({ rate }) => rate !== undefined)
  const sumOf = (pick: (total: TotalReport) => Decimal | undefined): Decimal | undefined => {
    let sum = ZERO
    for (const { total, rate } of parts) {
      const value = pick(total)
      if (value === undefined || rate === undefined) return undefined
      sum = add(sum, multiply(value, rate.rate))
    }
    return sum
  }
  return {
    currency,
    rates: parts.flatMap(({ rate }) => (rate === undefined || rate.from === rate.to ? [] : [rate])),
    reasons,
    unrealized: sumOf(total => total.unrealized),
    realized: sumOf(total => total.realized),
    fees: isPriced ? sumOf(total => total.fees) : undefined,
    net: sumOf(total => total.net),
  }
}

/** `undefined` where nobody has said it; of itself it is 1. */
export function rateOf(from: string | undefined, to: string, rates: readonly Rate[]): Rate | undefined {
  if (from === undefined) return undefined
  if (from === to) return { from, to, rate: ONE }
  return rates.findLast(rate => rate.from === from && rate.to === to)
}

function reasonsOf(
  { currency, instruments, unpriced }: TotalReport,
  rate: Rate | undefined,
  to: string,
): readonly string[] {
  const missing =
    rate !== undefined
      ? []
      : currency === undefined
        ? [`the currency of ${instruments.join(', ')} is not known`]
        : [`no rate ${currency}/${to}`]
  return unpriced.length === 0 ? missing : [...missing, `unpriced: ${unpriced.join(', ')}`]
}

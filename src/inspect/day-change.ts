import { absolute, compare, type Decimal, decimalText, subtract } from '../model/decimal.ts'
import type { QuoteFields } from '../model/quote.ts'

/**
 * The wire's own change and what the prices of the same packet give, where these are apart by more than the last digit
 * that both of them keep: a rounded one is none of it.
 */
export function otherChange({
  change,
  last,
  previousClose,
}: QuoteFields): { readonly change: string; readonly byPrices: string } | undefined {
  if (!change || !last || !previousClose) return undefined
  const byPrices = subtract(last, previousClose)
  const digits: Decimal = {
    mantissa: 1,
    scale: Math.min(change.scale, Math.max(last.scale, previousClose.scale)),
  }
  if (compare(absolute(subtract(change, byPrices)), digits) <= 0) return undefined
  return { change: decimalText(change), byPrices: decimalText(byPrices) }
}

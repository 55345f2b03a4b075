import { add, type Decimal, decimalEquals, decimalText, subtract, ZERO } from '../../model/decimal.ts'
import type { PairReport } from '../holding.ts'
import type { Check, CheckDifference } from './check.ts'
import type { ForeignDay } from './foreign-file.ts'

/**
 * What fills realized on each trade date, less what the fills of that date cost, against what the broker calls
 * realized. A pair belongs to the trade date of its closing fill.
 */
export function checkDays(
  name: string,
  pairs: readonly PairReport[],
  fees: ReadonlyMap<string, Decimal>,
  theirs: readonly ForeignDay[],
): Check {
  const realized = new Map<string, Decimal>()
  for (const { closing, pnl } of pairs) {
    const day = closing.tradeDate ?? ''
    realized.set(day, add(realized.get(day) ?? ZERO, pnl ?? ZERO))
  }
  const differences = theirs.flatMap(({ tradeDate, realized: said, place }): CheckDifference[] => {
    const gross = realized.get(tradeDate) ?? ZERO
    const cost = fees.get(tradeDate) ?? ZERO
    const net = subtract(gross, cost)
    if (decimalEquals(net, said)) return []
    return [
      {
        what: `realized on ${tradeDate}`,
        ours: { text: `${decimalText(gross)} − ${decimalText(cost)} = ${decimalText(net)}` },
        theirs: { text: decimalText(said), place },
        difference: subtract(said, net),
      },
    ]
  })
  const told = new Set(theirs.map(({ tradeDate }) => tradeDate))
  const untold = [...realized.keys()].filter(day => !told.has(day)).sort()
  const notes =
    untold.length === 0
      ? []
      : [`not told by the broker: ${untold.map(day => day || 'no trade date').join(', ')}`]
  return { name, compared: theirs.length, differences, notes }
}

import type { Truth } from '../../src/synth/index.ts'
import { type Comparison, isSilent, type Side } from './compare.ts'
import { currencyOf, timeOf, type Valued } from './pnl-agreement.ts'
import type { Held, Standing, Sum } from './standings.ts'

/** Two wires, in what both have a mark for: to the last digit. Sums where both have the same to add up. */
export function compareWires(one: Valued, other: Valued, truth: Truth): Comparison {
  const result: Comparison = { compared: 0, untold: 0, differences: [] }
  for (const a of one.held.filter(({ isCarried }) => isCarried)) {
    for (const b of other.held.filter(({ isCarried, trader }) => isCarried && trader === a.trader)) {
      for (const index of truth.settled.keys()) {
        const where = `${a.trader.name} at ${timeOf(truth, index)}: ${one.side.name}, ${other.side.name}`
        for (const market of a.markets) {
          if (!b.markets.has(market)) continue
          const standings = [a, b].map(({ moments }) => moments[index]?.positions.get(market))
          const isUntold = [one.side, other.side].some((side, n) => {
            return isUntoldYet(side, standings[n], market, index, truth)
          })
          if (isUntold) result.untold += 1
          else compareTexts(result, standings[0], standings[1], `${market} of ${where}`)
        }
        compareEqualSums(result, a, b, index, where, truth)
      }
    }
  }
  return result
}

function isUntoldYet(
  side: Side,
  standing: Standing | undefined,
  market: string,
  index: number,
  truth: Truth,
) {
  if (standing?.refused !== 'no price yet') return false
  return (['last', 'bid', 'ask'] as const).some(field => isSilent(side, { market, field, index }, truth))
}

function compareEqualSums(
  result: Comparison,
  a: Held,
  b: Held,
  index: number,
  where: string,
  truth: Truth,
): void {
  for (const [currency, sum] of a.moments[index]?.sums ?? []) {
    const [ours, theirs] = [a, b].map(held => membersOf(held, index, currency, truth))
    const other = b.moments[index]?.sums.get(currency)
    // Where one of them is untold on a wire, that position has been counted.
    if (ours !== theirs || sum.unpriced !== other?.unpriced) continue
    compareTexts(result, sum, other, `${currency} of ${where}`)
  }
}

function membersOf({ moments }: Held, index: number, currency: string, truth: Truth): string {
  const held = [...(moments[index]?.positions.keys() ?? [])]
  return held
    .filter(market => currencyOf(truth, market) === currency)
    .toSorted()
    .join(' ')
}

function compareTexts(
  result: Comparison,
  a: Standing | Sum | undefined,
  b: Standing | Sum | undefined,
  about: string,
): void {
  const [ours, theirs] = [new Map(Object.entries(a ?? {})), new Map(Object.entries(b ?? {}))]
  for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
    result.compared += 1
    if (ours.get(name) === theirs.get(name)) continue
    result.differences.push(`${about}: ${name} ${ours.get(name)}, ${theirs.get(name)}`)
  }
}

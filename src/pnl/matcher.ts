import { add, ZERO } from '../model/decimal.ts'
import { FifoMatcher } from './fifo.ts'
import type { Matcher, Matching } from './matching.ts'
import { applyFill, FLAT, heldAs, type Position } from './position.ts'

/** The same fill id is the same fill: the second time nothing happens. */
export function createMatcher(matching: Matching): Matcher {
  const matcher = plainMatcher(matching)
  const ids = new Set<string>()
  return {
    pairs: matcher.pairs,
    charge: fee => matcher.charge(fee),
    state: stated => matcher.state(stated),
    fill(fill) {
      if (fill.id !== undefined && ids.has(fill.id)) return matcher.charge(ZERO)
      if (fill.id !== undefined) ids.add(fill.id)
      return matcher.fill(fill)
    },
  }
}

function plainMatcher(matching: Matching): Matcher {
  switch (matching) {
    case 'average':
      return averageMatcher()
    case 'fifo':
      return new FifoMatcher()
    default:
      return matching satisfies never
  }
}

/** No fill closes another: each takes its share of all that is open. */
function averageMatcher(): Matcher {
  let position: Position = FLAT
  return {
    pairs: [],
    fill(fill) {
      position = applyFill(position, fill)
      return position
    },
    charge(fee) {
      position = { ...position, fees: add(position.fees, fee) }
      return position
    },
    state(stated) {
      position = { ...position, ...heldAs(stated) }
      return position
    },
  }
}

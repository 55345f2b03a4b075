import type { PnlResult } from '../pnl/index.ts'
import { type ExitCode, type Io, tell } from './io.ts'
import { tellUnmarked } from './unmarked.ts'

/** A position that could not be priced is a loss that has to be said: 3. */
export function tellUnpriced(io: Io, result: PnlResult): ExitCode {
  const unmarked = tellUnmarked(io, result)
  return tellUnvalued(io, result) || unmarked
}

/** So is one whose point value never came to be known: not even what it realized is money. */
export function tellUnvalued(io: Io, { books }: PnlResult): ExitCode {
  const positions = books.flatMap(book => book.positions)
  const unvalued = new Map(
    positions.flatMap(({ instrument, pointValue, unpriced }) =>
      pointValue === undefined ? [[instrument, unpriced?.reason] as const] : [],
    ),
  )
  for (const [instrument, reason] of unvalued) {
    if (reason?.startsWith('inverse contract')) {
      tell(io, `feedtape: ${instrument}: ${reason}; its P&L is not (price − average) × size of anything`)
      tell(io, `  next      if it is linear, --config FILE with ${linear(instrument)}`)
      continue
    }
    tell(
      io,
      `feedtape: ${instrument}: its point value is neither in the config, nor on the wire, nor in the table`,
    )
    tell(
      io,
      `  next      --config FILE with {"instruments":{${JSON.stringify(instrument)}:{"pointValue":"…"}}}`,
    )
  }
  return unvalued.size > 0 ? 3 : 0
}

function linear(instrument: string): string {
  return `{"instruments":{${JSON.stringify(instrument)}:{"kind":"linear","pointValue":"…"}}}`
}

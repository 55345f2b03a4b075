import { FeedtapeError } from '../model/errors.ts'
import type { BookPlan, PnlResult, SourceReport } from '../pnl/index.ts'
import { type Io, tell } from './io.ts'

/** A file without a fill is a mistake: there is nothing that it could be counted with. Throws `bad-positions`. */
export function refuseNoFills(plans: readonly BookPlan[]): void {
  for (const plan of plans) {
    if ('from' in plan || plan.fills.length > 0) continue
    throw new FeedtapeError('bad-positions', 'the file has no fill', {
      where: `--positions ${plan.file}`,
      expected: 'a fill as a JSON object on each line',
      found: '0 fills',
      next: 'name the file that has them; for the prices alone: feedtape quotes TAPE',
    })
  }
}

/** Tapes of a quiet day are no mistake, and other tapes than were meant look just like them: it is said, and that is all. */
export function tellNothingHeld(io: Io, { books }: PnlResult): void {
  for (const { positions, source } of books) {
    if (positions.length > 0 || source === undefined) continue
    tell(io, `feedtape: --positions ${source.positions}: ${nothingOf(source.positions)}; the table is empty`)
  }
}

function nothingOf(kind: SourceReport['positions']): string {
  switch (kind) {
    case 'fills':
      return '0 fills of the tapes count'
    case 'broker':
      return 'the broker states no position on these tapes'
    case 'signals':
      return 'no signal of the tapes opens a position'
    case 'signals-file':
      return 'no signal of the file opens a position'
    default:
      return kind satisfies never
  }
}

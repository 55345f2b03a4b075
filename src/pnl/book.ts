import type { EpochMicros } from '../model/time.ts'
import { Ledger, type LedgerOptions } from './ledger.ts'
import type { BookPlan, BookReport } from './replay-options.ts'
import { FillsFile } from './sources/fills-file.ts'
import type { PositionSource, SourceRoom } from './sources/position-source.ts'
import { TapeBrokerSource } from './sources/tape-broker-source.ts'
import { TapeFillsSource } from './sources/tape-fills-source.ts'
import { TapeSignalsSource } from './sources/tape-signals-source.ts'
import { WebhookSource } from './sources/webhook-source.ts'

/** One source's positions and their money. Books stand side by side; nothing is ever summed over two. */
export class Book {
  /** `fills`, `file`, `file-2`: unique within a run, and never a path. */
  readonly name: string
  readonly ledger: Ledger
  readonly source: PositionSource

  constructor(name: string, plan: BookPlan, options: LedgerOptions, canonical: (name: string) => string) {
    this.name = name
    this.ledger = new Ledger(options)
    this.source = sourceOf(plan, { ledger: this.ledger, canonical })
  }

  /** When a mark grows stale or the source has something, not before `start`. */
  dueFrom(start: EpochMicros): EpochMicros {
    return Math.min(this.ledger.nextDue, this.sourceFrom(start))
  }

  /** What is open at the start comes at the start. */
  sourceFrom(start: EpochMicros): EpochMicros {
    return Math.max(this.source.nextAt, start)
  }

  report(withPairs: boolean): BookReport {
    const source = this.source.report()
    return {
      name: this.name,
      positions: this.ledger.positions(),
      ...(withPairs ? { pairs: this.ledger.pairs() } : {}),
      ...(source === undefined ? {} : { source }),
      totals: this.ledger.totals(),
      trades: this.ledger.trades(),
      days: this.ledger.days(),
    }
  }
}

/** `file`, `file-2`: the second of a kind is numbered. */
export function bookNames(plans: readonly BookPlan[]): readonly string[] {
  const seen = new Map<string, number>()
  return plans.map(plan => {
    const kind = 'from' in plan ? plan.from : 'file'
    const count = (seen.get(kind) ?? 0) + 1
    seen.set(kind, count)
    return count === 1 ? kind : `${kind}-${count}`
  })
}

/** The instruments that a file speaks of, as written there. */
export function writtenNames(plan: BookPlan): readonly string[] {
  if (!('from' in plan)) return plan.fills.map(({ instrument }) => instrument)
  if (plan.from !== 'signals-file') return []
  return plan.signals.flatMap(({ word }) => (word.name === '' ? [] : [word.name]))
}

function sourceOf(plan: BookPlan, room: SourceRoom): PositionSource {
  if (!('from' in plan)) return new FillsFile(plan, room)
  switch (plan.from) {
    case 'fills':
      return new TapeFillsSource(room, plan.account)
    case 'broker':
      return new TapeBrokerSource(room, plan.account)
    case 'signals':
      return new TapeSignalsSource(room)
    case 'signals-file':
      return new WebhookSource(plan, room)
    default:
      return plan satisfies never
  }
}

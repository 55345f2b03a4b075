import { type EpochMicros, isoFromEpochMicros } from '../model/time.ts'
import type { BookPlan } from '../pnl/index.ts'
import { type Io, tell } from './io.ts'

/** A run that ends before a fill of its file has no figures for it: whoever starts one knows it before, not behind it. */
export function tellFillsToCome(io: Io, plans: readonly BookPlan[], now: EpochMicros): void {
  for (const plan of plans) {
    if ('from' in plan) continue
    const late = plan.fills.filter(({ at }) => at !== undefined && at > now)
    const last = late.at(-1)
    if (last?.at === undefined) continue
    const count = late.length === 1 ? 'a fill is' : `${late.length} fills are`
    tell(
      io,
      `${plan.file}:${last.line}: ${count} still to come, the last at ${isoFromEpochMicros(last.at)}; ` +
        'a run that ends before it ends with an error, without a summary',
    )
  }
}

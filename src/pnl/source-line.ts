import type { JsonObject } from '../model/observation.ts'
import type { FillsReport } from './tape-fills.ts'

/** What the positions of a run were made of, where the tapes' own fills made them. */
export function sourceLine({ account, otherAccounts, ...counts }: FillsReport): JsonObject {
  return {
    kind: 'source',
    positions: 'fills',
    account: account ?? null,
    ...counts,
    otherAccounts: [...otherAccounts],
  }
}

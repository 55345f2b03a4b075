import type { JsonObject } from '../../model/observation.ts'
import { bookKey } from '../lines.ts'
import type { SourceReport } from './source-report.ts'

/** What the positions of a book were made of, where the tapes' own words made them. */
export function sourceLine(
  { positions, account, otherAccounts, ...counts }: SourceReport,
  book?: string,
): JsonObject {
  return {
    kind: 'source',
    ...bookKey(book),
    positions,
    account: account ?? null,
    ...counts,
    otherAccounts: [...otherAccounts],
  }
}

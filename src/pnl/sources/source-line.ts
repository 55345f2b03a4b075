import type { JsonObject } from '../../model/observation.ts'
import { bookKey } from '../lines.ts'
import { signalLine } from './signal-line.ts'
import type { BrokerSourceReport, FillsSourceReport, SourceReport } from './source-report.ts'
import { balanceLine } from './tape-broker-balances.ts'

/** What the positions of a book were made of, where the tapes' own words made them. */
export function sourceLine(source: SourceReport, book?: string): JsonObject {
  return { kind: 'source', ...bookKey(book), ...reportJson(source) }
}

function reportJson(source: SourceReport): JsonObject {
  switch (source.positions) {
    case 'fills':
      return fillsJson(source)
    case 'broker':
      return brokerJson(source)
    case 'signals':
    case 'signals-file':
      return signalLine(source)
    default:
      return source satisfies never
  }
}

function fillsJson({ positions, account, otherAccounts, ...counts }: FillsSourceReport): JsonObject {
  return { positions, account: account ?? null, ...counts, otherAccounts: [...otherAccounts] }
}

function brokerJson({
  positions,
  account,
  otherAccounts,
  balances: _,
  ...counts
}: BrokerSourceReport): JsonObject {
  return { positions, account: account ?? null, ...counts, otherAccounts: [...otherAccounts] }
}

/** What the accounts have, one line each: beside the figures, and never in them. */
export function balanceLines(source: SourceReport, book?: string): readonly JsonObject[] {
  if (source.positions !== 'broker') return []
  return (source.balances ?? []).map(balance => balanceLine(balance, book))
}

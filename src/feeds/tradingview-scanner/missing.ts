import type { ClientRequest } from './request.ts'
import type { NamedRows } from './rows.ts'

/**
 * The tickers that were asked for and have no row: the scanner leaves out what it does not know in that market.
 * A filter leaves out more, and a page that is full may have been cut: then nobody can tell.
 */
export function missingTickers(request: ClientRequest | undefined, found: NamedRows): readonly string[] {
  if (request?.kind !== 'scan' && request?.kind !== 'scan2') return []
  if (!request.isPlain || found.problems.length > 0) return []
  const [from, to] = request.range ?? [0, Number.POSITIVE_INFINITY]
  if (from !== 0 || found.rows.length >= to) return []
  const answered = new Set(found.rows.map(row => row.name))
  return [...new Set(request.tickers)].filter(ticker => !answered.has(ticker))
}

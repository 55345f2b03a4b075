import { createHash } from 'node:crypto'
import { DISPOSITIONS } from '../feeds/feed.ts'
import type { JsonObject } from '../model/observation.ts'
import { isoFromEpochMicros } from '../model/time.ts'
import type { EntrySource } from '../replay/index.ts'
import type { Header } from '../tape/entry.ts'
import { feeRuleText } from './fee-rule.ts'
import { identityLine, rollLine } from './identity-lines.ts'
import { eventLine, positionLine, totalLine } from './lines.ts'
import { pairLine } from './pair-lines.ts'
import { convertedTotal } from './rates.ts'
import type {
  BookPlan,
  BookReport,
  EngineOptions,
  PnlEvents,
  PnlOptions,
  PnlResult,
} from './replay-options.ts'
import { plansOf, replayPnl } from './replay-pnl.ts'
import { balanceLines, sourceLine } from './sources/source-line.ts'
import { convertedLine, equityLine, statisticsLines } from './statistics-lines.ts'

export interface PnlLinesOptions extends PnlOptions {
  readonly tick?: PnlEvents['tick']
}

/**
 * A run as the lines of `replay --json`: one per event that changes a figure, then the summary. `onLine` gets each
 * without its newline, and for an event whose figure changed: of two events with the same key the later one tells more.
 * The digest is SHA-256 over all of them, newlines included; it holds no path, no version, no speed and no compression.
 */
export async function replayToLines(
  sources: readonly EntrySource[],
  positions: BookPlan | readonly BookPlan[],
  options: PnlLinesOptions,
  onLine: (line: string, key?: string) => void,
): Promise<{ readonly result: PnlResult; readonly digest: string }> {
  const lines = new PnlLines(plansOf(positions).length, onLine)
  const result = await replayPnl(sources, positions, options, {
    changed: lines.changed,
    ...(options.equity === true ? { equity: lines.equity } : {}),
    ...(options.tick === undefined ? {} : { tick: options.tick }),
  })
  const headers = sources.map(({ header }) => header)
  return { result, digest: lines.finish(result, headers, options) }
}

/** The lines of one run, replayed or live, and the digest of them. */
export class PnlLines {
  readonly #hash = createHash('sha256')
  readonly #isOneOfSeveral: boolean
  readonly #onLine: (line: string, key?: string) => void

  constructor(books: number, onLine: (line: string, key?: string) => void) {
    this.#isOneOfSeveral = books > 1
    this.#onLine = onLine
  }

  readonly changed: NonNullable<PnlEvents['changed']> = (cause, position, totalNet, name) => {
    const book = this.#isOneOfSeveral ? name : undefined
    const key = JSON.stringify([name, position.instrument, position.label])
    this.#put(eventLine(cause, position, totalNet, book), key)
  }

  /** Where they are asked for: a run gives its engine this listener only then. */
  readonly equity: NonNullable<PnlEvents['equity']> = (at, { key, currency, net }, name) => {
    const book = this.#isOneOfSeveral ? name : undefined
    this.#put(equityLine(at, currency, net, book), `${name} ${key}`)
  }

  /** Ends with the summary. */
  finish(result: PnlResult, headers: readonly Header[], rules: EngineOptions): string {
    for (const line of summaryLines(result, headers, rules)) this.#put(line)
    return this.#hash.digest('hex')
  }

  #put(json: JsonObject, key?: string): void {
    const line = JSON.stringify(json)
    this.#hash.update(`${line}\n`)
    this.#onLine(line, key)
  }
}

/** The figures at the end and the rules that made them. */
export function summaryLines(
  result: PnlResult,
  headers: readonly Header[],
  options: EngineOptions,
): readonly JsonObject[] {
  const { chain, staleAfter, matching = 'average', fees, chosen } = options
  const { books } = result
  const isOneOfSeveral = books.length > 1
  return [
    {
      kind: 'summary',
      start: isoFromEpochMicros(result.start),
      end: isoFromEpochMicros(result.end),
      tapes: headers.map(({ id }) => id),
      ...(chosen === undefined ? {} : { positions: chosen.source, words: { ...chosen.words } }),
      ...(isOneOfSeveral ? { books: books.map(({ name }) => name) } : {}),
      matching,
      mark: chain.join(','),
      staleAfterMicros: staleAfter,
      // Not where it is the default: runs from before there was a choice stay the same bytes.
      ...(fees === undefined || fees.kind === 'fill' ? {} : { fees: feeRuleText(fees) }),
      packets: result.tallies.reduce((sum, tally) => sum + tally.packets, 0),
      understood: result.tallies.every(isUnderstood),
    },
    ...books.flatMap(({ name, source }) => {
      if (source === undefined) return []
      return [sourceLine(source, bookIn(name)), ...balanceLines(source, bookIn(name))]
    }),
    ...result.contradictions.map(contradiction => ({
      kind: 'contradiction',
      instrument: contradiction.instrument,
      value: contradiction.value,
      kept: { ...contradiction.kept },
      other: { ...contradiction.other },
      ...(contradiction.note === undefined ? {} : { note: contradiction.note }),
    })),
    ...result.identities.map(identityLine),
    ...result.rolls.map(rollLine),
    ...books.flatMap(book => bookLines(book, bookIn(book.name), options)),
  ]

  function bookIn(name: string): string | undefined {
    return isOneOfSeveral ? name : undefined
  }
}

function bookLines(
  report: BookReport,
  book: string | undefined,
  { stats, currency, rates = [] }: EngineOptions,
): readonly JsonObject[] {
  const { positions, pairs = [], totals } = report
  return [
    ...positions.map(position => positionLine(position, book)),
    ...pairs.map(pair => pairLine(pair, book)),
    ...totals.map(total => totalLine(total, book)),
    ...(currency === undefined ? [] : [convertedLine(convertedTotal(totals, currency, rates), book)]),
    ...(stats === true ? statisticsLines(report, book) : []),
  ]
}

/** Nothing unknown, nothing malformed, nothing that no feed could read. */
function isUnderstood(tally: PnlResult['tallies'][number]): boolean {
  const counts = tally.dispositions()
  const strange = DISPOSITIONS.filter(d => d === 'unknown' || d === 'malformed')
  return tally.unreadable === 0 && strange.every(d => counts[d] === 0)
}

import { createHash } from 'node:crypto'
import { DISPOSITIONS } from '../feeds/feed.ts'
import type { JsonObject } from '../model/observation.ts'
import { isoFromEpochMicros } from '../model/time.ts'
import type { EntrySource } from '../replay/index.ts'
import { feeRuleText } from './fee-rule.ts'
import { identityLine, rollLine } from './identity-lines.ts'
import { eventLine, positionLine, totalLine } from './lines.ts'
import { pairLine } from './pair-lines.ts'
import type { PnlEvents, PnlOptions, PnlResult, Positions, TapePositions } from './replay-options.ts'
import { replayPnl } from './replay-pnl.ts'
import { sourceLine } from './source-line.ts'

export interface PnlLinesOptions extends PnlOptions {
  readonly tick?: PnlEvents['tick']
}

/**
 * A run as the lines of `replay --json`: one per event that changes a figure, then the summary. `onLine` gets
 * each without its newline, and for an event the instrument whose figure changed. The digest is SHA-256 over all of them, newlines included; it holds no path, no
 * version, no speed and no compression.
 */
export async function replayToLines(
  sources: readonly EntrySource[],
  positions: Positions | TapePositions,
  options: PnlLinesOptions,
  onLine: (line: string, instrument?: string) => void,
): Promise<{ readonly result: PnlResult; readonly digest: string }> {
  const hash = createHash('sha256')
  const put = (json: JsonObject, instrument?: string): void => {
    const line = JSON.stringify(json)
    hash.update(`${line}\n`)
    onLine(line, instrument)
  }
  const result = await replayPnl(sources, positions, options, {
    changed: (cause, position, totalNet) => put(eventLine(cause, position, totalNet), position.instrument),
    ...(options.tick === undefined ? {} : { tick: options.tick }),
  })
  for (const line of summaryLines(result, sources, options)) put(line)
  return { result, digest: hash.digest('hex') }
}

/** The figures at the end and the rules that made them. */
export function summaryLines(
  result: PnlResult,
  sources: readonly EntrySource[],
  {
    chain,
    staleAfter,
    matching = 'average',
    fees,
  }: Pick<PnlOptions, 'chain' | 'staleAfter' | 'matching' | 'fees'>,
): readonly JsonObject[] {
  return [
    {
      kind: 'summary',
      start: isoFromEpochMicros(result.start),
      end: isoFromEpochMicros(result.end),
      tapes: sources.map(({ header }) => header.id),
      matching,
      mark: chain.join(','),
      staleAfterMicros: staleAfter,
      // Not where it is the default: runs from before there was a choice stay the same bytes.
      ...(fees === undefined || fees.kind === 'fill' ? {} : { fees: feeRuleText(fees) }),
      packets: result.tallies.reduce((sum, tally) => sum + tally.packets, 0),
      understood: result.tallies.every(isUnderstood),
    },
    ...(result.source === undefined ? [] : [sourceLine(result.source)]),
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
    ...result.positions.map(positionLine),
    ...(result.pairs ?? []).map(pairLine),
    ...result.totals.map(totalLine),
  ]
}

/** Nothing unknown, nothing malformed, nothing that no feed could read. */
function isUnderstood(tally: PnlResult['tallies'][number]): boolean {
  const counts = tally.dispositions()
  const strange = DISPOSITIONS.filter(d => d === 'unknown' || d === 'malformed')
  return tally.unreadable === 0 && strange.every(d => counts[d] === 0)
}

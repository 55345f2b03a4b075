import { isoFromEpochMicros } from '../model/time.ts'
import type { Check, CheckDifference, CheckSide, Reconciliation } from '../pnl/reconcile/index.ts'
import { signedText } from './figures.ts'
import { counted, grouped, plain } from './table.ts'

/** So many differences of a check are listed; the JSON has all. */
const LISTED = 20

export function reconciliationText({ checks }: Reconciliation): string[] {
  return checks.flatMap((check, index) => [...(index === 0 ? [] : ['']), ...checkText(check)])
}

function checkText({ name, compared, differences, notes }: Check): string[] {
  const count = differences.length
  // Nothing compared is nothing found equal.
  const same = compared === 0 ? 'nothing to compare' : 'equal'
  const verdict = count === 0 ? same : counted(count, 'difference')
  const more = count > LISTED ? [`  and ${grouped(count - LISTED)} more: --json lists them all`] : []
  return [
    shown(`${name}: ${grouped(compared)} compared, ${verdict}`),
    ...notes.map(note => shown(`  ${note}`)),
    ...differences.slice(0, LISTED).flatMap(differenceText),
    ...more,
  ]
}

function differenceText({ what, ours, theirs, difference }: CheckDifference): string[] {
  return [
    shown(`  ${what}${difference === undefined ? '' : `: ${signedText(difference)}`}`),
    shown(`    ours    ${sideText(ours)}`),
    shown(`    theirs  ${sideText(theirs)}`),
  ]
}

function sideText({ text, at, place }: CheckSide): string {
  const when = at === undefined ? '' : `, ${isoFromEpochMicros(at)}`
  return `${text}${when}${place === undefined || place === '' ? '' : `, ${place}`}`
}

function shown(line: string): string {
  return plain(line, Number.POSITIVE_INFINITY)
}

import { CAUSES, type CaseCause } from './case-cause.ts'
import type { CaseResult } from './verify.ts'

/** Cases that differ for what looks like one reason. */
export interface CauseGroup {
  readonly first: CaseResult
  /** In the order of their names. */
  readonly others: readonly CaseResult[]
}

/** The cases that are not equal: the nearest cause first, and equal causes together. */
export function groupCauses(cases: readonly CaseResult[]): readonly CauseGroup[] {
  const groups = new Map<string, { readonly first: CaseResult; readonly others: CaseResult[] }>()
  for (const one of cases) {
    if (one.cause === undefined) continue
    const key = likeness(one.cause)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { first: one, others: [] })
    else group.others.push(one)
  }
  return [...groups.values()].sort((a, b) => rank(a.first) - rank(b.first))
}

function rank({ cause }: CaseResult): number {
  return cause === undefined ? CAUSES.length : CAUSES.indexOf(cause.kind)
}

/** The same key of the same kind of line, changed in the same way, on one wire. */
function likeness({ change, key, kind, of, place }: CaseCause): string {
  if (kind === 'missing') return kind
  return JSON.stringify([kind, place?.feed, of, key, change])
}

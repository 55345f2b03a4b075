import { basename, dirname, join } from 'node:path'
import type { FeedtapeError } from '../model/errors.ts'
import type { CausePlace } from './cause-place.ts'
import type { Comparison, PlacedLine, SideEnd } from './compare-lines.ts'
import { type Change, type Difference, isRecord, nearest, parsed } from './difference.ts'

/**
 * Nearest to the wire first: a tape that cannot be read explains what its decoder makes of it, that explains the
 * quotes, and those the P&L. `parser` is a user's own against ours, `missing` a twin that nobody has written yet.
 */
export const CAUSES = ['tape', 'decoder', 'quotes', 'parser', 'pnl', 'missing'] as const
export type CauseKind = (typeof CAUSES)[number]

/** Why a case differs, as near to the wire as it can be told. */
export interface CaseCause {
  readonly kind: CauseKind
  /** The fixture that says otherwise, below the folder, and its line from 1. */
  readonly file: string
  readonly line: number
  readonly key: string | undefined
  readonly expected: string
  readonly found: string
  readonly change: Change
  /** What differs: `quote`, `trade`, `packets`; of a tape, what is wrong with it. */
  readonly of: string
  readonly seq?: number
  readonly place?: CausePlace
}

/** What a case's first difference means. `undefined` where there is none. */
export function causeOf(kind: 'quotes' | 'pnl', file: string, comparison: Comparison): CaseCause | undefined {
  const { difference, golden, made } = comparison
  if (difference === undefined) return undefined
  if (comparison.isNew) return { ...seen(difference), kind: 'missing' }
  if (kind === 'pnl') return { ...seen(difference), kind }
  return problemCause(file, golden, made) ?? decoderCause(file, golden, made) ?? { ...seen(difference), kind }
}

function seen({ change, expected, file, found, key, kind, line, seq }: Difference): Omit<CaseCause, 'kind'> {
  const of = kind ?? 'line'
  return { file, line, key, expected, found, change, of, ...(seq === undefined ? {} : { seq }) }
}

function problemCause(file: string, golden: SideEnd, made: SideEnd): CaseCause | undefined {
  const differs = (one: SideEnd, other: SideEnd): PlacedLine | undefined =>
    one.problems.find(({ text }) => other.problems.every(problem => problem.text !== text))
  const [appeared, gone] = [differs(made, golden), differs(golden, made)]
  const line = (gone ?? golden.last)?.line ?? 1
  const problem = parsed((appeared ?? gone)?.text ?? '')
  const of = isRecord(problem) ? `problem: ${String(problem['what'])}` : 'problem'
  const base = { kind: 'tape', file, line, key: undefined, of } as const
  if (appeared !== undefined) {
    return {
      ...base,
      change: gone === undefined ? 'new' : 'changed',
      expected: gone?.text ?? 'a whole tape',
      found: appeared.text,
    }
  }
  return gone === undefined
    ? undefined
    : { ...base, change: 'gone', expected: gone.text, found: 'a whole tape' }
}

function decoderCause(file: string, golden: SideEnd, made: SideEnd): CaseCause | undefined {
  const [a, b] = [tallyOf(golden), tallyOf(made)]
  if (a === undefined || b === undefined || a.text === b.text) return undefined
  const base = { kind: 'decoder', file, line: a.line } as const
  const [before, now] = [troublesOf(a.text), troublesOf(b.text)]
  for (const [name, trouble] of now) {
    const count = before.get(name)?.count ?? 0
    if (trouble.count > count) return { ...base, ...troubled(trouble, count, trouble.count) }
  }
  for (const [name, trouble] of before) {
    const count = now.get(name)?.count ?? 0
    if (trouble.count > count) return { ...base, ...troubled(trouble, trouble.count, count) }
  }
  return { ...base, ...nearest(a.text, b.text), change: 'changed', of: 'packets' }
}

function tallyOf({ last }: SideEnd): PlacedLine | undefined {
  return last?.text.startsWith('{"kind":"tally"') === true ? last : undefined
}

/** A packet that was not understood, or that the venue refused, as a tally names it. */
interface Trouble {
  /** `in qsd unknown`. */
  readonly what: string
  readonly reason: string
  readonly count: number
  readonly seq: number | undefined
}

function troubled(
  trouble: Trouble,
  expected: number,
  found: number,
): Omit<CaseCause, 'kind' | 'file' | 'line'> {
  const said = (count: number): string =>
    count === 0 ? 'none' : `${count} of: ${trouble.reason === '' ? 'no reason given' : trouble.reason}`
  return {
    key: `troubles ${trouble.what}`,
    expected: said(expected),
    found: said(found),
    change: expected === 0 ? 'new' : found === 0 ? 'gone' : 'changed',
    of: 'packets',
    ...(trouble.seq === undefined ? {} : { seq: trouble.seq }),
  }
}

function troublesOf(tally: string): ReadonlyMap<string, Trouble> {
  const found = new Map<string, Trouble>()
  const json = parsed(tally)
  const troubles: unknown = isRecord(json) ? json['troubles'] : undefined
  if (!Array.isArray(troubles)) return found
  for (const one of troubles) {
    if (!isRecord(one)) continue
    const what = [one['dir'], one['kind'], one['disposition']].map(String).join(' ')
    const { count, reason, seq } = one
    found.set(JSON.stringify([what, reason]), {
      what,
      reason: typeof reason === 'string' ? reason : '',
      count: typeof count === 'number' ? count : 0,
      seq: typeof seq === 'number' ? seq : undefined,
    })
  }
  return found
}

/** A case that cannot be compared at all. `where` of the error is a file of the case, with a line. */
export function unusableCause(tape: string, { found, message, where }: FeedtapeError): CaseCause {
  const [, file = '', line = '1'] = /^([^\s:]+\.jsonl?(?:\.gz)?)(?::(\d+))?/.exec(where ?? '') ?? []
  return {
    kind: 'tape',
    file: file === '' ? tape : join(dirname(tape), basename(file)),
    line: Number(line),
    key: undefined,
    expected: 'what can be read',
    found: found ?? message,
    change: 'changed',
    of: message,
  }
}

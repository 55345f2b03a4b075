import type { GzipDamage } from './gzip-member.ts'
import type { Damage } from './line.ts'

/** What was wrong with a tape, at one place. Reading went on behind it. */
export interface TapeProblem {
  /** From 1, as an editor counts. */
  readonly line: number
  /** Of the line's first byte, from 0. */
  readonly byteOffset: number
  /** The number of the entry that was due here. */
  readonly entry?: number
  readonly what:
    | Damage['what']
    | GzipDamage['what']
    | 'cut line'
    | 'line too long'
    | 'entries missing'
    | 'entry again'
    | 'time goes back'
    | 'second header'
    | 'count does not fit'
    | 'another tape'
    | 'bytes after the seal'
    | 'not sealed'
    // What `check` finds besides.
    | 'hash does not fit'
    | 'parts do not follow'
  readonly expected?: string
  readonly found?: string
}

/** Problems beyond this many are counted, not kept: a wholly damaged tape must not fill the memory. */
export const PROBLEMS_KEPT = 100

export class ProblemLog {
  readonly kept: TapeProblem[] = []
  count = 0

  add(problem: TapeProblem): void {
    this.count++
    if (this.kept.length < PROBLEMS_KEPT) this.kept.push(problem)
  }
}

import type { Book, PnlEvents, PnlResult } from '../pnl/index.ts'
import { type PnlRules, pnlSummary, tickLine } from '../report/pnl.ts'
import { equityTick } from '../report/statistics.ts'
import type { LineOutput } from './line-output.ts'

/** A run on stdout, replayed or live: the same lines for the same run. */
export interface PnlOutput {
  readonly tick?: NonNullable<PnlEvents['tick']>
  /** Each of the lines that the digest is of. */
  line(line: string, key?: string): void
  end(result: PnlResult, digest: string | undefined): void
}

/** `every` thins the events that are printed, to the latest of each position and interval; the digest holds all. */
export function jsonOutput(output: LineOutput, every: number | undefined): PnlOutput {
  const latest = new Map<string, string>()
  const release = (): void => {
    for (const line of latest.values()) output.put(line)
    latest.clear()
  }
  const tick = every === undefined || every === 0 ? undefined : { every, run: release }
  return {
    ...(tick === undefined ? {} : { tick }),
    line(line, key) {
      if (key !== undefined && tick !== undefined) {
        latest.delete(key)
        latest.set(key, line)
        return
      }
      release()
      output.put(line)
    },
    end(_, digest) {
      output.put(JSON.stringify({ kind: 'digest', sha256: digest }))
    },
  }
}

/** A line wherever a figure has changed since the last, and the summary. */
export function textOutput(output: LineOutput, every: number, rules: PnlRules): PnlOutput {
  let last = ''
  const show = (at: number, books: readonly Book[]): void => {
    const line = rules.equity === true ? equityTick(at, books) : tickLine(at, books)
    const figures = line.slice(line.indexOf(' '))
    if (figures !== last) output.put(line)
    last = figures
    output.flush()
  }
  return {
    ...(every === 0 ? {} : { tick: { every, run: show } }),
    line() {},
    end(result, digest) {
      for (const line of ['', ...pnlSummary(result, rules)]) output.put(line)
      if (digest === undefined) return
      for (const line of ['', `digest sha256:${digest}`]) output.put(line)
    },
  }
}

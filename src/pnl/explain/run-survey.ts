import type { RunLine, RunSummary } from './run-lines.ts'
import { RunNames } from './run-names.ts'

/** A run that can be read as often as it is needed. */
export type OpenRun = () => AsyncIterable<RunLine>

/** What only the end of a run says of all its lines. */
export interface RunSurvey {
  /** `undefined` of a run without any lines. */
  readonly summary: RunSummary | undefined
  /** By their names; of one alone by its source: `file`, `fills`. */
  readonly books: readonly string[]
  readonly isOneBook: boolean
  readonly names: RunNames
}

/** One reading of a whole run. Throws what the reading throws. */
export async function surveyRun(open: OpenRun): Promise<RunSurvey> {
  const names = new RunNames()
  let summary: RunSummary | undefined
  // A file of fills says nothing of itself.
  let source = 'file'
  for await (const line of open()) {
    names.take(line)
    if (line.kind === 'summary') summary = line
    if (line.kind === 'source' && line.book === undefined) source = line.positions ?? source
  }
  return { summary, books: summary?.books ?? [source], isOneBook: summary?.books === undefined, names }
}

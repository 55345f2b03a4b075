import { createHash } from 'node:crypto'
import { FeedtapeError } from '../../model/errors.ts'
import { type RunLine, readRunLine } from './run-lines.ts'

const BYTE_ORDER_MARK = '\uFEFF'

/**
 * The lines of a run, each without its newline, to what they say. A run is believed as a whole: it ends with one
 * summary and the digest of all that stands before. `name` is for errors. Throws `bad-run`.
 */
export async function* readRun(texts: AsyncIterable<string>, name: string): AsyncGenerator<RunLine> {
  const hash = createHash('sha256')
  let number = 0
  let hasSummary = false
  let isEnded = false
  for await (const read of texts) {
    number += 1
    // An editor may have put it there; the digest knows nothing of it.
    const text = number === 1 && read.startsWith(BYTE_ORDER_MARK) ? read.slice(1) : read
    if (text.trim() === '') continue
    const where = `${name}:${number}`
    if (isEnded) throw severalRuns(where, 'a line behind the digest')
    const line = readRunLine(text, where)
    if (line?.kind === 'digest') {
      if (!hasSummary) throw cutRun(where, 'no summary')
      checkDigest(line.sha256, hash.digest('hex'), where)
      isEnded = true
    } else {
      if (line?.kind === 'summary' && hasSummary) throw severalRuns(where, 'a second summary')
      hasSummary ||= line?.kind === 'summary'
      if (number > 1 || line?.kind !== 'options') hash.update(`${text}\n`)
    }
    if (line !== undefined) yield line
  }
  if (!isEnded) throw cutRun(`${name}:${number}`, hasSummary ? 'no digest' : 'no summary')
}

function checkDigest(said: string, made: string, where: string): void {
  if (said === made) return
  throw new FeedtapeError('bad-run', 'the lines are not those that the digest is of', {
    where,
    expected: `sha256 ${said}`,
    found: `sha256 ${made}: thinned by --every, or edited`,
    next: 'run replay --json without --every',
  })
}

function cutRun(where: string, what: string): FeedtapeError {
  return new FeedtapeError('bad-run', `the run is cut: ${what}`, {
    where,
    expected: 'the events, one summary, and the digest of both as the last line',
    found: `${what} by the last line`,
    next: 'run it again; of a live run, replay its tape',
  })
}

function severalRuns(where: string, found: string): FeedtapeError {
  return new FeedtapeError('bad-run', 'this is more than one run', {
    where,
    expected: 'one summary, and its digest as the last line',
    found,
    next: 'write each run to a file of its own',
  })
}

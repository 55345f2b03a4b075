/** The closed set of what can go wrong through no fault of the program. The CLI maps each to an exit code. */
export type ErrorCode =
  | 'usage' // the command was asked for something impossible: exit 2
  | 'file-missing' // no such file, or it cannot be read: exit 4
  | 'file-exists' // it would have been overwritten: exit 4
  | 'file-unwritable' // disk full, folder read-only or gone: exit 4
  | 'not-a-tape' // line one is no tape header that this version reads: exit 4
  | 'bad-positions' // a positions file that contradicts itself or the tape: exit 4
  | 'bad-parser' // a user's parser that fails, hangs or writes what cannot be read: exit 4
  | 'bad-run' // a file that is not what replay --json wrote: exit 4
  | 'bad-foreign' // somebody else's account that cannot be read: exit 4
  | 'bad-config' // a config file that does not say what it should: exit 4
  | 'bad-capture' // a foreign capture that cannot be imported: exit 4
  | 'no-session' // the venue refused us, or there is no way to it: exit 4
  | 'ambiguous' // a name with more than one meaning: exit 4

export interface ErrorDetail {
  /** Where: `FILE:LINE`, an entry (`entry 17`), a feed, an option. */
  readonly where?: string
  readonly expected?: string
  readonly found?: string
  /** The next step, as an instruction. */
  readonly next?: string
  readonly cause?: unknown
}

/**
 * What failed, where, what was expected, what was found, what to do next.
 * Anything else that is thrown is a broken invariant of ours and may crash plainly.
 */
export class FeedtapeError extends Error {
  readonly code: ErrorCode
  readonly where: string | undefined
  readonly expected: string | undefined
  readonly found: string | undefined
  readonly next: string | undefined

  constructor(code: ErrorCode, what: string, detail: ErrorDetail = {}) {
    super(what, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.name = 'FeedtapeError'
    this.code = code
    this.where = detail.where
    this.expected = detail.expected
    this.found = detail.found
    this.next = detail.next
  }

  /** The whole error as a person reads it, over several lines. */
  explain(): string {
    const lines = [this.where === undefined ? this.message : `${this.where}: ${this.message}`]
    if (this.expected !== undefined) lines.push(`  expected  ${this.expected}`)
    if (this.found !== undefined) lines.push(`  found     ${this.found}`)
    if (this.next !== undefined) lines.push(`  next      ${this.next}`)
    return lines.join('\n')
  }
}

/** A piece of foreign text that is safe to show: one line, control characters escaped, cut with a count. */
export function excerpt(text: string, limit = 60): string {
  const shown = JSON.stringify(text.slice(0, limit))
  return text.length > limit ? `${shown} … (${text.length} characters)` : shown
}

/** A foreign JSON value as text. JSON.stringify recurses: 20,000 arrays, one in another, overflow its stack. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'nothing'
  } catch (thrown) {
    if (thrown instanceof RangeError) return '(nested too deep)'
    throw thrown
  }
}

/** The text of anything that was thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

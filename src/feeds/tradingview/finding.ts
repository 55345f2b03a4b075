import type { Disposition, Packet } from '../packet.ts'

/** What a body, or a line of one, turned out to be, before its length is added. */
export interface Finding {
  readonly kind: string
  readonly disposition: Disposition
  readonly reason?: string
  readonly sample?: string
  readonly noise?: number
}

const SAMPLE = 160

export function head(text: string): string {
  return text.slice(0, SAMPLE)
}

export function malformed(kind: string, reason: string, text: string): Finding {
  return { kind, disposition: 'malformed', reason, ...(text === '' ? {} : { sample: head(text) }) }
}

const MOST_PROBLEMS = 5

/** What was wrong in a body of which the rest was read; `undefined` where nothing was. */
export function listed(problems: readonly string[]): string | undefined {
  if (problems.length === 0) return undefined
  const more = problems.length - MOST_PROBLEMS
  const shown = problems.slice(0, MOST_PROBLEMS).join('; ')
  return more > 0 ? `${shown}; and ${more} more` : shown
}

/** The account of a message's `index`-th packet, all of it payload. */
export function accountOf(dir: 'in' | 'out', index: number, payload: number, finding: Finding): Packet {
  return { dir, index, payload, framing: 0, stray: 0, ...finding }
}

import { jsonText } from '../../model/errors.ts'
import type { Observation } from '../../model/observation.ts'
import type { WireFields } from '../../model/quote.ts'

/** What the body of a message gave, and what in it was not as it should be. */
export interface ReadBody {
  readonly observations: readonly Observation[]
  readonly problems: readonly string[]
}

export function isRecord(value: unknown): value is WireFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A message's object; `undefined` for what is none. */
export function objectIn(text: string): WireFields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** The venue's words: every value but `type`. The field that holds them is not public. */
export function wordsOf(message: WireFields): string {
  const words = Object.entries(message).flatMap(([key, value]) => {
    if (key === 'type' || value === null) return []
    return [typeof value === 'string' ? value : jsonText(value)]
  })
  return words.length === 0 ? 'no reason given' : words.join(': ')
}

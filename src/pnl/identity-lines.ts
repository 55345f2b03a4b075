import { type Identity, type Roll, sourceTextOf } from '../instruments/index.ts'
import type { JsonObject } from '../model/observation.ts'

/** The words of a position's instrument, each with what it was equated to, by whom and where. */
export function identityLine({ name, words }: Identity): JsonObject {
  return {
    kind: 'identity',
    instrument: name,
    words: words.map(({ word, is, source }) => ({ word, is, ...sourceTextOf(source) })),
  }
}

/** What was held before it stays with the old contract. */
export function rollLine({ word, from, to, source }: Roll): JsonObject {
  return { kind: 'roll', word, from, to, ...sourceTextOf(source) }
}

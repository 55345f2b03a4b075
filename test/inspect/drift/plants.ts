import type { DriftFinding } from '../../../src/inspect/drift/drift-report.ts'
import type { KindFacts } from '../../../src/inspect/schema/schema-facts.ts'
import type { Random } from '../../../src/model/random.ts'
import { PLANTS_IN_ANSWERS } from './plants-in-answers.ts'
import { PLANTS_IN_FIELDS } from './plants-in-fields.ts'
import { PLANTS_IN_MESSAGES } from './plants-in-messages.ts'
import type { Session } from './session.ts'

/** A change of the wire that somebody planted, and what must be said of it. */
export interface Planted {
  readonly what: string
  readonly session: Session
  isFound(finding: DriftFinding): boolean
}

/** `undefined` where the wire has no place for it. */
export type Plant = (session: Session, kinds: readonly KindFacts[], random: Random) => Planted | undefined

/** Each class of change once. */
export const PLANTS: Readonly<Record<string, Plant>> = {
  ...PLANTS_IN_FIELDS,
  ...PLANTS_IN_MESSAGES,
  ...PLANTS_IN_ANSWERS,
}

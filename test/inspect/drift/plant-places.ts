import { parseKeepingText } from '../../../src/feeds/numbers.ts'
import type { Change, Severity } from '../../../src/inspect/drift/drift-report.ts'
import { stepsOf, valuesAt, withoutFields } from '../../../src/inspect/schema/field-paths.ts'
import type { FieldFacts, KindFacts } from '../../../src/inspect/schema/schema-facts.ts'
import type { Random } from '../../../src/model/random.ts'
import { changePackets } from './change-packets.ts'
import type { Planted } from './plants.ts'
import type { Session } from './session.ts'
import { withField } from './with-field.ts'

export interface Place {
  readonly kind: KindFacts
  readonly path: string
}

/** Of what came so often that its absence is no matter of chance. */
export function isRead({ meaning, path, seen }: FieldFacts): boolean {
  return meaning !== undefined && seen >= 50 && path !== ''
}

/** A place of an array: it has no name, and without a value it holds null. */
export function isPlaceOfArray({ path }: FieldFacts): boolean {
  return /(?:^|\.)(?:\d+|\*)$/.test(path)
}

export function places(
  kinds: readonly KindFacts[],
  isRight: (field: FieldFacts) => boolean,
): readonly Place[] {
  return kinds.flatMap(kind => [...kind.fields.values()].filter(isRight).map(({ path }) => ({ kind, path })))
}

export function pick<T>(all: readonly T[], random: Random): T | undefined {
  return all[Math.floor(random.next() * all.length)]
}

export interface Expected {
  readonly severities: readonly Severity[]
  readonly changes: readonly Change[]
}

/** Found: where it was planted (what stands below or above it may be named instead), as bad as it is. */
export function planted(
  session: Session,
  { kind, path }: Place,
  change: (value: unknown) => unknown,
  { severities, changes }: Expected,
): Planted {
  return {
    what: `${kind.kind} ${path}`,
    session: changeKind(session, kind.kind, payload => JSON.stringify(change(parseKeepingText(payload)))),
    isFound: finding => {
      const isHere =
        finding.path === undefined || finding.path.startsWith(path) || path.startsWith(finding.path)
      return isHere && severities.includes(finding.severity) && changes.includes(finding.change)
    },
  }
}

/** Each payload of a kind, or what is left of them. */
export function changeKind(
  session: Session,
  kind: string,
  change: (payload: string) => string | undefined,
): Session {
  return changePackets(session, (payload, { body, packet }) => {
    const isIt = packet.kind === kind && packet.dir === 'in' && body.value !== undefined
    return isIt ? change(payload) : payload
  })
}

export function renamed(value: unknown, path: string): unknown {
  const [moved] = valuesAt(value, stepsOf(path))
  if (moved === undefined) return value
  const steps = stepsOf(path)
  const last = steps.at(-1) ?? ''
  return withField(withoutFields(value, new Set([path])), steps.slice(0, -1), parent =>
    typeof parent === 'object' && parent !== null ? { ...parent, [`${last}New`]: moved } : parent,
  )
}

export function rawText(value: unknown): string {
  return JSON.stringify(value) ?? ''
}

import { compareSchemas } from '../../../src/inspect/drift/compare-schemas.ts'
import type { DriftReport } from '../../../src/inspect/drift/drift-report.ts'
import type { SchemaFacts } from '../../../src/inspect/schema/schema-facts.ts'
import { seededRandom } from '../../../src/model/random.ts'
import { PLANTS } from './plants.ts'
import { halvesOf, RENDERED_FEEDS, renderedSession } from './rendered.ts'
import { type Session, schemaOfSession } from './session.ts'
import { sessionOf, TRIAL_FEEDS } from './sessions.ts'

/** Wires in a market of moods, each in the words of its encoder, and all wires as synth renders them. */
export const TRIAL_WIRES: readonly string[] = [
  ...RENDERED_FEEDS,
  ...TRIAL_FEEDS.map(feed => `${feed} (moods)`),
]

export type Equal = 'another seed' | 'another half' | 'another day'
export const EQUALS: readonly Equal[] = ['another seed', 'another half', 'another day']

export interface Trial {
  readonly seed: number
  readonly wire: string
  readonly plant: string
  /** Where it was planted; `undefined` where the wire has no place for it. */
  readonly what: string | undefined
  readonly isFound: boolean
  readonly said: readonly string[]
  /** What was said, with warning or worse, of two sessions between which nothing changed. */
  readonly alarms: ReadonlyMap<Equal, readonly string[]>
}

/** The trials of a seed go through all wires, and with each round through the classes of change. */
export function caseOf(seed: number): { readonly wire: string; readonly plant: string } {
  const names = Object.keys(PLANTS)
  const round = Math.floor(seed / TRIAL_WIRES.length)
  return { wire: TRIAL_WIRES[seed % TRIAL_WIRES.length] ?? '', plant: names[round % names.length] ?? '' }
}

/** In turn as well, and no wire has always the same. */
function equalOf(seed: number): Equal {
  return (
    EQUALS[((seed % TRIAL_WIRES.length) + Math.floor(seed / TRIAL_WIRES.length)) % EQUALS.length] ??
    'another seed'
  )
}

/** Two sessions of one wire, compared as they are, and again with one change planted into the second. */
export function runTrial(seed: number, equals: readonly Equal[] = [equalOf(seed)]): Trial {
  const { wire, plant } = caseOf(seed)
  const first = sessionOfWire(wire, seed * 2 + 1_000_000)
  const second = sessionOfWire(wire, seed * 2 + 1_000_001)
  const baseline = factsOf(first)
  const feed = first.feed.name
  const kinds = [...(baseline.feeds.get(feed)?.kinds.values() ?? [])].filter(({ dir }) => dir === 'in')
  const alarms = new Map(
    equals.map(equal => [equal, alarmsOf(pairOf(equal, wire, seed, first, second))] as const),
  )
  const planted = PLANTS[plant]?.(second, kinds, seededRandom(seed))
  const none = { seed, wire, plant, what: undefined, isFound: true, said: [], alarms }
  if (planted === undefined) return none
  const report = compareSchemas(baseline, schemaOfSession(planted.session))
  return { ...none, what: planted.what, isFound: report.findings.some(planted.isFound), said: saidIn(report) }
}

const known = new WeakMap<Session, SchemaFacts>()

/** Each session is read once. */
function factsOf(session: Session): SchemaFacts {
  const facts = known.get(session) ?? schemaOfSession(session)
  known.set(session, facts)
  return facts
}

function sessionOfWire(wire: string, seed: number, evening = false): Session {
  const [name = '', moods] = wire.split(' ')
  return moods === undefined ? renderedSession(name, seed, evening) : sessionOf(name, seed)
}

/** Between these nothing changed. */
function pairOf(
  equal: Equal,
  wire: string,
  seed: number,
  first: Session,
  second: Session,
): readonly [Session, Session] {
  switch (equal) {
    case 'another seed':
      return [first, second]
    case 'another half':
      return halvesOf(first)
    case 'another day':
      return [second, sessionOfWire(wire, seed * 2 + 50_000_000, true)]
    default:
      return equal satisfies never
  }
}

function alarmsOf([one, other]: readonly [Session, Session]): readonly string[] {
  const report = compareSchemas(factsOf(one), factsOf(other))
  return saidIn({ ...report, findings: report.findings.filter(({ severity }) => severity !== 'info') })
}

function saidIn({ findings }: DriftReport): readonly string[] {
  return findings.map(({ severity, change, kind, path = '', said, baseline, now, chance }) =>
    [severity, change, kind, path, said, baseline, now, chance].join(' | '),
  )
}

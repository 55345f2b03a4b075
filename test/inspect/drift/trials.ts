import { compareSchemas } from '../../../src/inspect/drift/compare-schemas.ts'
import type { DriftReport } from '../../../src/inspect/drift/drift-report.ts'
import { SchemaBuilder } from '../../../src/inspect/schema/schema-builder.ts'
import type { SchemaFacts } from '../../../src/inspect/schema/schema-facts.ts'
import { seededRandom } from '../../../src/model/random.ts'
import { PLANTS } from './plants.ts'
import { SESSION_HEADER, type Session, sessionOf, TRIAL_FEEDS } from './sessions.ts'

export interface Trial {
  readonly seed: number
  readonly feed: string
  readonly plant: string
  /** Where it was planted; `undefined` where the wire has no place for it. */
  readonly what: string | undefined
  readonly isFound: boolean
  /** What was said, with warning or worse, of two sessions between which nothing changed. */
  readonly alarms: readonly string[]
  readonly said: readonly string[]
}

/** Two sessions of one wire, compared as they are, and again with one change planted into the second. */
export function runTrial(seed: number): Trial {
  const names = Object.keys(PLANTS)
  const plant = names[seed % names.length] ?? ''
  const feed = TRIAL_FEEDS[Math.floor(seed / names.length) % TRIAL_FEEDS.length] ?? TRIAL_FEEDS[0]
  const baseline = schemaOfSession(sessionOf(feed, seed * 2 + 1_000_000))
  const second = sessionOf(feed, seed * 2 + 1_000_001)
  const alarms = alarmsOf(compareSchemas(baseline, schemaOfSession(second)))
  const kinds = [...(baseline.feeds.get(feed)?.kinds.values() ?? [])].filter(({ dir }) => dir === 'in')
  const planted = PLANTS[plant]?.(second, kinds, seededRandom(seed))
  const none = { seed, feed, plant, what: undefined, isFound: true, alarms, said: [] }
  if (planted === undefined) return none
  const report = compareSchemas(baseline, schemaOfSession(planted.session))
  return { ...none, what: planted.what, isFound: report.findings.some(planted.isFound), said: saidIn(report) }
}

function alarmsOf(report: DriftReport): readonly string[] {
  return saidIn({ ...report, findings: report.findings.filter(({ severity }) => severity !== 'info') })
}

export function schemaOfSession({ entries, feed }: Session): SchemaFacts {
  const builder = new SchemaBuilder()
  builder.beginTape(SESSION_HEADER, feed.name)
  for (const entry of entries) builder.apply(entry)
  return builder.result()
}

function saidIn({ findings }: DriftReport): readonly string[] {
  return findings.map(({ severity, change, kind, path = '', said, baseline, now, chance }) =>
    [severity, change, kind, path, said, baseline, now, chance].join(' | '),
  )
}

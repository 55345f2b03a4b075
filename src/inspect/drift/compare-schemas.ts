import type { FeedFacts, KindFacts, SchemaFacts } from '../schema/schema-facts.ts'
import { compareAnswers } from './compare-answers.ts'
import { compareCadence } from './compare-cadence.ts'
import { compareFields } from './compare-fields.ts'
import { compareKindPresence, compareParsing, compareSizes } from './compare-kinds.ts'
import { type DriftFinding, type DriftReport, SEVERITIES } from './drift-report.ts'
import { Suspicions } from './suspicions.ts'

/** What changed on the feeds that both have, the worst first. */
export function compareSchemas(baseline: SchemaFacts, now: SchemaFacts): DriftReport {
  const suspicions = new Suspicions()
  for (const [feed, before] of baseline.feeds) {
    const after = now.feeds.get(feed)
    if (after !== undefined) compareFeeds(before, after, suspicions)
  }
  const names = new Set([...baseline.feeds.keys(), ...now.feeds.keys()])
  return {
    baseline: baseline.tapes,
    now: now.tapes,
    feeds: [...names].map(feed => ({
      feed,
      baseline: baseline.feeds.get(feed)?.messages ?? 0,
      now: now.feeds.get(feed)?.messages ?? 0,
    })),
    findings: suspicions.findings().toSorted(bySeverity),
    tests: suspicions.tests,
  }
}

function compareFeeds(before: FeedFacts, after: FeedFacts, suspicions: Suspicions): void {
  for (const key of new Set([...before.kinds.keys(), ...after.kinds.keys()])) {
    const pair = { before, after, one: before.kinds.get(key), other: after.kinds.get(key) }
    compareParsing(pair, suspicions)
    compareKindPresence(pair, suspicions)
    const { one, other } = pair
    if (one !== undefined && other !== undefined) compareKind(before.feed, one, other, suspicions)
  }
}

function compareKind(feed: string, one: KindFacts, other: KindFacts, suspicions: Suspicions): void {
  if (one.dir === 'out') return
  compareFields(feed, one, other, suspicions)
  compareCadence(feed, one, other, suspicions)
  compareSizes(feed, one, other, suspicions)
  compareAnswers(feed, one, other, suspicions)
}

/** Within a severity: what we read, then what chance does least. */
function bySeverity(a: DriftFinding, b: DriftFinding): number {
  const rank = ({ severity }: DriftFinding): number => SEVERITIES.indexOf(severity)
  const unread = ({ meaning }: DriftFinding): number => Number(meaning === undefined)
  return rank(a) - rank(b) || unread(a) - unread(b) || (a.chance ?? 0) - (b.chance ?? 0)
}

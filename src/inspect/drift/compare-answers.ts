import type { KindFacts, WordCount } from '../schema/schema-facts.ts'
import { clusteredChance, total } from './chance.ts'
import type { DriftFinding } from './drift-report.ts'
import type { Suspicions } from './suspicions.ts'

/** What stands before an answer's body, where the body is of a kind that the baseline has as well. */
export function compareAnswers(feed: string, one: KindFacts, other: KindFacts, suspicions: Suspicions): void {
  if (one.heads === undefined || other.heads === undefined) return
  const place = { feed, dir: other.dir, kind: other.kind }
  for (const value of newIn(one.heads.status, other.heads.status)) {
    test(value, one.heads.status, other.heads.status, suspicions, {
      ...place,
      change: 'status',
      said: `answered under ${value.value}`,
      sign: { kind: 'status', status: Number(value.value) },
    })
  }
  for (const value of newIn(one.heads.type, other.heads.type)) {
    test(value, one.heads.type, other.heads.type, suspicions, {
      ...place,
      change: 'content type',
      said: `answered as ${value.value}`,
      sign: { kind: 'content type', type: value.value },
    })
  }
}

function newIn(before: readonly WordCount[], after: readonly WordCount[]): readonly WordCount[] {
  return after.filter(({ value }) => !before.some(known => known.value === value))
}

function test(
  { count, hits }: WordCount,
  before: readonly WordCount[],
  after: readonly WordCount[],
  suspicions: Suspicions,
  details: Pick<DriftFinding, 'feed' | 'dir' | 'kind' | 'change' | 'said' | 'sign'>,
): void {
  const of = countOf(before)
  const trials = hits.map((_, index) => total(after.map(value => value.hits[index] ?? 0)))
  const baseline = `${before.map(({ value }) => value).join(', ')} (of ${of})`
  const finding = {
    ...details,
    severity: 'warning',
    baseline,
    now: `${count} of ${countOf(after)}`,
  } as const
  suspicions.test('word', clusteredChance({ hits, trials }, of), finding, 'info')
}

function countOf(values: readonly WordCount[]): number {
  return total(values.map(({ count }) => count))
}

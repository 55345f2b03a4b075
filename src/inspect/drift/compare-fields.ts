import type { FieldFacts, KindFacts } from '../schema/schema-facts.ts'
import {
  allThereChance,
  clusteredChance,
  isBeyondTrend,
  isMeasured,
  LEAST_TRIALS,
  rateChance,
  rateOf,
  runsChance,
  WORTH_A_LINE,
} from './chance.ts'
import { compareValues } from './compare-values.ts'
import { type FieldPlace, meaningOf, shareText, typesText } from './field-words.ts'
import { renamedTo } from './renames.ts'
import type { Suspicions } from './suspicions.ts'

export function compareFields(feed: string, one: KindFacts, other: KindFacts, suspicions: Suspicions): void {
  const place = { feed, one, other }
  let seldom = 0
  for (const [path, field] of other.fields) {
    if (!one.fields.has(path)) seldom += compareNew(place, field, suspicions)
  }
  if (seldom > 0) {
    const said = `${seldom} more fields, each so seldom that they may have been there before`
    const finding = { severity: 'info', change: 'field new', said, baseline: 'none', now: 'seldom' } as const
    suspicions.sure({ ...finding, feed, dir: other.dir, kind: other.kind })
  }
  for (const [path, field] of one.fields) {
    const after = other.fields.get(path)
    if (after === undefined) compareGone(place, field, suspicions)
    else {
      comparePresence(place, field, after, suspicions)
      compareValues(place, field, after, suspicions)
    }
  }
}

/** 1 where it is too seldom for a line of its own. Of a branch only its beginning is named. */
function compareNew({ feed, one, other }: FieldPlace, field: FieldFacts, suspicions: Suspicions): number {
  const parent = one.fields.get(field.parent ?? '')
  if (field.of === undefined || parent === undefined || parent.records === 0) return 0
  const chance = allThereChance(field.seen, field.of, parent.records)
  if (chance > WORTH_A_LINE) return 1
  suspicions.sure({
    severity: 'info',
    change: 'field new',
    feed,
    dir: other.dir,
    kind: other.kind,
    path: field.path,
    said: `a new field: ${typesText(field)}`,
    baseline: `in none of ${parent.records}`,
    now: shareText(field),
    chance,
    sign: { kind: 'has', path: field.path },
  })
  return 0
}

function compareGone(place: FieldPlace, field: FieldFacts, suspicions: Suspicions): void {
  const { feed, other } = place
  const parent = other.fields.get(field.parent ?? '')
  if (field.of === undefined || parent === undefined || parent.records === 0) return
  const chance = (isExtreme(field) ? runsChance : clusteredChance)(field, parent.records)
  const renamed = renamedTo(place, field)
  const finding = {
    severity: field.meaning === undefined ? 'warning' : 'critical',
    change: 'field gone',
    feed,
    dir: other.dir,
    kind: other.kind,
    path: field.path,
    said: `${field.meaning === undefined ? 'a field' : 'a field that we read'} is gone${renamed === undefined ? '' : `; perhaps it is ${renamed} now`}`,
    baseline: shareText(field),
    now: `in none of ${parent.records}`,
    ...meaningOf(field),
    sign: { kind: 'lacks', path: field.path, parent: field.parent ?? '' },
  } as const
  // What stood in every one of many is no matter of chance.
  if (field.seen === field.of && field.of >= LEAST_TRIALS) suspicions.sure(finding)
  else suspicions.test('absence', chance, finding, chance <= WORTH_A_LINE ? 'info' : undefined)
}

const EXTREMES: ReadonlySet<string> = new Set(['high', 'low'])

/** The day's, where it is told when it is new: many in the morning, one after the other, and none while prices return. */
function isExtreme({ meaning, hits, trials }: FieldFacts): boolean {
  return meaning?.every(word => EXTREMES.has(word)) === true && rateOf({ hits, trials }) < 0.5
}

/** A rate has moved by this at least, or to less than half or more than twice: nobody minds less. */
const LEAST_DIFFERENCE = 0.05

function comparePresence(
  { feed, other }: FieldPlace,
  before: FieldFacts,
  after: FieldFacts,
  suspicions: Suspicions,
): void {
  if (before.of === undefined || after.of === undefined) return
  if (!isMeasured(before) || !isMeasured(after)) return
  const [from, to] = [rateOf(before), rateOf(after)]
  const isMuch = Math.abs(from - to) >= LEAST_DIFFERENCE || to > 2 * from || from > 2 * to
  const finding = {
    severity: 'warning',
    change: 'rate',
    feed,
    dir: other.dir,
    kind: other.kind,
    path: before.path,
    said: `stands in ${to > from ? 'more' : 'fewer'} packets`,
    baseline: shareText(before),
    now: shareText(after),
    ...meaningOf(before),
  } as const
  suspicions.test(
    'rate',
    rateChance(before, after),
    isMuch && !isExtreme(before) && isBeyondTrend(before, after) ? finding : undefined,
  )
}

import { type FieldFacts, isEnum, JSON_TYPES, type JsonType, type TextFacts } from '../schema/schema-facts.ts'
import { allThereChance, clusteredChance, WORTH_A_LINE } from './chance.ts'
import type { DriftFinding, Sign } from './drift-report.ts'
import { type FieldPlace, meaningOf, typesText } from './field-words.ts'
import type { Suspicions } from './suspicions.ts'

/** What stands at one place on both sides. */
export function compareValues(
  place: FieldPlace,
  one: FieldFacts,
  other: FieldFacts,
  suspicions: Suspicions,
): void {
  const pair = { place, one, other }
  compareTypes(pair, suspicions)
  compareWords(pair, suspicions)
  compareForms(pair, suspicions)
  compareNumbers(pair, suspicions)
}

interface Pair {
  readonly place: FieldPlace
  readonly one: FieldFacts
  readonly other: FieldFacts
}

type Details = Pick<DriftFinding, 'severity' | 'change' | 'said' | 'baseline' | 'now'> & {
  readonly sign?: Sign
}

function findingOf({ place, one }: Pair, details: Details): DriftFinding {
  const { feed, other } = place
  return { ...details, feed, dir: other.dir, kind: other.kind, path: one.path, ...meaningOf(one) }
}

/** Never without a value before, and never with one now: gone, though its place is there. A market may be shut. */
function compareEmptied(pair: Pair, suspicions: Suspicions): boolean {
  const { one, other } = pair
  if (one.types.null !== undefined || kinds(one).length === 0 || kinds(other).length > 0) return false
  const finding = findingOf(pair, {
    severity: 'warning',
    change: 'type',
    said: 'holds nothing any more',
    baseline: typesText(one),
    now: `null in all ${other.seen}`,
    sign: { kind: 'type', path: one.path, type: 'null' },
  })
  suspicions.test('absence', allThereChance(one.seen, one.seen, other.seen), finding, 'info')
  return true
}

function compareTypes(pair: Pair, suspicions: Suspicions): void {
  if (compareEmptied(pair, suspicions)) return
  const { one, other } = pair
  const { path } = one
  const isRead = one.meaning !== undefined
  for (const type of JSON_TYPES) {
    const count = other.types[type] ?? 0
    if (count === 0 || one.types[type] !== undefined) continue
    const isSwap = type !== 'null' && kinds(one).every(known => other.types[known] === undefined)
    const isFirst = kinds(one).length === 0
    const finding = findingOf(pair, {
      severity: isFirst || type === 'null' ? 'info' : isRead ? 'critical' : 'warning',
      change: 'type',
      said: isSwap ? 'has another type' : `is ${type} at times`,
      baseline: typesText(one),
      now: typesText(other),
      sign: { kind: 'type', path, type },
    })
    const chance = allThereChance(count, other.seen, one.seen)
    if (isSwap || (type === 'null' && chance <= WORTH_A_LINE)) suspicions.sure(finding)
    else suspicions.test('word', chance, finding, 'info')
  }
}

/** The types besides null, which says only that there is no value. */
function kinds({ types }: FieldFacts): readonly JsonType[] {
  return JSON_TYPES.filter(type => type !== 'null' && types[type] !== undefined)
}

function compareWords(pair: Pair, suspicions: Suspicions): void {
  const { one, other } = pair
  if (!isEnum(one) || other.texts?.words === undefined) return
  const known = one.texts?.words ?? []
  for (const { value, count, hits } of other.texts.words) {
    if (known.some(word => word.value === value)) continue
    const finding = findingOf(pair, {
      severity: 'warning',
      change: 'value new',
      said: `a new value: ${value}`,
      baseline: `${valuesOf(known).slice(0, 8).join(', ')} (of ${one.texts?.count ?? 0})`,
      now: `${count} of ${other.texts.count}`,
      sign: { kind: 'word', path: one.path, word: value },
    })
    const chance = clusteredChance({ hits, trials: other.hits }, one.texts?.count ?? 0)
    suspicions.test('word', chance, finding, 'info')
  }
}

function compareForms(pair: Pair, suspicions: Suspicions): void {
  const { one, other } = pair
  const [before, after] = [one.texts, other.texts]
  if (before === undefined || after === undefined || one.isName || other.isName) return
  if (isApart(before.looks, after.looks) && [...before.looks, ...after.looks].some(isFirm)) {
    const said = `written as ${after.looks.join(' or ')}`
    suspicions.sure(
      findingOf(pair, {
        severity: one.meaning === undefined ? 'info' : 'warning',
        change: 'form',
        said,
        baseline: before.looks.join(' or '),
        now: after.looks.join(' or '),
        ...formSign(one.path, after),
      }),
    )
    return
  }
  const [known, found] = [before.forms, after.forms]
  if (known === undefined || found === undefined || !isApart(valuesOf(known), valuesOf(found))) return
  // Free text is never twice of one form.
  if ([...known, ...found].some(({ value }) => value.includes(' '))) return
  const details = { severity: 'info', change: 'form', said: 'has another form' } as const
  const [from, to] = [known, found].map(forms => valuesOf(forms).slice(0, 3).join(', '))
  suspicions.sure(
    findingOf(pair, { ...details, baseline: from ?? '', now: to ?? '', ...formSign(one.path, after) }),
  )
}

/** A word, a text and an id are not always told from one another. */
function isFirm(look: TextFacts['looks'][number]): boolean {
  return look === 'number' || look === 'time' || look === 'json'
}

function formSign(path: string, { forms }: TextFacts): { readonly sign?: Sign } {
  const form = forms?.[0]?.value
  return form === undefined ? {} : { sign: { kind: 'form', path, form } }
}

function valuesOf(counts: readonly { readonly value: string }[]): readonly string[] {
  return counts.map(({ value }) => value)
}

function isApart<T>(one: readonly T[], other: readonly T[]): boolean {
  return !one.some(value => other.includes(value))
}

function compareNumbers(pair: Pair, suspicions: Suspicions): void {
  const { one, other } = pair
  const [before, after] = [one.numbers, other.numbers]
  if (before === undefined || after === undefined) return
  if (before.time !== after.time && before.time !== undefined && before.count > 0) {
    const severity = one.meaning === undefined ? 'info' : 'critical'
    const said = 'a time in another unit'
    const now = after.time ?? `${after.min} to ${after.max}`
    suspicions.sure(findingOf(pair, { severity, change: 'form', said, baseline: before.time, now }))
    return
  }
  compareDigits(pair, suspicions)
  if (before.time !== undefined || before.count < 50 || after.count < 50) return
  const [min = 0, max = 0, low = 0, high = 0] = [before.min, before.max, after.min, after.max]
  if (low <= max && high >= min) return
  const details = { severity: 'info', change: 'range', said: 'in another range' } as const
  suspicions.sure(findingOf(pair, { ...details, baseline: `${min} to ${max}`, now: `${low} to ${high}` }))
}

/** Of numbers with a point only: one without says nothing about digits. */
function compareDigits(pair: Pair, suspicions: Suspicions): void {
  const [before, after] = [pair.one.numbers, pair.other.numbers]
  if (before === undefined || after === undefined) return
  const [broken, others] = [before, after].map(({ count, integers }) => count - integers)
  const isShort = before.long > 0 && after.long === 0
  const isLong = before.long === 0 && after.long > 0
  if (!(isShort || isLong) || broken === undefined || others === undefined) return
  const chance = isShort
    ? allThereChance(before.long, broken, others)
    : allThereChance(after.long, others, broken)
  if (chance > WORTH_A_LINE || Math.min(broken, others) === 0) return
  const { path } = pair.one
  suspicions.sure(
    findingOf(pair, {
      severity: 'info',
      change: 'decimals',
      said: isShort ? 'long decimals become short' : 'short decimals become long',
      baseline: digitsText(before),
      now: digitsText(after),
      sign: { kind: isShort ? 'short number' : 'long number', path },
    }),
  )
}

function digitsText({ long, count, decimals }: NonNullable<FieldFacts['numbers']>): string {
  return `${long} of ${count} with more than 15 digits, up to ${decimals} behind the point`
}

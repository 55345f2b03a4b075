import { QUOTE_FIELD_NAMES } from '../../model/quote.ts'
import { type Agreement, agreementOf, isSame } from './agreement.ts'
import type { Series } from './price-series.ts'
import type { FeedFacts, KindFacts, SchemaFacts } from './schema-facts.ts'

/** Two feeds: which field of one is which of the other, and how their prices stand to each other. */
export interface FeedPair {
  readonly one: string
  readonly other: string
  readonly fields: readonly FieldPair[]
  readonly prices: readonly PricePair[]
}

export interface FieldPair {
  /** Our word; absent where only the values say that they are the same. */
  readonly field?: string
  readonly one: readonly string[]
  readonly other: readonly string[]
  /** Over all instruments that both have; absent where they never moved at one time. */
  readonly agreement?: Agreement
}

export interface PricePair {
  readonly instrument: string
  readonly field: string
  readonly agreement: Agreement
  readonly isSame: boolean
}

/** Whose prices a feed's are: it says what another said so much before. */
export interface PriceOrigin {
  readonly feed: string
  /** Absent where no other feed has these prices. */
  readonly from?: string
  readonly lag?: number
  readonly same?: number
  readonly changes?: number
}

const PRICES = ['last', 'bid', 'ask'] as const

export function sideBySide({ feeds }: SchemaFacts, series: readonly Series[]): readonly FeedPair[] {
  const all = [...feeds.values()]
  const read = new Set(
    all.flatMap(({ feed, kinds }) => [...kinds.values()].flatMap(kind => readPaths(feed, kind))),
  )
  // What a decoder reads is among the series under our own word.
  const wanted = series.filter(({ feed, field, isRead }) => isRead || !read.has(`${feed} ${field}`))
  return all.flatMap((one, index) => all.slice(index + 1).map(other => pairOf(one, other, wanted)))
}

function readPaths(feed: string, { kind, fields }: KindFacts): readonly string[] {
  return [...fields.values()].flatMap(({ path, meaning }) =>
    meaning === undefined ? [] : [`${feed} ${kind} ${path}`],
  )
}

/** Of each feed with prices: the feed that has most of them earlier. */
export function originsOf(pairs: readonly FeedPair[]): readonly PriceOrigin[] {
  const feeds = new Set(pairs.flatMap(({ one, other, prices }) => (prices.length > 0 ? [one, other] : [])))
  return [...feeds].map(feed => {
    const sources = pairs.flatMap(pair => sourceOf(feed, pair))
    sources.sort((a, b) => b.same / b.changes - a.same / a.changes)
    return { feed, ...sources[0] }
  })
}

function sourceOf(
  feed: string,
  { one, other, prices }: FeedPair,
): readonly Required<Omit<PriceOrigin, 'feed'>>[] {
  const same = prices.filter(price => price.isSame)
  if (same.length === 0 || same.length * 2 < prices.length || (feed !== one && feed !== other)) return []
  const lags = same.map(({ agreement }) => agreement.lag).toSorted((a, b) => a - b)
  const middle = lags[Math.floor(lags.length / 2)] ?? 0
  const lag = feed === other ? middle : -middle
  // Who says it later has it from the other, or from where both have it.
  if (lag < 0) return []
  return [
    {
      from: feed === other ? one : other,
      lag,
      same: same.reduce((sum, { agreement }) => sum + agreement.same, 0),
      changes: same.reduce((sum, { agreement }) => sum + agreement.changes, 0),
    },
  ]
}

function pairOf(one: FeedFacts, other: FeedFacts, series: readonly Series[]): FeedPair {
  const [left, right] = [one, other].map(({ feed }) => series.filter(candidate => candidate.feed === feed))
  const prices = PRICES.flatMap(field => pricePairs(left ?? [], right ?? [], field))
  return {
    one: one.feed,
    other: other.feed,
    fields: [...meantAlike(one, other, left ?? [], right ?? []), ...movedAlike(left ?? [], right ?? [])],
    prices: prices.toSorted((a, b) => b.agreement.changes - a.agreement.changes).slice(0, MOST_PRICES),
  }
}

const MOST_PRICES = 20

function pricePairs(left: readonly Series[], right: readonly Series[], field: string): readonly PricePair[] {
  return left.flatMap(one => {
    if (one.field !== field || !one.isRead) return []
    const other = right.find(candidate => isCounterpart(one, candidate))
    const agreement = other === undefined ? undefined : agreementOf(one, other)
    return agreement === undefined
      ? []
      : [{ instrument: one.instrument, field, agreement, isSame: isSame(agreement) }]
  })
}

function isCounterpart(one: Series, other: Series): boolean {
  return one.isRead && other.isRead && one.field === other.field && one.instrument === other.instrument
}

/** By what the decoders make of them. */
function meantAlike(
  one: FeedFacts,
  other: FeedFacts,
  left: readonly Series[],
  right: readonly Series[],
): readonly FieldPair[] {
  const words = [...QUOTE_FIELD_NAMES, 'name', ...FACTS.map(fact => `instrument.${fact}`)]
  return words.flatMap((field): readonly FieldPair[] => {
    const pair = { field, one: pathsOf(one, field), other: pathsOf(other, field) }
    if (pair.one.length === 0 && pair.other.length === 0) return []
    const agreement = sumOf(
      left.flatMap(series => {
        const counterpart =
          series.field === field ? right.find(found => isCounterpart(series, found)) : undefined
        return counterpart === undefined ? [] : (agreementOf(series, counterpart) ?? [])
      }),
    )
    return [{ ...pair, ...(agreement === undefined ? {} : { agreement }) }]
  })
}

const FACTS = [
  'symbol',
  'pointValue',
  'priceScale',
  'minMove',
  'tickSize',
  'currency',
  'exchange',
  'type',
  'expires',
]

function pathsOf({ kinds }: FeedFacts, word: string): readonly string[] {
  return [...kinds.values()].flatMap(({ kind, fields }) =>
    [...fields.values()].flatMap(({ path, meaning, types, isName, seen }) => {
      const isLeaf = ((types.object ?? 0) + (types.array ?? 0)) * 2 < seen
      // Without its name a quote is nothing at all.
      const isMeant = meaning?.includes(word) === true || (word === 'name' && isName && meaning !== undefined)
      return isLeaf && isMeant ? [`${kind} ${path}`] : []
    }),
  )
}

function sumOf(agreements: readonly Agreement[]): Agreement | undefined {
  const [first] = agreements
  if (first === undefined) return undefined
  const sum = (key: 'changes' | 'same' | 'near' | 'byChance'): number =>
    agreements.reduce((total, agreement) => total + agreement[key], 0)
  const lags = agreements.map(({ lag }) => lag).toSorted((a, b) => a - b)
  const lag = lags[Math.floor(lags.length / 2)] ?? 0
  return { lag, changes: sum('changes'), same: sum('same'), near: sum('near'), byChance: sum('byChance') }
}

/** Comparisons by value alone: each costs some thousand steps. */
const MOST_COMPARED = 4_000

/** By how they move, where no decoder reads the one or the other: the best of each, if it is beyond accident. */
function movedAlike(left: readonly Series[], right: readonly Series[]): readonly FieldPair[] {
  const found = new Map<string, FieldPair & { readonly agreement: Agreement }>()
  let compared = 0
  for (const one of left) {
    for (const other of right) {
      if (one.isRead && other.isRead) continue
      if (one.instrument !== '' && other.instrument !== '' && one.instrument !== other.instrument) continue
      compared += 1
      if (compared > MOST_COMPARED) return [...found.values()]
      const agreement = hasOneRange(one, other) ? agreementOf(one, other) : undefined
      if (agreement === undefined || !isSame(agreement)) continue
      const key = one.isRead ? other.field : one.field
      const known = found.get(key)
      if (known !== undefined && known.agreement.same >= agreement.same) continue
      found.set(key, { one: [one.field], other: [other.field], agreement })
    }
  }
  return [...found.values()]
}

/** Numbers that never meet are not the same. */
function hasOneRange(one: Series, other: Series): boolean {
  const [a, b] = [one, other].map(({ values }) => ({ min: Math.min(...values), max: Math.max(...values) }))
  return a !== undefined && b !== undefined && a.min <= b.max && b.min <= a.max
}

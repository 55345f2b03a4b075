import { add, type Decimal, multiply } from '../model/decimal.ts'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import type { EpochMicros, Micros } from '../model/time.ts'

/** `exit-side` is where the position could be closed: the bid for a long one, the ask for a short one. */
export const MARK_RULES = ['last', 'exit-side', 'mid'] as const
export type MarkRule = (typeof MARK_RULES)[number]

/** The rules in the order in which they are tried. */
export type MarkChain = readonly MarkRule[]

/** What a mark needs of a merged quote. */
export interface QuoteView {
  /** `undefined` while the wire has said nothing about the group. */
  group(name: 'last' | 'bid' | 'ask'): GroupView | undefined
}

export interface GroupView {
  /** `null` is "has no value now", `undefined` is never said. */
  readonly price: Decimal | null | undefined
  /** When it was received. */
  readonly at: Micros
  /** By the wire. */
  readonly time?: EpochMicros | undefined
  readonly seq: number
  readonly packet: number
  /** What it came by, and the seconds that this declares its data to be late. */
  readonly source?: { readonly delay: number | undefined; readonly key?: MarkKey }
}

/** The key that a price came by. */
export interface MarkKey {
  /** The tape as named, from 0, and the connection on it. */
  readonly tape: number
  readonly conn: number
  readonly session: string
  /** As the wire sends it. */
  readonly name: string
}

export type PositionMark = Marked | Unpriced

export interface Marked {
  readonly kind: 'marked'
  readonly price: Decimal
  readonly rule: MarkRule
  readonly from: 'last' | 'bid' | 'ask' | 'mid'
  /** Receipt, wire time and place of the group that was used; of the older side for `mid`. */
  readonly at: Micros
  readonly time: EpochMicros | undefined
  readonly seq: number
  readonly packet: number
  /** The first microsecond at which it is too old. */
  readonly staleAt: Micros
  readonly delay: number | undefined
  readonly key: MarkKey | undefined
  /** Of `mid`: what it is between. */
  readonly sides?: readonly [bid: Marked, ask: Marked]
}

/** Why there is no mark: what the last rule of the chain met. */
export interface Unpriced {
  readonly kind: 'unpriced'
  readonly reason: 'no price yet' | 'no price now' | 'stale'
  readonly from: 'last' | 'bid' | 'ask'
  /** For `stale`: when it became so. */
  readonly since?: Micros
}

/** Reads `exit-side,last`. Throws `usage`. */
export function parseMarkChain(text: string): MarkChain {
  const chain: MarkRule[] = []
  for (const word of text.split(',')) {
    const rule = MARK_RULES.find(known => known === word.trim())
    if (rule === undefined || chain.includes(rule)) {
      throw new FeedtapeError('usage', 'the mark chain cannot be read', {
        where: '--mark',
        expected: `${MARK_RULES.join(', ')}, each at most once, separated by commas`,
        found: excerpt(text),
        next: 'name the rules in the order in which they are to be tried, such as exit-side,last',
      })
    }
    chain.push(rule)
  }
  return chain
}

/** The mark by the first rule of the chain that finds a price which is not too old. */
export function markOf(
  quote: QuoteView,
  side: 'long' | 'short',
  chain: MarkChain,
  at: Micros,
  staleAfter: Micros,
): PositionMark {
  let mark: PositionMark = NOTHING_YET
  for (const rule of chain) {
    mark = markBy(rule, quote, side, at, staleAfter)
    if (mark.kind === 'marked') return mark
  }
  return mark
}

/** What a position has before its instrument's first quote. */
export const NOTHING_YET: Unpriced = { kind: 'unpriced', reason: 'no price yet', from: 'last' }

function markBy(
  rule: MarkRule,
  quote: QuoteView,
  side: 'long' | 'short',
  at: Micros,
  staleAfter: Micros,
): PositionMark {
  switch (rule) {
    case 'last':
      return sideMark(rule, quote, 'last', at, staleAfter)
    case 'exit-side':
      return sideMark(rule, quote, side === 'long' ? 'bid' : 'ask', at, staleAfter)
    case 'mid':
      return midMark(quote, at, staleAfter)
    default:
      return rule satisfies never
  }
}

function sideMark(
  rule: MarkRule,
  quote: QuoteView,
  from: 'last' | 'bid' | 'ask',
  at: Micros,
  staleAfter: Micros,
): PositionMark {
  const group = quote.group(from)
  const price = group?.price
  if (group === undefined || price === undefined) return { kind: 'unpriced', reason: 'no price yet', from }
  if (price === null) return { kind: 'unpriced', reason: 'no price now', from }
  const staleAt = group.at + staleAfter + 1
  if (at >= staleAt) return { kind: 'unpriced', reason: 'stale', from, since: staleAt }
  return marked(price, rule, from, group, staleAt)
}

const HALF: Decimal = { mantissa: 5, scale: 1 }

function midMark(quote: QuoteView, at: Micros, staleAfter: Micros): PositionMark {
  const bid = sideMark('mid', quote, 'bid', at, staleAfter)
  if (bid.kind === 'unpriced') return bid
  const ask = sideMark('mid', quote, 'ask', at, staleAfter)
  if (ask.kind === 'unpriced') return ask
  const older = ask.at < bid.at ? ask : bid
  const price = multiply(add(bid.price, ask.price), HALF)
  const delay = laterOf(bid.delay, ask.delay)
  return { ...older, price, from: 'mid', delay, sides: [bid, ask] }
}

/** The price between two sides is as late as the later of them. */
function laterOf(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return Math.max(a, b)
}

function marked(
  price: Decimal,
  rule: MarkRule,
  from: Marked['from'],
  { at, time, seq, packet, source }: Omit<GroupView, 'price'>,
  staleAt: Micros,
): Marked {
  return {
    kind: 'marked',
    price,
    rule,
    from,
    at,
    time,
    seq,
    packet,
    staleAt,
    delay: source?.delay,
    key: source?.key,
  }
}

import { type Decimal, decimalEquals } from '../../model/decimal.ts'
import type { EpochMicros, Micros } from '../../model/time.ts'
import type { LeadFrame } from './lead-frame.ts'

export type Side = 'last' | 'bid' | 'ask'

/** What a key said last, and in which frames. */
export interface Key<Instrument> {
  readonly name: string
  instrument: Instrument
  last: { readonly price: Decimal | null; readonly frame: LeadFrame } | undefined
  delay: LeadFrame | undefined
  /** What that declared. */
  lateness: Micros | undefined
  readonly least: Least
}

/** The least that was declared under a name, and by which frame. */
export interface Least {
  declared: { readonly lateness: Micros; readonly frame: LeadFrame } | undefined
}

/** How much earlier than its receipt the moment is that a word of this key is of. */
export function latenessOf<I>({ lateness, least }: Key<I>): Micros {
  return lateness ?? least.declared?.lateness ?? 0
}

/** A price that stands. */
export interface Standing<Instrument> {
  readonly price: Decimal | null
  readonly time: EpochMicros | undefined
  /** As in InstrumentQuote. */
  moment: Micros
  /** The frame that dated it back. */
  dated: LeadFrame | undefined
  readonly key: Key<Instrument>
  readonly frame: LeadFrame
  /**
   * The frame that set this price. Since then it was only renewed, always at the same price, so a further renewal
   * needs none of those between: a chain of `lp_time` alone, a day long, hangs on one frame.
   */
  readonly base: LeadFrame
}

/** The latest moment that each connection's prices were of when they came. */
export type Moments = Map<number, Micros>

/** Of prices that came by other connections. */
export function latestBeside(moments: Moments, conn: number): Micros {
  let latest = Number.NEGATIVE_INFINITY
  for (const [other, moment] of moments) if (other !== conn && moment > latest) latest = moment
  return latest
}

/** Only two can matter: the latest, and for the connection that it came by the latest beside it. */
export function seeMoment(moments: Moments, conn: number, moment: Micros): void {
  moments.set(conn, Math.max(moments.get(conn) ?? moment, moment))
  if (moments.size < 3) return
  const [least] = [...moments].reduce((one, other) => (other[1] < one[1] ? other : one))
  moments.delete(least)
}

/** As InstrumentQuote.absorb. */
export function isNewer<I>(one: Standing<I>, than: Standing<I>): boolean {
  if (one.time !== undefined && than.time !== undefined && one.time !== than.time) return one.time > than.time
  const isOne = one.frame.conn === than.frame.conn
  if (!isOne && one.moment !== than.moment) return one.moment > than.moment
  return one.frame.seq > than.frame.seq
}

export function samePrice(a: Decimal | null, b: Decimal | null): boolean {
  return a === null || b === null ? a === b : decimalEquals(a, b)
}

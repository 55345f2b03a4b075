import type { Disposition } from '../../feeds/feed.ts'
import type { Direction } from '../../tape/entry.ts'
import type { Spread } from './reservoir.ts'
import type { TextLook } from './text-look.ts'

export type JsonType = 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array'

export const JSON_TYPES: readonly JsonType[] = ['string', 'number', 'boolean', 'null', 'object', 'array']

/** What one or more tapes show of their feeds. */
export interface SchemaFacts {
  readonly tapes: readonly string[]
  /** In the order of first sight. */
  readonly feeds: ReadonlyMap<string, FeedFacts>
}

export interface FeedFacts {
  readonly feed: string
  /** Incoming messages. */
  readonly messages: number
  /** Incoming messages in one of the stretches that `KindFacts.spread` counts in. */
  readonly stretch: number
  /** By `in qsd`. */
  readonly kinds: ReadonlyMap<string, KindFacts>
}

export interface KindFacts {
  readonly dir: Direction
  readonly kind: string
  readonly packets: number
  readonly dispositions: Readonly<Partial<Record<Disposition, number>>>
  /** Why packets were malformed. */
  readonly reasons: readonly ValueCount[]
  /** Packets that hold no JSON: a heartbeat, bytes. */
  readonly plain: number
  /** In bytes of UTF-8. */
  readonly sizes: Spread | undefined
  /** In µs, from a message with this kind to the next on its connection; `undefined` where the tape has no times. */
  readonly gaps: Spread | undefined
  /** In what the following count: answers are as far apart as the requests between them. */
  readonly gapUnit: 'us' | 'requests'
  /** Gaps and their sums, by stretch, in the order of the tape. */
  readonly gapCounts: readonly number[]
  readonly gapSums: readonly number[]
  /** How many there were of each length, by half octaves (`endOfStep`) and by stretch; the short ones first. */
  readonly gapLengths: readonly GapLength[]
  /** Packets in each stretch of the feed's messages. */
  readonly spread: readonly number[]
  /** By path, parents first; `''` is the whole payload. */
  readonly fields: ReadonlyMap<string, FieldFacts>
  /** Absent where nothing of the kind was an answer. */
  readonly heads?: HeadFacts
}

export interface GapLength {
  readonly step: number
  readonly hits: readonly number[]
}

/** What an answer says of itself before its body. */
export interface HeadFacts {
  readonly status: readonly WordCount[]
  /** Of the content, without what stands behind it: `application/json`. */
  readonly type: readonly WordCount[]
}

export interface FieldFacts {
  readonly path: string
  readonly parent: string | undefined
  readonly seen: number
  /** How often it could have stood there; `undefined` for members of lists and maps, which have no rate. */
  readonly of: number | undefined
  /** `seen` and `of`, by stretch of the kind's packets. */
  readonly hits: readonly number[]
  readonly trials: readonly number[]
  /** How often it was an object or array whose members have names or places of their own: what a member's `of` would be. */
  readonly records: number
  readonly recordTrials: readonly number[]
  readonly types: Readonly<Partial<Record<JsonType, number>>>
  readonly numbers: NumberFacts | undefined
  readonly texts: TextFacts | undefined
  /** Of arrays. */
  readonly lengths: { readonly min: number; readonly max: number } | undefined
  /** Its keys are data, not words: sessions, symbols, ids. */
  readonly isMap: boolean
  /** Its values are names of instruments. */
  readonly isName: boolean
  /** What the decoder makes of it: `last`, `instrument.pointValue`, `everything`; `undefined` where nothing changes without it. */
  readonly meaning: readonly string[] | undefined
}

export interface NumberFacts {
  readonly count: number
  readonly min?: number
  readonly max?: number
  readonly integers: number
  /** The most digits behind the point. */
  readonly decimals: number
  /** Written with more digits than a double can be trusted with. */
  readonly long: number
  /** All are times since 1970 in this unit. */
  readonly time?: 's' | 'ms' | 'us'
}

export interface TextFacts {
  readonly count: number
  readonly shortest: number
  readonly longest: number
  readonly looks: readonly TextLook[]
  /** With numbers in them as `#`; `undefined` where they are too many for an enum, or no words. */
  readonly words: readonly WordCount[] | undefined
  /** `undefined` where they are too many to say anything. */
  readonly forms: readonly ValueCount[] | undefined
}

export interface ValueCount {
  readonly value: string
  readonly count: number
}

export interface WordCount extends ValueCount {
  /** By stretch of the kind's packets. */
  readonly hits: readonly number[]
}

/** A field with few words that come again and again. */
export function isEnum({ texts, isName }: FieldFacts): boolean {
  if (texts?.words === undefined || isName) return false
  return texts.count >= 50 && texts.words.length * 10 <= texts.count
}

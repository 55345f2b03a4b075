import type { Feed, HttpExchange } from '../src/feeds/index.ts'
import { decimalText } from '../src/model/decimal.ts'
import type { Observation } from '../src/model/observation.ts'
import { QUOTE_FIELD_NAMES, type QuoteFields } from '../src/model/quote.ts'
import { type Random, randomInteger } from '../src/model/random.ts'
import type { SyntheticMarket } from '../src/synth/index.ts'

/** What a feed's venue says, in the feed's own words: text of a frame, or an exchange. */
export type Said = string | HttpExchange

/** An answer of a poll has a few rows; a socket speaks of what has moved. */
const ROWS = 5

/** One wire's way to speak of a market: names and fields that it has no words for are left out. */
export interface Speaker {
  /** What moved, or what is asked for; nothing where this wire has no words for any of it. */
  speak(): { readonly said: Said; readonly observations: readonly Observation[] } | undefined
}

export function createSpeaker(feed: Feed, market: SyntheticMarket, random: Random): Speaker {
  const says = (observations: readonly Observation[]): Said | undefined => feed.encode.message(observations)
  const dialect = dialectOf(market, says)
  let serial = 1_000

  function candidates(name: string, moved: QuoteFields, isQuote: boolean): readonly Observation[] {
    serial += 1
    const place = { session: dialect.session, name: dialect.nameOf(name) }
    if (!isQuote) return others(place, market.quote(name) ?? {}, serial)
    const fields = dialect.quoted(feed.transport === 'http' ? (market.quote(name) ?? {}) : moved)
    return Object.keys(fields).length === 0 ? [] : [{ kind: 'quote', ...place, fields }]
  }

  function others(place: Place, quote: QuoteFields, id: number): readonly Observation[] {
    const all = OTHERS.flatMap(make => make(place, quote, id, market.now())).filter(
      one => says([one]) !== undefined,
    )
    const one = all[randomInteger(random, 0, all.length - 1)]
    return one === undefined ? [] : [one]
  }

  return {
    speak() {
      const moves = market.step()
      const first = randomInteger(random, 0, Math.max(0, moves.length - 1))
      const told = [...moves.slice(first), ...moves.slice(0, first)]
      const chosen = told.slice(0, feed.transport === 'http' ? ROWS : 1)
      // A wire that quotes quotes nearly always.
      const isQuote = dialect.isQuoting && random.next() < 0.9
      const observations = chosen.flatMap(({ name, fields }) => candidates(name, fields, isQuote))
      for (const some of [observations, observations.slice(0, 1)]) {
        const said = some.length === 0 ? undefined : says(some)
        if (said !== undefined) return { said, observations: some }
      }
      return undefined
    },
  }
}

interface Place {
  readonly session: string
  readonly name: string
}

type Says = (observations: readonly Observation[]) => Said | undefined

interface Dialect {
  readonly session: string
  readonly isQuoting: boolean
  nameOf(name: string): string
  quoted(fields: QuoteFields): QuoteFields
}

/** Found out by trying: a session or none, names or numbers, and of these where the wire has the most words. */
function dialectOf(market: SyntheticMarket, says: Says): Dialect {
  const ids = new Map(market.names.map((name, place) => [name, String(3_267_315 + place)]))
  const [name = ''] = market.names
  const quote = market.quote(name) ?? {}
  const found = ['qs_SyntheticAaa', ''].flatMap(session =>
    [(one: string) => one, (one: string) => ids.get(one) ?? one].map(nameOf => {
      const place = { session, name: nameOf(name) }
      const canSay = (fields: QuoteFields): boolean =>
        says([{ kind: 'quote', ...place, fields }]) !== undefined
      const quoted = (fields: QuoteFields): QuoteFields => sayable(fields, canSay)
      const fields = Object.keys(quoted(quote)).length
      const kinds = OTHERS.flatMap(make => make(place, quote, 1, market.now())).filter(
        one => says([one]) !== undefined,
      )
      return { session, isQuoting: fields > 0, nameOf, quoted, words: 100 * fields + kinds.length }
    }),
  )
  const [best] = found.toSorted((one, other) => other.words - one.words)
  if (best === undefined || best.words === 0)
    throw new Error('a feed that has no words for anything of this market')
  return best
}

/** The most of it that the wire can say, field by field: a delay may need its mode, a time its side. */
function sayable(fields: QuoteFields, canSay: (fields: QuoteFields) => boolean): QuoteFields {
  if (Object.keys(fields).length > 0 && canSay(fields)) return fields
  let kept: QuoteFields = {}
  for (const field of QUOTE_FIELD_NAMES) {
    if (fields[field] === undefined) continue
    const more = { ...kept, [field]: fields[field] }
    if (canSay(more)) kept = more
  }
  return kept
}

type Make = (place: Place, quote: QuoteFields, id: number, now: number) => readonly Observation[]

const ONE_UNIT = { mantissa: 1, scale: 0 }

/** What else a wire may be made for. */
const OTHERS: readonly Make[] = [
  (place, { last }, _, now) =>
    last ? [{ kind: 'trade', ...place, price: last, size: ONE_UNIT, time: now - (now % 1_000_000) }] : [],
  (place, { bid, ask }) =>
    bid && ask
      ? [
          {
            kind: 'depth',
            ...place,
            bids: [{ price: bid, size: ONE_UNIT }],
            asks: [{ price: ask, size: ONE_UNIT }],
          },
        ]
      : [],
  ({ session, name }) =>
    session === ''
      ? [{ kind: 'instrument', session, name, type: 'futures', currency: 'USD', description: 'SYNTHETIC' }]
      : [],
  (place, { last }, id, now) =>
    last
      ? [
          {
            kind: 'fill',
            ...place,
            change: 'created',
            id: String(id),
            time: now - (now % 1_000),
            side: 'buy',
            quantity: ONE_UNIT,
            price: last,
          },
        ]
      : [],
  (place, { last }, id) =>
    last
      ? [
          {
            kind: 'position',
            ...place,
            change: 'updated',
            id: String(id),
            account: '1000001',
            quantity: ONE_UNIT,
            averagePrice: last,
          },
        ]
      : [],
  (place, _, id) => [
    {
      kind: 'order',
      ...place,
      change: 'created',
      id: String(id),
      account: '1000001',
      side: 'buy',
      status: 'Working',
    },
  ],
  ({ session }, { last }, id) =>
    last
      ? [
          {
            kind: 'balance',
            session,
            name: '',
            change: 'updated',
            id: String(id),
            account: '1000001',
            amount: last,
          },
        ]
      : [],
  ({ session, name }, { last }) =>
    last
      ? [
          {
            kind: 'signal',
            session,
            name,
            action: 'open',
            strategy: 'SYN-15SV',
            timeframe: '15',
            side: 'buy',
            quantity: ONE_UNIT,
            price: last,
            text: openLine(name, decimalText(last)),
          },
        ]
      : [],
]

/** As Trade Manager's log has it. */
function openLine(ticker: string, price: string): string {
  const head = `Strategy: **SYN-15SV**, Ticker: **${ticker}**, Timeframe: **15**`
  return `📊 [RECORDER] OPEN — ${head} — **1 BUY** at **${price}**`
}

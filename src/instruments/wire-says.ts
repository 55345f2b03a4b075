import { type Decimal, decimalEquals } from '../model/decimal.ts'
import type { InstrumentFacts } from '../model/observation.ts'
import { FACT_NAMES, type FactName } from './contradictions.ts'
import { type Say, sayOfWire } from './say.ts'
import type { WirePlace } from './wire-place.ts'

/** What one feed says about one instrument, and where it said each of it. */
export interface WireSay {
  readonly facts: InstrumentFacts
  readonly say: Say
  readonly places: Readonly<Partial<Record<FactName, WirePlace>>>
}

type OnChange = (before: WireSay, after: WireSay) => void

/** What every feed says about one instrument. Facts of one feed complete each other; feeds stay apart. */
export class WireSays {
  /** The one that spoke last is last. */
  readonly #byFeed = new Map<string, WireSay>()

  /** Takes in what a wire says; an absent fact stays as it was. True when anything is new. */
  learn(facts: InstrumentFacts, place: WirePlace | undefined, changed: OnChange): boolean {
    const feed = place?.feed ?? ''
    const said = withoutNothing(facts)
    const known = this.#byFeed.get(feed)
    if (known !== undefined && !addsTo(known.facts, said)) return false
    const after = sayFrom({ ...known?.facts, ...said }, known, place)
    if (known !== undefined) changed(known, after)
    this.#byFeed.delete(feed)
    this.#byFeed.set(feed, after)
    return true
  }

  /** What was said of the same instrument under another name: it completes what is known here. */
  absorb(others: WireSays, changed: OnChange): void {
    for (const [feed, other] of others.#byFeed) {
      const known = this.#byFeed.get(feed)
      if (known !== undefined) changed(other, known)
      this.#byFeed.set(feed, known === undefined ? other : completed(known, other))
    }
  }

  /** What holds for the next contract of the product, where nothing is said of that. */
  forNext(known: WireSays | undefined): WireSays {
    const next = new WireSays()
    for (const [feed, { facts, say, places }] of this.#byFeed) {
      const { symbol: _, expires: __, front: ___, isFront: ____, ...product } = facts
      next.#byFeed.set(feed, { facts: product, say, places })
    }
    for (const [feed, own] of known === undefined ? [] : known.#byFeed) {
      const product = next.#byFeed.get(feed)
      next.#byFeed.set(feed, product === undefined ? own : completed(own, product))
    }
    return next
  }

  /** The one that spoke last comes first. */
  says(): readonly WireSay[] {
    return [...this.#byFeed.values()].reverse()
  }

  /** The venue's own full name. */
  get fullName(): string | undefined {
    return this.says().find(({ facts }) => facts.symbol !== undefined)?.facts.symbol
  }
}

function completed(known: WireSay, by: WireSay): WireSay {
  const facts = { ...by.facts, ...known.facts }
  return { facts, say: sayOfWire(facts), places: { ...by.places, ...known.places } }
}

/** The place is that of the message by which a value became what it is. */
function sayFrom(facts: InstrumentFacts, known: WireSay | undefined, place: WirePlace | undefined): WireSay {
  const say = sayOfWire(facts)
  const places: Partial<Record<FactName, WirePlace>> = { ...known?.places }
  for (const name of FACT_NAMES) {
    if (place !== undefined && !isSame(say[name], known?.say[name])) places[name] = place
  }
  return { facts, say, places }
}

function isSame(one: Decimal | string | undefined, other: Decimal | string | undefined): boolean {
  if (typeof one === 'object' && typeof other === 'object') return decimalEquals(one, other)
  return one === other
}

/** A zero or negative number and an empty text say nothing, and must not erase what was said. */
function withoutNothing(facts: InstrumentFacts): InstrumentFacts {
  const entries = Object.entries(facts).filter(([key, value]) => {
    // An empty variable tick does say something: that the tick is the same at every price.
    if (value === undefined || (value === '' && key !== 'variableTickSize')) return false
    return !(typeof value === 'object' && 'mantissa' in value) || value.mantissa > 0
  })
  return { ...Object.fromEntries(entries), kind: 'instrument', session: facts.session, name: facts.name }
}

/** Whether a message says anything that is not known yet. A wire repeats its facts with every snapshot. */
function addsTo(known: InstrumentFacts, facts: InstrumentFacts): boolean {
  return (
    differs(known.pointValue, facts.pointValue) ||
    differs(known.minMove, facts.minMove) ||
    differs(known.priceScale, facts.priceScale) ||
    differs(known.tickSize, facts.tickSize) ||
    differs(known.tickValue, facts.tickValue) ||
    isNews(known.variableTickSize, facts.variableTickSize) ||
    isNews(known.currency, facts.currency) ||
    isNews(known.type, facts.type) ||
    isNews(known.symbol, facts.symbol)
  )
}

function differs(known: Decimal | undefined, said: Decimal | undefined): boolean {
  return said !== undefined && (known === undefined || !decimalEquals(known, said))
}

function isNews(known: string | undefined, said: string | undefined): boolean {
  return said !== undefined && said !== known
}

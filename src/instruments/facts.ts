import { type Decimal, decimalEquals, decimalText } from '../model/decimal.ts'
import type { InstrumentFacts } from '../model/observation.ts'
import type { InstrumentConfig } from './config.ts'
import { identityOf } from './name.ts'
import { type Say, sayOfTable, sayOfWire } from './say.ts'

/** In the order in which they are believed. */
export const FACT_SOURCES = ['config', 'wire', 'table'] as const
export type FactSource = (typeof FACT_SOURCES)[number]

export const FACT_NAMES = ['pointValue', 'tickSize', 'currency'] as const
export type FactName = (typeof FACT_NAMES)[number]

export interface Fact<T> {
  readonly value: T
  readonly source: FactSource
}

/** What is known about an instrument's money. Unknown is absent, and never a 1. */
export interface ResolvedInstrument {
  readonly pointValue?: Fact<Decimal>
  readonly tickSize?: Fact<Decimal>
  readonly currency?: Fact<string>
}

/** Two sources that disagree about one value. */
export interface Contradiction {
  readonly instrument: string
  readonly value: FactName
  /** Of the two, the one that is believed. */
  readonly kept: FactText
  readonly other: FactText
  /** What the table's own sources say about a tick on which they differ. */
  readonly note?: string
}

export interface FactText {
  readonly source: FactSource
  readonly text: string
}

/** Per value, the user's config is believed before the wire, and the wire before the built-in table. */
export class InstrumentBook {
  readonly #canonical: (name: string) => string
  readonly #config = new Map<string, InstrumentConfig>()
  readonly #wire = new Map<string, InstrumentFacts>()
  readonly #resolved = new Map<string, ResolvedInstrument>()
  readonly #contradictions = new Map<string, Contradiction>()
  #revision = 0

  /** `canonical` says which instrument a name means; without it a name is its own identity. */
  constructor(
    config: ReadonlyMap<string, InstrumentConfig> = new Map(),
    canonical: (name: string) => string = identityOf,
  ) {
    this.#canonical = canonical
    for (const [name, facts] of config) this.#config.set(identityOf(name), facts)
    for (const name of [...this.#config.keys()]) {
      if (canonical(name) !== name) this.#moveConfig(name, canonical(name))
    }
    for (const instrument of this.#config.keys()) this.#compare(instrument)
  }

  /** Grows when a wire changed what it says: what was resolved before is to be resolved anew. */
  get revision(): number {
    return this.#revision
  }

  /** Takes in what a wire says; an absent fact stays as it was. True when anything is new. */
  learn(facts: InstrumentFacts): boolean {
    const instrument = this.#canonical(facts.name)
    const said = withoutNothing(facts)
    const known = this.#wire.get(instrument)
    if (known !== undefined && !addsTo(known, said)) return false
    if (known !== undefined) this.#compareWire(instrument, known, said)
    this.#wire.set(instrument, { ...known, ...said })
    this.#resolved.delete(instrument)
    this.#revision += 1
    this.#compare(instrument)
    return true
  }

  /** A name without exchange was found to be this instrument: what is known of the one holds for the other. */
  rename(bare: string, instrument: string): void {
    this.#moveConfig(bare, instrument)
    const wire = this.#wire.get(bare)
    if (wire !== undefined) this.#wire.set(instrument, { ...wire, ...this.#wire.get(instrument) })
    this.#wire.delete(bare)
    this.#resolved.delete(bare)
    this.#resolved.delete(instrument)
    for (const [key, { instrument: of }] of this.#contradictions) {
      if (of === bare) this.#contradictions.delete(key)
    }
    this.#revision += 1
    this.#compare(instrument)
  }

  #moveConfig(bare: string, instrument: string): void {
    const config = this.#config.get(bare)
    if (config === undefined) return
    this.#config.delete(bare)
    const full = this.#config.get(instrument)
    this.#config.set(instrument, { ...config, ...full })
    if (full === undefined) return
    // Both spellings are in the config: the fuller one is believed, and where they differ that is said.
    for (const value of FACT_NAMES) {
      const [kept] = factText('config', full[value])
      const [other] = factText('config', config[value])
      if (kept !== undefined && other !== undefined) this.#note({ instrument, value, kept, other })
    }
  }

  /** What is known about an instrument, by its name in any spelling. */
  resolve(name: string): ResolvedInstrument {
    const instrument = this.#canonical(name)
    let resolved = this.#resolved.get(instrument)
    if (resolved === undefined) {
      resolved = resolvedFrom(this.#says(instrument))
      this.#resolved.set(instrument, resolved)
    }
    return resolved
  }

  /** Each pair of sources once per instrument and value, as first seen, in the order of discovery. */
  contradictions(): readonly Contradiction[] {
    return [...this.#contradictions.values()]
  }

  #says(instrument: string): ReadonlyMap<FactSource, Say> {
    const wire = this.#wire.get(instrument)
    return new Map<FactSource, Say>([
      ['config', this.#config.get(instrument) ?? {}],
      ['wire', wire === undefined ? {} : sayOfWire(wire)],
      ['table', sayOfTable(instrument, wire?.symbol)],
    ])
  }

  #compare(instrument: string): void {
    for (const found of contradictionsAmong(instrument, this.#says(instrument))) this.#note(found)
  }

  /** A wire that says one thing and later another. */
  #compareWire(instrument: string, known: InstrumentFacts, said: InstrumentFacts): void {
    const before = sayOfWire(known)
    const after = sayOfWire({ ...known, ...said })
    for (const value of FACT_NAMES) {
      const [other] = factText('wire', before[value])
      const [kept] = factText('wire', after[value])
      if (kept !== undefined && other !== undefined) this.#note({ instrument, value, kept, other })
    }
  }

  /** Once for each pair of sources and texts. */
  #note(found: Contradiction): void {
    const { instrument, value, kept, other } = found
    if (kept.text === other.text) return
    const key = `${instrument} ${value} ${kept.source} ${kept.text} ${other.source} ${other.text}`
    if (!this.#contradictions.has(key)) this.#contradictions.set(key, found)
  }
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

function resolvedFrom(says: ReadonlyMap<FactSource, Say>): ResolvedInstrument {
  const pointValue = believed(says, say => say.pointValue)
  const tickSize = believed(says, say => say.tickSize)
  const currency = believed(says, say => say.currency)
  return {
    ...(pointValue === undefined ? {} : { pointValue }),
    ...(tickSize === undefined ? {} : { tickSize }),
    ...(currency === undefined ? {} : { currency }),
  }
}

function believed<T>(
  says: ReadonlyMap<FactSource, Say>,
  pick: (say: Say) => T | undefined,
): Fact<T> | undefined {
  for (const [source, say] of says) {
    const value = pick(say)
    if (value !== undefined) return { value, source }
  }
  return undefined
}

function* contradictionsAmong(
  instrument: string,
  says: ReadonlyMap<FactSource, Say>,
): Iterable<Contradiction> {
  const note = says.get('table')?.note
  for (const value of FACT_NAMES) {
    const texts = FACT_SOURCES.flatMap(source => factText(source, says.get(source)?.[value]))
    for (const [index, kept] of texts.entries()) {
      for (const other of texts.slice(index + 1)) {
        if (kept.text === other.text) continue
        const isDisputed = value === 'tickSize' && other.source === 'table' && note !== undefined
        yield { instrument, value, kept, other, ...(isDisputed ? { note } : {}) }
      }
    }
  }
}

function factText(source: FactSource, value: Decimal | string | undefined): readonly FactText[] {
  if (value === undefined) return []
  return [{ source, text: typeof value === 'string' ? value : decimalText(value) }]
}

/** Whether a message says anything that is not known yet. A wire repeats its facts with every snapshot. */
function addsTo(known: InstrumentFacts, facts: InstrumentFacts): boolean {
  return (
    differs(known.pointValue, facts.pointValue) ||
    differs(known.minMove, facts.minMove) ||
    differs(known.priceScale, facts.priceScale) ||
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

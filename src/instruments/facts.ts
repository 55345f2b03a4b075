import { type Decimal, decimalText } from '../model/decimal.ts'
import { excerpt } from '../model/errors.ts'
import type { InstrumentFacts } from '../model/observation.ts'
import type { InstrumentConfig } from './config.ts'
import {
  type Contradiction,
  Contradictions,
  FACT_NAMES,
  FACT_SOURCES,
  type FactName,
  type FactSource,
  type FactText,
  textOfWire,
} from './contradictions.ts'
import { coinOfInverse, isInverseType } from './inverse.ts'
import { identityOf } from './name.ts'
import { type Say, sayOfTable } from './say.ts'
import type { WirePlace } from './wire-place.ts'
import { type WireSay, WireSays } from './wire-says.ts'

export interface Fact<T> {
  readonly value: T
  readonly source: FactSource
}

/** What is known about an instrument's money. Unknown is absent, and never a 1. */
export interface ResolvedInstrument {
  readonly pointValue?: Fact<Decimal>
  readonly tickSize?: Fact<Decimal>
  readonly currency?: Fact<string>
  /** It is an inverse contract, and why that is known; a point of it is worth no fixed sum, and `pointValue` is absent. */
  readonly inverse?: Fact<string>
}

/** What one source says; a wire also where. */
interface Said {
  readonly source: FactSource
  readonly say: Say
  readonly textOf: (value: FactName, text: string) => FactText
}

/** Per value, the user's config is believed before the wire, the wire that spoke last before others, and all before the built-in table. */
export class InstrumentBook {
  readonly #canonical: (name: string) => string
  readonly #config = new Map<string, InstrumentConfig>()
  readonly #wire = new Map<string, WireSays>()
  readonly #resolved = new Map<string, ResolvedInstrument>()
  readonly #contradictions = new Contradictions()
  /** In the order of the revisions. */
  readonly #changes: string[] = []

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
    return this.#changes.length
  }

  /** The instruments that were changed behind a revision. */
  changedSince(revision: number): ReadonlySet<string> {
    return new Set(this.#changes.slice(revision))
  }

  /** Takes in what a wire says; an absent fact stays as it was. True when anything is new. */
  learn(facts: InstrumentFacts, place?: WirePlace): boolean {
    const instrument = this.#canonical(facts.name)
    const known = this.#wire.get(instrument)
    const says = known ?? new WireSays()
    if (!says.learn(facts, place, (before, after) => this.#compareTwice(instrument, before, after)))
      return false
    if (known === undefined) this.#wire.set(instrument, says)
    this.#change(instrument)
    return true
  }

  /** A name was found to mean this instrument: what is known of the one holds for the other. */
  move(from: string, to: string): void {
    this.#moveConfig(from, to)
    const says = this.#wire.get(from)
    if (says !== undefined) {
      this.#wire.delete(from)
      const known = this.#wire.get(to)
      if (known === undefined) this.#wire.set(to, says)
      else known.absorb(says, (before, after) => this.#compareTwice(to, before, after))
    }
    this.#resolved.delete(from)
    this.#contradictions.forget(from)
    this.#change(to)
  }

  /** A continuous name has gone from one contract to another of the same product, whose money is the same. */
  roll(from: string, to: string): void {
    const config = this.#config.get(from)
    if (config !== undefined) this.#config.set(to, { ...config, ...this.#config.get(to) })
    const says = this.#wire.get(from)
    if (says !== undefined) this.#wire.set(to, says.forNext(this.#wire.get(to)))
    this.#change(to)
  }

  #change(instrument: string): void {
    this.#resolved.delete(instrument)
    this.#changes.push(instrument)
    this.#compare(instrument)
  }

  #moveConfig(from: string, to: string): void {
    const config = this.#config.get(from)
    if (config === undefined) return
    this.#config.delete(from)
    const full = this.#config.get(to)
    this.#config.set(to, { ...config, ...full })
    if (full === undefined) return
    // Both words are in the config: the fuller one is believed, and where they differ that is said.
    for (const value of FACT_NAMES) {
      const [kept, other] = [textIn(full, value), textIn(config, value)]
      if (kept === undefined || other === undefined) continue
      const source = 'config'
      this.#contradictions.note({
        instrument: to,
        value,
        kept: { source, text: kept },
        other: { source, text: other },
      })
    }
  }

  /** What is known about an instrument, by its name in any spelling. */
  resolve(name: string): ResolvedInstrument {
    const instrument = this.#canonical(name)
    let resolved = this.#resolved.get(instrument)
    if (resolved === undefined) {
      resolved = resolvedFrom(this.#says(instrument), this.#inverse(instrument))
      this.#resolved.set(instrument, resolved)
    }
    return resolved
  }

  /** Each pair of sources once per instrument and value, as first seen, in the order of discovery. */
  contradictions(): readonly Contradiction[] {
    return this.#contradictions.all()
  }

  /** In the order in which they are believed. */
  #says(instrument: string): readonly Said[] {
    const wire = this.#wire.get(instrument)
    const says: Readonly<Record<FactSource, readonly Said[]>> = {
      config: [plainly('config', this.#config.get(instrument) ?? {})],
      wire: (wire?.says() ?? []).map(({ say, places }) => ({
        source: 'wire',
        say,
        textOf: (value, text) => textOfWire(text, places[value]),
      })),
      table: [plainly('table', sayOfTable(instrument, wire?.fullName))],
    }
    return FACT_SOURCES.flatMap(source => says[source])
  }

  #inverse(instrument: string): Fact<string> | undefined {
    const kind = this.#config.get(instrument)?.kind
    if (kind === 'linear') return undefined
    if (kind === 'inverse') return { value: 'the config says so', source: 'config' }
    const wire = this.#wire.get(instrument)
    const type = wire?.says().find(({ facts }) => isInverseType(facts.type))?.facts.type
    if (type !== undefined) return { value: `the wire calls it ${excerpt(type)}`, source: 'wire' }
    const coin = coinOfInverse(instrument, wire?.fullName)
    return coin === undefined ? undefined : { value: `it is paid in ${coin}`, source: 'table' }
  }

  /** Every pair that disagrees, the table's doubt about its own tick with it. */
  #compare(instrument: string): void {
    const says = this.#says(instrument)
    const note = says.at(-1)?.say.note
    for (const value of FACT_NAMES) {
      const texts = says.flatMap(said => textsOf(said, value))
      for (const [index, kept] of texts.entries()) {
        for (const other of texts.slice(index + 1)) {
          const isDisputed = value === 'tickSize' && other.source === 'table' && note !== undefined
          this.#contradictions.note({ instrument, value, kept, other, ...(isDisputed ? { note } : {}) })
        }
      }
    }
  }

  /** A wire that says one thing and later another. */
  #compareTwice(instrument: string, before: WireSay, after: WireSay): void {
    for (const value of FACT_NAMES) {
      const [other, kept] = [textIn(before.say, value), textIn(after.say, value)]
      if (kept === undefined || other === undefined) continue
      this.#contradictions.note({
        instrument,
        value,
        kept: textOfWire(kept, after.places[value]),
        other: textOfWire(other, before.places[value]),
      })
    }
  }
}

function plainly(source: 'config' | 'table', say: Say): Said {
  return { source, say, textOf: (_, text) => ({ source, text }) }
}

function textsOf({ say, textOf }: Said, value: FactName): readonly FactText[] {
  const text = textIn(say, value)
  return text === undefined ? [] : [textOf(value, text)]
}

function textIn(say: Say, name: FactName): string | undefined {
  const value = say[name]
  return value === undefined || typeof value === 'string' ? value : decimalText(value)
}

function resolvedFrom(says: readonly Said[], inverse: Fact<string> | undefined): ResolvedInstrument {
  const pointValue = inverse === undefined ? believed(says, say => say.pointValue) : undefined
  const tickSize = believed(says, say => say.tickSize)
  // What wires say is what the price is quoted in; an inverse contract is paid in another.
  const isQuoted = (source: FactSource): boolean => inverse === undefined || source === 'config'
  const currency = believed(
    says.filter(({ source }) => isQuoted(source)),
    say => say.currency,
  )
  return {
    ...(pointValue === undefined ? {} : { pointValue }),
    ...(tickSize === undefined ? {} : { tickSize }),
    ...(currency === undefined ? {} : { currency }),
    ...(inverse === undefined ? {} : { inverse }),
  }
}

function believed<T>(says: readonly Said[], pick: (say: Say) => T | undefined): Fact<T> | undefined {
  for (const { source, say } of says) {
    const value = pick(say)
    if (value !== undefined) return { value, source }
  }
  return undefined
}

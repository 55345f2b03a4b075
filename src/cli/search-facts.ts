import type { InstrumentFacts } from '../model/observation.ts'
import { Normalizer, type Tally } from '../normalize/index.ts'
import type { Tape } from '../tape/index.ts'

export interface FoundFacts {
  /** One for each name, in the order in which they were first named. */
  readonly facts: readonly InstrumentFacts[]
  readonly tallies: readonly Tally[]
}

/** What tapes say about instruments: of one name all together, where a later word stands over an earlier one. */
export async function factsOf(tapes: readonly Tape[]): Promise<FoundFacts> {
  const facts = new Map<string, InstrumentFacts>()
  const tallies: Tally[] = []
  for (const tape of tapes) {
    const normalizer = new Normalizer({
      observation(observation) {
        if (observation.kind !== 'instrument') return
        const known = facts.get(observation.name)
        facts.set(observation.name, known === undefined ? observation : { ...known, ...observation })
      },
    })
    for await (const entry of tape) normalizer.apply(entry)
    tallies.push(normalizer.tally)
  }
  return { facts: [...facts.values()], tallies }
}

export interface Wish {
  readonly texts: readonly string[]
  readonly type?: string | undefined
  readonly exchange?: string | undefined
}

/** Any of the texts in name, symbol or description, whatever the case. */
export function isMeant(facts: InstrumentFacts, { exchange, texts, type }: Wish): boolean {
  const { description = '', name, symbol = '' } = facts
  const words = [name, symbol, description].map(word => word.toLowerCase())
  if (!texts.some(text => words.some(word => word.includes(text.toLowerCase())))) return false
  // `futures` and `stocks`, as the search itself has them, and a row's own `stock`.
  const types = [facts.type, `${facts.type}s`].map(word => word?.toLowerCase())
  if (type !== undefined && !types.includes(type.toLowerCase())) return false
  const places = [facts.exchange, name.split(':', 1)[0]].map(word => word?.toLowerCase())
  return exchange === undefined || places.includes(exchange.toLowerCase())
}

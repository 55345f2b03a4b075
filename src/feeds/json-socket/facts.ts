import type { InstrumentFacts } from '../../model/observation.ts'

export type FactName = Exclude<
  keyof InstrumentFacts,
  'kind' | 'session' | 'name' | 'fractional' | 'variableTickSize' | 'front' | 'isFront'
>

/** The facts that a mapping can name, and how their values are written. */
export const FACTS: Readonly<Record<FactName, 'decimal' | 'text' | 'time'>> = {
  symbol: 'text',
  exchange: 'text',
  type: 'text',
  currency: 'text',
  description: 'text',
  root: 'text',
  pointValue: 'decimal',
  tickSize: 'decimal',
  tickValue: 'decimal',
  priceScale: 'decimal',
  minMove: 'decimal',
  expires: 'time',
}

export const FACT_NAMES = Object.keys(FACTS) as readonly FactName[]

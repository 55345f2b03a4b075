export { type Config, type InstrumentConfig, NO_CONFIG, readConfig } from './config.ts'
export { CONTRACTS, CONTRACTS_BY_ROOT, type Contract } from './contracts.ts'
export {
  type Contradiction,
  FACT_NAMES,
  FACT_SOURCES,
  type FactName,
  type FactSource,
  type FactText,
} from './contradictions.ts'
export { type Fact, InstrumentBook, type ResolvedInstrument } from './facts.ts'
export { Identities, type IdentitiesOptions } from './identities.ts'
export { type Equation, type EquationSource, type Identity, type Roll, sourceTextOf } from './identity.ts'
export { type Decoration, decorationOf, identityOf } from './name.ts'
export { spellingOf } from './spelling.ts'
export {
  type ContinuousSymbol,
  contractOf,
  type DatedSymbol,
  type InstrumentSymbol,
  readSymbol,
  type TickerSymbol,
} from './symbol.ts'
export { type WirePlace, wireSource } from './wire-place.ts'

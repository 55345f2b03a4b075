export type { Agreement } from './agreement.ts'
export { type FeedSettings, PacketReading, type ReadMessage } from './packet-reading.ts'
export { PriceSeries } from './price-series.ts'
export type { Spread } from './reservoir.ts'
export { readSchema, SchemaBuilder, type SchemaOptions } from './schema-builder.ts'
export { type FeedFacts, type FieldFacts, isEnum, type KindFacts, type SchemaFacts } from './schema-facts.ts'
export { schemaJson } from './schema-json.ts'
export {
  type FeedPair,
  type FieldPair,
  originsOf,
  type PriceOrigin,
  type PricePair,
  sideBySide,
} from './side-by-side.ts'

export type { Carried, Declares } from './declares.ts'
export { SYNTHETIC_INSTRUMENTS, type SyntheticInstrument } from './instruments.ts'
export {
  createSyntheticMarket,
  type MarketMove,
  type MovingMarket,
  STEP,
  type SyntheticMarket,
  type SyntheticMarketOptions,
} from './market.ts'
export { isPlant, PLANTS, type PlantKind } from './plant-kinds.ts'
export type { Planted } from './plants.ts'
export { PRODUCTS, type Product } from './products.ts'
export { type Rendered, renderWire } from './render.ts'
export { sessionConfig } from './session-config.ts'
export type { TruthFill, TruthOrder } from './strategy.ts'
export { createTruth, quotesOver, type Truth, type TruthOptions } from './truth.ts'
export { positionLines, tapeName, truthLines } from './truth-lines.ts'
export type { TruthMarket } from './truth-markets.ts'
export type { Settled, TruthHappening, TruthMove } from './truth-moves.ts'
export type { Scene, Wire } from './wire.ts'
export { WIRES, wireNamed } from './wires.ts'
export { type WriteSessionOptions, writeSession } from './write-session.ts'

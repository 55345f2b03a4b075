export { SYNTHETIC_INSTRUMENTS, type SyntheticInstrument } from './instruments.ts'
export {
  createSyntheticMarket,
  type MarketMove,
  type MovingMarket,
  STEP,
  type SyntheticMarket,
  type SyntheticMarketOptions,
} from './market.ts'

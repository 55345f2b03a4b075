export type { CheckCommand } from './command.ts'
export {
  type SearchProgress,
  type SmallestOptions,
  type SmallestReport,
  smallestTape,
} from './smallest-tape.ts'

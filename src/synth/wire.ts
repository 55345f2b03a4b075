import type { Feed } from '../feeds/index.ts'
import type { Random } from '../model/random.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { Declares } from './declares.ts'
import type { TruthOrder } from './strategy.ts'
import type { TapeScript } from './tape-script.ts'
import type { Truth } from './truth.ts'
import type { View } from './view.ts'

/** How one feed tells of a truth. Adding a feed adds one of these (wires.ts); a test says so. */
export interface Wire {
  readonly feed: Feed
  /** `random` chooses between this wire’s own habits: delayed or not, the pace, the unit of its times. */
  declare(truth: Truth, random: Random): Declares
  render(scene: Scene): void
}

/** All that a renderer gets. */
export interface Scene {
  readonly truth: Truth
  readonly declares: Declares
  readonly view: View
  readonly script: TapeScript
  readonly random: Random
  /** Orders and fills as this wire tells of them. */
  readonly orders: readonly TruthOrder[]
  /** From the truth to this wire, beyond what it declares. */
  readonly lag: Micros
  /** When its connection breaks, by the tape’s time. */
  readonly breaks: readonly EpochMicros[]
  /** When the recording is ended. */
  readonly end: EpochMicros
}

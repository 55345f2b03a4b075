import type { InstrumentConfig } from '../instruments/index.ts'
import type { TapeReader } from '../tape/index.ts'
import type { ComparedField } from './fields.ts'
import type { Limits } from './judge.ts'
import type { Market } from './market.ts'
import type { NameMap } from './pairing.ts'
import type { Axis } from './plan.ts'
import type { SideChoice } from './side-key.ts'

export interface DiffOptions extends Limits {
  readonly a: SideChoice
  readonly b: SideChoice
  /** Called several times a path: tapes are read from their start each time. */
  readonly open: (path: string) => Promise<TapeReader>
  readonly config: ReadonlyMap<string, InstrumentConfig>
  /** What feeds are taught, by name. */
  readonly settings?: ReadonlyMap<string, unknown>
  readonly map: NameMap
  /** Absent: all that both have. */
  readonly fields?: ReadonlySet<ComparedField>
  /** Absent: per field, the wire's time where both sides have it equally fine. */
  readonly axis?: Axis
}

/** With what both passes share. */
export interface Comparing extends DiffOptions {
  readonly market: Market
}

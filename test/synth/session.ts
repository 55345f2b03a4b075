import {
  createTruth,
  type PlantKind,
  type Rendered,
  renderWire,
  type Truth,
  WIRES,
  type Wire,
} from '../../src/synth/index.ts'
import { type Side, sideOf, truthAsSide } from './compare.ts'
import { type Reading, readWire } from './reading.ts'

export const START = Date.UTC(2026, 11, 14, 15) * 1_000

export interface SessionOptions {
  readonly seed: number
  readonly minutes: number
  readonly wires?: readonly Wire[]
  readonly plants?: ReadonlyMap<string, PlantKind>
}

/** A truth and every wire’s tape of it, read back. */
export interface Session {
  readonly truth: Truth
  readonly told: readonly Told[]
  readonly truthSide: Side
}

export interface Told {
  readonly rendered: Rendered
  readonly reading: Reading
  readonly side: Side
}

export function truthOf(seed: number, minutes: number): Truth {
  return createTruth({ seed, start: START, length: minutes * 60_000_000, instruments: 8 })
}

export function sessionOf({ minutes, plants, seed, wires = WIRES }: SessionOptions): Session {
  const truth = truthOf(seed, minutes)
  const told = wires.map(wire => tell(truth, wire, plants?.get(wire.feed.name)))
  return { truth, told, truthSide: truthAsSide(truth) }
}

export function tell(truth: Truth, wire: Wire, plant?: PlantKind): Told {
  const rendered = renderWire(wire, truth, plant)
  const reading = readWire(rendered, truth)
  return { rendered, reading, side: sideOf(rendered, reading) }
}

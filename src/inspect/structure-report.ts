import type { JsonObject } from '../model/observation.ts'
import type { Role } from './structure-names.ts'

/** What looks like prices, sizes, times, symbols and positions in a tape's JSON, whoever's wire it is. Guesses. */
export interface StructureReport {
  /** JSON values of incoming messages that were looked at. */
  readonly looked: number
  /** By how often they came. */
  readonly shapes: readonly ShapeGuess[]
  /** For the config, under `feeds.json-socket`; absent where nothing could be mapped. */
  readonly mapping?: JsonObject
  /** What to mind before it is used. */
  readonly remarks: readonly string[]
}

export interface ShapeGuess {
  /** As json-socket calls such a message. */
  readonly shape: string
  readonly messages: number
  readonly rows: number
  /** The first of them. */
  readonly seq: number
  readonly fields: readonly FieldGuess[]
}

export interface FieldGuess {
  /** As json-socket's mapping writes it. */
  readonly path: string
  readonly role: Role
  readonly confidence: 'high' | 'medium' | 'low'
  /** In words. */
  readonly evidence: readonly string[]
  readonly example: string
  /** Of a time. */
  readonly unit?: string
  readonly count: number
}

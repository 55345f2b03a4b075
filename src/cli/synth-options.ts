import { join } from 'node:path'
import { excerpt, FeedtapeError } from '../model/errors.ts'
import { type EpochMicros, epochMicrosFromIso } from '../model/time.ts'
import {
  isPlant,
  PLANTS,
  type PlantKind,
  PRODUCTS,
  type Truth,
  type TruthOptions,
  WIRES,
  type Wire,
  wireNamed,
} from '../synth/index.ts'

export interface SynthFlags {
  readonly seed: string
  readonly output?: string
  readonly minutes: string
  readonly instruments: string
  readonly wires?: string
  readonly plant?: readonly string[]
  readonly start: string
  readonly overwrite?: true
  readonly json?: true
}

/** A Monday before an expiry, so that there is something to roll to; nothing here asks what time it is. */
export const DEFAULT_START = '2026-12-14T15:00:00Z'
export const MOST_MINUTES = 240

export interface SynthRequest {
  readonly folder: string
  readonly truthOptions: TruthOptions
  readonly wires: readonly Wire[]
  readonly plants: ReadonlyMap<Wire, PlantKind>
}

/** Throws `usage`. */
export function synthRequestOf(flags: SynthFlags): SynthRequest {
  const seed = wholeOption('--seed', flags.seed, 0, Number.MAX_SAFE_INTEGER)
  const plants = plantsOf(flags.plant ?? [])
  const wires = wiresOf(flags.wires)
  const stray = [...plants.keys()].find(wire => !wires.includes(wire))
  if (stray !== undefined) {
    const expected = wires.map(({ feed }) => feed.name).join(', ')
    throw usage('--plant', 'this wire is not written', expected, stray.feed.name, 'name it in --wires')
  }
  const truthOptions = {
    seed,
    start: startOption(flags.start),
    length: minutesOption(flags.minutes) * 60_000_000,
    instruments: wholeOption('--instruments', flags.instruments, 1, PRODUCTS.length),
  }
  return { folder: flags.output ?? join('.feedtape', `synth-seed-${seed}`), truthOptions, wires, plants }
}

export function wireNames(): string {
  return WIRES.map(({ feed }) => feed.name).join(', ')
}

/** An error that a wire has no words for would not be there. */
export function refusePlant(wire: Wire, kind: PlantKind, truth: Truth): void {
  const { plants } = wire.declare(truth, { next: () => 0 })
  if (plants.includes(kind)) return
  const expected = plants.length === 0 ? 'none: it has nothing of the kind' : plants.join(', ')
  const where = `--plant ${wire.feed.name}:${kind}`
  throw usage(where, 'this wire cannot show this error', expected, kind, 'choose another wire or error')
}

function wiresOf(text: string | undefined): readonly Wire[] {
  if (text === undefined) return WIRES
  return text.split(',').map(name => wireOption('--wires', name.trim()))
}

function wireOption(where: string, name: string): Wire {
  const wire = wireNamed(name)
  if (wire === undefined) throw usage(where, 'no such wire', wireNames(), excerpt(name), 'check the spelling')
  return wire
}

function plantsOf(texts: readonly string[]): ReadonlyMap<Wire, PlantKind> {
  const plants = new Map<Wire, PlantKind>()
  for (const text of texts) {
    const [name = '', kind = ''] = text.split(':')
    const wire = wireOption('--plant', name)
    if (!isPlant(kind)) {
      const expected = Object.keys(PLANTS).join(', ')
      throw usage(
        '--plant',
        'no such error',
        `WIRE:ERROR with one of ${expected}`,
        excerpt(text),
        'choose one',
      )
    }
    if (plants.has(wire))
      throw usage('--plant', 'two errors in one wire', 'one', excerpt(text), 'leave one out')
    plants.set(wire, kind)
  }
  return plants
}

function wholeOption(option: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= least && value <= most) return value
  throw usage(
    option,
    'not a number for this',
    `a whole number from ${least} to ${most}`,
    excerpt(text),
    'correct it',
  )
}

function minutesOption(text: string): number {
  const value = Number(text)
  if (/^\d+(?:\.\d+)?$/.test(text) && value > 0 && value <= MOST_MINUTES) return value
  throw usage('--minutes', 'not a length', `minutes, up to ${MOST_MINUTES}`, excerpt(text), 'correct it')
}

function startOption(text: string): EpochMicros {
  const at = epochMicrosFromIso(text)
  if (at === undefined || at < 0)
    throw usage(
      '--start',
      'not a time',
      `a time like ${DEFAULT_START}`,
      excerpt(text),
      'write the offset too',
    )
  return at
}

function usage(where: string, what: string, expected: string, found: string, next: string): FeedtapeError {
  return new FeedtapeError('usage', what, { where, expected, found, next })
}

import { createHash } from 'node:crypto'
import { type Random, randomInteger } from '../model/random.ts'
import { type EpochMicros, isoFromEpochMicros, type Micros } from '../model/time.ts'
import type { EntryDraft, Header } from '../tape/index.ts'
import type { Declares } from './declares.ts'
import { redacted } from './made-up.ts'
import type { PlantKind } from './plant-kinds.ts'
import { nothingPlanted, type Planted, plant } from './plants.ts'
import { randomFor } from './seeds.ts'
import { TapeScript } from './tape-script.ts'
import type { Truth } from './truth.ts'
import { createView } from './view.ts'
import type { Wire } from './wire.ts'

/** One wire’s session, ready for a tape. */
export interface Rendered {
  readonly wire: Wire
  readonly declares: Declares
  /** Planted: it is in the truth’s own description, and not on the tape. */
  readonly lag: Micros
  readonly planted?: Planted
  readonly header: Header
  readonly drafts: readonly EntryDraft[]
  /** Of the tape, since its start. */
  readonly end: Micros
  /** When its connection broke, by the tape’s clock. */
  readonly breaks: readonly EpochMicros[]
  /** Updates of quotes that were handed to the wire. */
  readonly updates: number
}

const MOST_LAG: Micros = 2_000_000
/** Behind the last that can come. */
const AFTER: Micros = 2_900_000

export function renderWire(wire: Wire, truth: Truth, plantKind?: PlantKind): Rendered {
  const { name } = wire.feed
  const { seed, start } = truth
  const declares = wire.declare(truth, randomFor(seed, `${name} habits`))
  const lag = randomInteger(randomFor(seed, `${name} lag`), 0, MOST_LAG)
  const planting =
    plantKind === undefined
      ? nothingPlanted(truth, lag)
      : plant(plantKind, truth, declares, lag, randomFor(seed, `${name} ${plantKind}`))
  const random = randomFor(seed, name)
  const view = createView(truth, declares.carried, planting, random)
  const script = new TapeScript(name, start)
  script.mark(start, `synthetic: a market made up from seed ${seed}, as ${name} would tell of it`)
  const end = endOf(truth, declares, view.deliveries.at(-1)?.due ?? start)
  const breaks = breaksFor(truth, declares, lag, randomFor(seed, `${name} breaks`))
  wire.render({ truth, declares, view, script, random, orders: planting.orders, lag, breaks, end })
  const { planted } = planting
  const header = headerOf(name, truth)
  return {
    wire,
    declares,
    lag,
    ...(planted === undefined ? {} : { planted }),
    header,
    drafts: redacted(script.drafts, wire.feed, header.id),
    end: end + 1_000 - start,
    breaks,
    updates: view.deliveries.length,
  }
}

/**
 * Some connections break once in a while, while there is something to miss: a wire that tells at the next one how
 * things stand has lost nothing by the next settled moment. Others would say nothing until the next change.
 */
function breaksFor(
  { settled }: Truth,
  { hasSnapshot, poll }: Declares,
  lag: Micros,
  random: Random,
): readonly EpochMicros[] {
  const mayBreak = hasSnapshot && poll === undefined && random.next() < 0.5
  return settled.slice(1).flatMap(({ from }) => {
    const at = from + lag - randomInteger(random, 50_000, 900_000)
    return mayBreak && random.next() < 0.08 ? [at] : []
  })
}

function endOf({ end }: Truth, { carried }: Declares, last: EpochMicros): EpochMicros {
  const delays = carried.map(({ delay = 0 }) => delay)
  return Math.max(end + Math.max(0, ...delays) * 1_000_000, last) + AFTER
}

/** The same truth has the same ids; which error is planted does not show in one. */
function headerOf(feed: string, { end, markets, seed, start }: Truth): Header {
  const what = `feedtape synth ${seed} ${start} ${end} ${markets.length} ${feed}`
  return {
    kind: 'header',
    format: 'feedtape/1',
    id: createHash('sha256').update(what).digest('hex').slice(0, 32),
    start: isoFromEpochMicros(start),
    feeds: [feed],
    generator: { name: 'feedtape synth', version: '1' },
    platform: 'any',
    clock: 'none',
    redaction: 'hmac-sha256',
    synthetic: true,
  }
}

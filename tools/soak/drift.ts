import { setImmediate } from 'node:timers/promises'
import { SchemaBuilder } from '../../src/inspect/schema/index.ts'
import { PLANTS } from '../../test/inspect/drift/plants.ts'
import { SESSION_HEADER, sessionOf, TRIAL_FEEDS } from '../../test/inspect/drift/sessions.ts'
import { EQUALS, runTrial, TRIAL_WIRES, type Trial } from '../../test/inspect/drift/trials.ts'
import { readNumbers } from './options.ts'
import type { Soak } from './soak.ts'

/** Of planted changes at least so many are found, and of comparisons of equal wires at most so many alarmed. */
const LEAST_FOUND = 0.95
const MOST_ALARMS = 0.01

export const drift: Soak = {
  name: 'drift',
  usage: '[--seed 1] [--count 500]',
  summary:
    'sessions of each wire, compared as they are and with one change planted; then the cost of a frame',
  async run(args) {
    const { seed, count } = readNumbers(args, { seed: 1, count: 500 })
    const trials: Trial[] = []
    for (let n = 0; n < count; n += 1) {
      const trial = runTrial(seed + n)
      trials.push(trial)
      tell(trial)
      if ((n + 1) % 50 === 0) console.log(`${n + 1} trials`)
      // A trial is one long computation: between two of them a signal is heard.
      await setImmediate()
    }
    const planted = trials.filter(({ what }) => what !== undefined)
    for (const plant of Object.keys(PLANTS))
      console.log(
        rowOf(
          plant,
          planted.filter(one => one.plant === plant),
        ),
      )
    for (const wire of TRIAL_WIRES)
      console.log(
        rowOf(
          wire,
          planted.filter(one => one.wire === wire),
        ),
      )
    for (const wire of TRIAL_WIRES) {
      const alarms = EQUALS.map(equal =>
        alarmsText(
          trials.filter(one => one.wire === wire),
          equal,
        ),
      )
      console.log(`alarmed by chance, ${wire}: ${alarms.join(', ')}`)
    }
    const found = planted.filter(({ isFound }) => isFound).length
    const compared = trials.length
    const alarmed = trials
      .flatMap(({ alarms }) => [...alarms.values()])
      .filter(said => said.length > 0).length
    console.log(`found ${found} of ${planted.length} (${percent(found, planted.length)})`)
    console.log(`alarmed by chance ${alarmed} of ${compared} (${percent(alarmed, compared)})`)
    for (const feed of TRIAL_FEEDS)
      console.log(`${feed}: ${[10_000, 80_000].map(n => costText(feed, n)).join(', ')}`)
    return found >= planted.length * LEAST_FOUND && alarmed <= compared * MOST_ALARMS
  },
}

function tell({ alarms, isFound, plant, seed, what, wire }: Trial): void {
  if (!isFound) console.log(`seed ${seed}, ${wire}: missed: ${plant} (${what})`)
  for (const [equal, said] of alarms) {
    for (const alarm of said) console.log(`seed ${seed}, ${wire}, ${equal}: false alarm: ${alarm}`)
  }
}

/** Each class of change, or each wire, with the other of the two behind it where anything was missed. */
function rowOf(name: string, planted: readonly Trial[]): string {
  const missed = planted.filter(({ isFound }) => !isFound)
  const where = missed.map(({ plant, wire }) => (plant === name ? wire : plant))
  const rest = where.length === 0 ? '' : ` (missed: ${where.join(', ')})`
  return `${name}: ${planted.length - missed.length} of ${planted.length}${rest}`
}

function alarmsText(trials: readonly Trial[], equal: (typeof EQUALS)[number]): string {
  const compared = trials.flatMap(({ alarms }) => (alarms.has(equal) ? [alarms.get(equal)?.length ?? 0] : []))
  return `${equal} ${compared.filter(count => count > 0).length} of ${compared.length}`
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(whole, 1)).toFixed(1)} %`
}

/** One session over and over: the cost of a frame must not grow with their number. */
function costText(feed: string, count: number): string {
  const [open, ...frames] = sessionOf(feed, 3).entries
  const builder = new SchemaBuilder()
  builder.beginTape(SESSION_HEADER, feed)
  if (open !== undefined) builder.apply(open)
  const from = performance.now()
  for (let n = 0; n < count; n += 1) {
    const frame = frames[n % frames.length]
    if (frame !== undefined) builder.apply({ ...frame, seq: n + 2, at: n * 10_000 })
  }
  builder.result()
  return `${((1_000 * (performance.now() - from)) / count).toFixed(1)} µs a frame of ${count}`
}

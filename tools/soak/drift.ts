import { setImmediate } from 'node:timers/promises'
import { SchemaBuilder } from '../../src/inspect/schema/index.ts'
import { SESSION_HEADER, sessionOf, TRIAL_FEEDS } from '../../test/inspect/drift/sessions.ts'
import { runTrial, type Trial } from '../../test/inspect/drift/trials.ts'
import { readNumbers } from './options.ts'
import type { Soak } from './soak.ts'

/** Of planted changes at least so many are found, and of comparisons of equal wires at most so many alarmed. */
const LEAST_FOUND = 0.95
const MOST_ALARMS = 0.01

export const drift: Soak = {
  name: 'drift',
  usage: '[--seed 1] [--count 500]',
  summary: 'sessions of one wire, compared as they are and with one change planted; then the cost of a frame',
  async run(args) {
    const { seed, count } = readNumbers(args, { seed: 1, count: 500 })
    const trials: Trial[] = []
    for (let n = 0; n < count; n += 1) {
      const trial = runTrial(seed + n)
      trials.push(trial)
      if (!trial.isFound)
        console.log(`seed ${trial.seed}, ${trial.feed}: missed: ${trial.plant} (${trial.what})`)
      for (const alarm of trial.alarms)
        console.log(`seed ${trial.seed}, ${trial.feed}: false alarm: ${alarm}`)
      if ((n + 1) % 50 === 0) console.log(`${n + 1} trials`)
      // A trial is one long computation: between two of them a signal is heard.
      await setImmediate()
    }
    const planted = trials.filter(({ what }) => what !== undefined)
    for (const plant of new Set(planted.map(trial => trial.plant))) {
      const all = planted.filter(trial => trial.plant === plant)
      console.log(`${plant}: ${all.filter(({ isFound }) => isFound).length} of ${all.length}`)
    }
    const found = planted.filter(({ isFound }) => isFound).length
    const alarmed = trials.filter(({ alarms }) => alarms.length > 0).length
    console.log(`found ${found} of ${planted.length} (${percent(found, planted.length)})`)
    console.log(`alarmed by chance ${alarmed} of ${trials.length} (${percent(alarmed, trials.length)})`)
    for (const feed of TRIAL_FEEDS)
      console.log(`${feed}: ${[10_000, 80_000].map(n => costText(feed, n)).join(', ')}`)
    return found >= planted.length * LEAST_FOUND && alarmed <= trials.length * MOST_ALARMS
  },
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

import { reasonOf } from '../../src/model/errors.ts'
import type { PlantKind } from '../../src/synth/index.ts'
import { compare, estimateLag, type Side } from '../../test/synth/compare.ts'
import { differencesOf, wrongFills } from '../../test/synth/differences.ts'
import { type Session, sessionOf, type Told, tell } from '../../test/synth/session.ts'
import { readNumbers } from './options.ts'
import type { Soak } from './soak.ts'
import { type PnlFigures, pnlFaults } from './synth-pnl.ts'

/** Said one by one; beyond that counted. */
const FAILURES_SAID = 20

export const synth: Soak = {
  name: 'synth',
  usage: '[--seed 1] [--count 200] [--minutes 2]',
  summary: 'one truth on every wire: quotes and P&L agree, lags are found, planted errors are named',
  async run(args) {
    const { count, minutes, seed: first } = readNumbers(args, { seed: 1, count: 200, minutes: 2 })
    const pnl = { withTruth: 0, betweenWires: 0, told: 0, untold: 0 }
    const figures: Figures = { compared: new Map(), planted: 0, farthest: 0, pnl }
    const began = performance.now()
    let failures = 0
    let said = began
    for (let n = 0; n < count; n++) {
      const seed = first + n
      for (const wrong of await faultsOf(seed, minutes, figures)) {
        if (++failures > FAILURES_SAID) continue
        console.error(
          `seed ${seed}: ${wrong}\n  npm run soak -- synth --seed ${seed} --count 1 --minutes ${minutes}`,
        )
      }
      if (performance.now() - said < 10_000) continue
      said = performance.now()
      console.log(`  ${n + 1} seeds, ${failures} wrong`)
    }
    for (const [pair, values] of figures.compared) console.log(`  ${pair}: ${values} values compared`)
    console.log(
      `  P&L at settled moments: ${pnl.withTruth} values compared with the truth’s, ${pnl.betweenWires} between wires, ` +
        `${pnl.told} of an account’s fills; ${pnl.untold} marks that a wire had no reason to tell yet`,
    )
    const seconds = Math.round((performance.now() - began) / 1_000)
    console.log(
      `seeds ${first} to ${first + count - 1}, ${minutes} minutes each: ${figures.planted} planted errors found, ` +
        `lags found to ${Math.round(figures.farthest / 1_000)} ms at most, ${seconds} s, ${failures} wrong`,
    )
    return failures === 0
  },
}

interface Figures {
  /** By pair of wires. */
  readonly compared: Map<string, number>
  planted: number
  /** Between a planted lag and what was found, in µs. */
  farthest: number
  readonly pnl: PnlFigures
}

async function faultsOf(seed: number, minutes: number, figures: Figures): Promise<readonly string[]> {
  try {
    const session = sessionOf({ seed, minutes })
    return [
      ...session.told.flatMap(told => tallyFaults(told)),
      ...pairFaults(session, figures),
      ...session.told.flatMap(({ reading }) => wrongFills(reading, session.truth)),
      ...(await pnlFaults(session, figures.pnl)),
      ...session.told.flatMap((told, n) => plantFaults(session, told, seed + n, figures)),
    ]
  } catch (thrown) {
    return [thrown instanceof Error && thrown.stack !== undefined ? thrown.stack : reasonOf(thrown)]
  }
}

function tallyFaults({ reading: { feed, tally } }: Told): readonly string[] {
  const { error, malformed, unknown } = tally.dispositions()
  const isClean = error + malformed + unknown + tally.unreadable + tally.stray === 0 && tally.addsUp()
  return isClean ? [] : [`${feed}: ${error} errors, ${malformed} malformed, ${unknown} unknown packets`]
}

function pairFaults({ told, truth, truthSide }: Session, figures: Figures): readonly string[] {
  const sides = [truthSide, ...told.map(({ side }) => side)]
  return sides.flatMap((one, n) =>
    sides.slice(n + 1).flatMap(other => {
      const { compared } = compare(one, other, truth)
      const isQuoted = [one, other].every(({ declares }) =>
        declares.carried.some(({ fields }) => fields.length > 0),
      )
      if (!isQuoted) return differencesOf(one, other, truth)
      const pair = `${one.name}, ${other.name}`
      figures.compared.set(pair, (figures.compared.get(pair) ?? 0) + compared)
      return [
        ...differencesOf(one, other, truth),
        ...lagFaults(one, other, truth.settled[1]?.at ?? 0, figures),
      ]
    }),
  )
}

function lagFaults(one: Side, other: Side, from: number, figures: Figures): readonly string[] {
  const { lag, pairs } = estimateLag(one, other, { from, to: Number.POSITIVE_INFINITY })
  const off = Math.abs(lag - (other.lag - one.lag))
  const isPolled = one.declares.poll !== undefined || other.declares.poll !== undefined
  figures.farthest = Math.max(figures.farthest, off)
  const isFound = pairs >= 20 && off <= (isPolled ? 200_000 : 4_000)
  return isFound ? [] : [`${one.name}, ${other.name}: the lag is off by ${off} µs, by ${pairs} changes`]
}

/** One error in each wire, another kind at each seed. */
function plantFaults(
  { truth, truthSide }: Session,
  told: Told,
  turn: number,
  figures: Figures,
): readonly string[] {
  const { plants } = told.rendered.declares
  const kind: PlantKind | undefined = plants[turn % Math.max(plants.length, 1)]
  if (kind === undefined) return []
  if (kind === 'wrong-fill' && told.reading.fills.length === 0) return []
  const { reading, rendered, side } = tell(truth, told.rendered.wire, kind)
  const found = [...differencesOf(truthSide, side, truth), ...wrongFills(reading, truth)]
  figures.planted += 1
  const { market = '' } = rendered.planted ?? {}
  const isNamed = found.length > 0 && (kind === 'wrong-fill' || found.every(text => text.includes(market)))
  return isNamed
    ? []
    : [
        `${rendered.planted?.text} in ${told.side.name} is not what was found: ${found.slice(0, 3).join('; ')}`,
      ]
}

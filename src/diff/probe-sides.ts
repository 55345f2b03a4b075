import type { EpochMicros, Micros } from '../model/time.ts'
import type { Comparing } from './diff-options.ts'
import { type Both, Pairing } from './pairing.ts'
import type { Place } from './place.ts'
import type { PairPlan } from './plan.ts'
import { PairProbe, ProbeExtent, type ProbeRules } from './probe.ts'
import { readSides } from './read-sides.ts'
import type { NamedInstrument } from './roll-watch.ts'
import type { Side } from './side.ts'

/** How each pair is to be compared. */
export interface Plans {
  /** By how much later b is read: the lag of the pair of which most is known. */
  readonly shift: Micros
  of(instrument: string): PairPlan
  readonly named: readonly NamedInstrument[]
}

/** The probe shows nothing to anyone. */
const NOWHERE: Place = {
  tape: '',
  seq: 0,
  packet: 0,
  message: 0,
  conn: 0,
  feed: '',
  session: '',
  name: '',
  at: 0,
}
const nowhere = (): Place => NOWHERE

/** Reads the beginnings of both sides, for as long as a lag may be. */
export async function probeSides(sides: Both<Side>, options: Comparing): Promise<Plans> {
  const { market } = options
  const pairing = new Pairing<PairProbe>(market.canonical, options.map, () => new PairProbe(sides))
  const extent = new ProbeExtent()
  market.pairing = pairing
  await readSides(
    { ...options, sides, shift: 0 },
    {
      isEnough: (at: EpochMicros) => extent.isEnough(at),
      update(side, update, _message, _packet, at) {
        const pair = pairing.of(side.which, update.name)
        pair.quotes[side.which].apply(update.name, update.fields, at, nowhere, ({ index }, change) => {
          if (pair.add(side.which, index, change)) extent.count()
        })
        if (pair.isLively) extent.lively(at)
      },
    },
  )
  const poll = Math.max(sides.a.pollsEvery ?? 0, sides.b.pollsEvery ?? 0)
  return plansOf(pairing, { axis: options.axis, poll }, market.canonical)
}

function plansOf(pairing: Pairing<PairProbe>, rules: ProbeRules, canonical: (name: string) => string): Plans {
  const probes = new Map(pairing.all())
  const found = new Map([...probes].map(([instrument, probe]) => [instrument, probe.lag()]))
  const best = [...found]
    .flatMap(([instrument, lag]) =>
      lag === undefined ? [] : [{ declared: probes.get(instrument)?.declared, lag }],
    )
    .sort((one, other) => other.lag.matches - one.lag.matches)
  const made = new Map<string, PairPlan>()
  const plan = (instrument: string): PairPlan => {
    const probe = probes.get(instrument) ?? new PairProbe()
    const lag = found.get(instrument)
    if (lag !== undefined) return probe.plan(lag, lag.lag, 'found', rules)
    const { declared } = probe
    const alike = best.find(one => one.declared === declared)
    if (alike !== undefined) return probe.plan(undefined, alike.lag.lag, 'others', rules)
    return declared === undefined
      ? probe.plan(undefined, 0, 'nothing', rules)
      : probe.plan(undefined, declared, 'declared', rules)
  }
  return {
    shift: best[0]?.lag.lag ?? 0,
    named: [...probes].map(
      ([
        instrument,
        {
          quotes: { a, b },
        },
      ]) => ({
        instrument,
        names: { a: a.names, b: b.names },
      }),
    ),
    of(name) {
      // What the probe has found a name to mean.
      const instrument = probes.has(name) ? name : canonical(name)
      const known = made.get(instrument) ?? plan(instrument)
      made.set(instrument, known)
      return known
    },
  }
}

import type { Tally } from '../normalize/index.ts'
import type { Header, Tape } from '../tape/index.ts'
import { AliasPairs } from './alias-pairs.ts'
import type { Comparing, DiffOptions } from './diff-options.ts'
import type { DiffReport } from './diff-report.ts'
import { sameChangeWithin } from './field-diff.ts'
import { reportOf, startOf } from './make-report.ts'
import { Market } from './market.ts'
import { isSameTape, openSide } from './open-side.ts'
import { PairDiff } from './pair-diff.ts'
import { type Both, type NameMap, Pairing } from './pairing.ts'
import { type Plans, probeSides } from './probe-sides.ts'
import { readSides } from './read-sides.ts'
import { type Roll, RollWatch } from './roll-watch.ts'
import { RolledNames } from './rolled-names.ts'
import { Side } from './side.ts'
import type { SideChoice } from './side-key.ts'

export interface DiffResult {
  readonly report: DiffReport
  /** As they were read to their ends. */
  readonly tapes: readonly Tape[]
  readonly tallies: readonly Tally[]
}

/** Holds two sides against each other: a probe of their beginnings finds the lag, then both are read once. */
export async function diffTapes(options: DiffOptions): Promise<DiffResult> {
  const headers = {
    a: await headerOf(options, options.a),
    b: await headerOf(options, options.b),
  }
  const names = [...options.map].flat()
  const newMarket = (): Market => new Market([headers.a, headers.b], options.config, names)
  const market = newMarket()
  const map = mapOf(options)
  const plans = await probeSides(newSides(options, headers), { ...options, market, map })
  // What is known from the first reading on holds for all of the second, unless a name has rolled meanwhile.
  const known = market.hasRolled ? newMarket() : market
  const compare = (rolls: readonly Roll[]) =>
    compareSides(newSides(options, headers), { ...options, market: known, map, rolls }, plans, headers)
  const first = await compare([])
  // A name that has rolled without a word was held against the wrong contract.
  const isRight = first.rolls.length === 0 || known.hasRolled
  return isRight ? first.result : (await compare(first.rolls)).result
}

async function headerOf({ open }: DiffOptions, choice: SideChoice): Promise<Header> {
  const tape = await openSide(choice, open)
  await tape.close()
  return tape.header
}

function newSides({ a, b }: DiffOptions, headers: Both<Header>): Both<Side> {
  return { a: new Side('a', a, headers.a.id), b: new Side('b', b, headers.b.id) }
}

/** Two keys that each name one name mean these two. */
function mapOf({ a, b, map }: DiffOptions): NameMap {
  if (a.key.kind !== 'stream' || b.key.kind !== 'stream') return map
  if (a.key.name === undefined || b.key.name === undefined) return map
  return new Map([...map, [b.key.name, a.key.name]])
}

async function compareSides(
  sides: Both<Side>,
  options: Comparing & { readonly rolls: readonly Roll[] },
  plans: Plans,
  headers: Both<Header>,
): Promise<{ readonly result: DiffResult; readonly rolls: readonly Roll[] }> {
  const { market, rolls } = options
  const starts = { a: startOf(headers.a), b: startOf(headers.b) }
  const reach = { a: starts.a, b: starts.b, startA: starts.a, startB: starts.b }
  const make = (instrument: string): PairDiff => {
    const tick = (): ReturnType<PairDiff['tick']> => market.facts(instrument).tickSize?.value
    const { fields, tolerances } = options
    return new PairDiff(
      { plan: plans.of(instrument), tick, tolerances, fields, shift: plans.shift, sides },
      reach,
    )
  }
  const pairing = new Pairing<PairDiff>(market.canonical, options.map, make)
  market.pairing = pairing
  // Where a wire says what rolls, names follow its word.
  const named = market.hasRolled ? [] : plans.named
  const aliases = new AliasPairs(named, rolls, contract => pairing.of('a', contract), make)
  const watch = new RollWatch(rolls.length > 0 ? [] : named, instrument => {
    const { other, taken } = plans.of(instrument)
    return { lag: taken, window: sameChangeWithin(other.settle) }
  })
  const rolled = new RolledNames(rolls)
  const read = await readSides(
    { ...options, sides, shift: plans.shift },
    {
      reached(side, at) {
        reach[side.which] = at
        watch.reached(side.which, at)
      },
      update(side, update, message, packet, at) {
        const { which } = side
        const { fields, name } = update
        watch.update(which, update, at)
        const place = () => side.place(update, message, packet, at)
        const { left, means } = rolled.of(which, name, at)
        if (left !== undefined) {
          const pair = aliases.of(which, name, () => left) ?? pairing.of(which, left)
          pair.leave(which, name, at, place)
        }
        const isTrading =
          typeof fields.marketState === 'string'
            ? side.isTrading(message.conn, fields.marketState)
            : undefined
        const take = (pair: PairDiff): void => pair.apply(which, update, isTrading, at, place)
        const own = aliases.of(which, name, () => market.canonical(means))
        if (own !== undefined) return take(own)
        const main = pairing.of(which, means)
        take(main)
        for (const pair of aliases.beside(which, main)) take(pair)
      },
    },
  )
  reach.a = read.ends.a
  reach.b = read.ends.b
  for (const [, pair] of [...pairing.all(), ...aliases.all()]) pair.finish()
  const report = reportOf(pairing, aliases, sides, options, headers, read.ends)
  // One tape that was read twice is told of once.
  const count = isSameTape(options.a, options.b) ? 1 : 2
  const result = { report, tapes: read.tapes.slice(0, count), tallies: read.tallies.slice(0, count) }
  return { result, rolls: watch.rolls }
}

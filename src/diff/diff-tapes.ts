import { decimalText } from '../model/decimal.ts'
import { type EpochMicros, epochMicrosFromIso, type Micros } from '../model/time.ts'
import type { Tally } from '../normalize/index.ts'
import type { Header, Tape } from '../tape/index.ts'
import type { Comparing, DiffOptions } from './diff-options.ts'
import type { DiffReport, PairReport, QuoteReport, SideReport } from './diff-report.ts'
import { explain } from './explain.ts'
import type { FieldResult } from './field-diff.ts'
import type { FieldSpec } from './fields.ts'
import { judge } from './judge.ts'
import { Market } from './market.ts'
import { PairDiff } from './pair-diff.ts'
import { type Both, type NameMap, Pairing } from './pairing.ts'
import type { FieldPlan } from './plan.ts'
import { type Plans, probeSides } from './probe-sides.ts'
import { type ReadTapes, readSides } from './read-sides.ts'
import { Side } from './side.ts'
import type { SideChoice } from './side-key.ts'
import type { SideQuote } from './side-quote.ts'

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
  return compareSides(newSides(options, headers), { ...options, market: known, map }, plans, headers)
}

async function headerOf({ open }: DiffOptions, { path }: SideChoice): Promise<Header> {
  const tape = await open(path)
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
  options: Comparing,
  plans: Plans,
  headers: Both<Header>,
): Promise<DiffResult> {
  const { market } = options
  const starts = { a: startOf(headers.a), b: startOf(headers.b) }
  const reach = { a: starts.a, b: starts.b, startA: starts.a, startB: starts.b }
  const pairing = new Pairing<PairDiff>(market.canonical, options.map, instrument => {
    const tick = (): ReturnType<PairDiff['tick']> => market.facts(instrument).tickSize?.value
    const { fields, tolerances } = options
    return new PairDiff({ plan: plans.of(instrument), tick, tolerances, fields, shift: plans.shift }, reach)
  })
  market.pairing = pairing
  const read = await readSides(
    { ...options, sides, shift: plans.shift },
    {
      reached(side, at) {
        reach[side.which] = at
      },
      update(side, update, message, packet, at) {
        const pair = pairing.of(side.which, update.name)
        const quote = pair.quotes[side.which]
        quote.endedAt = side.endedAt
        const { marketState } = update.fields
        if (typeof marketState === 'string') quote.isTrading = side.isTrading(message.conn, marketState)
        const place = () => side.place(update, message, packet, at)
        quote.apply(update.name, update.fields, at, place, (spec, change) =>
          pair.change(side.which, spec, change),
        )
      },
    },
  )
  reach.a = read.ends.a
  reach.b = read.ends.b
  for (const [, pair] of pairing.all()) pair.finish()
  const report = reportOf(pairing, sides, options, headers, read)
  // One tape that was read twice is told of once.
  const count = options.a.path === options.b.path ? 1 : 2
  return { report, tapes: read.tapes.slice(0, count), tallies: read.tallies.slice(0, count) }
}

function startOf(header: Header): EpochMicros {
  return epochMicrosFromIso(header.start) ?? 0
}

function reportOf(
  pairing: Pairing<PairDiff>,
  sides: Both<Side>,
  options: Comparing,
  headers: Both<Header>,
  { ends }: ReadTapes,
): DiffReport {
  const a = sideReport(sides.a, headers.a, ends.a)
  const b = sideReport(sides.b, headers.b, ends.b)
  const pairs: PairReport[] = []
  const only = { a: [] as string[], b: [] as string[] }
  const names = new Set(pairing.all().map(([instrument]) => instrument))
  for (const [instrument, pair] of pairing.all()) {
    const [hasA, hasB] = [pair.quotes.a.updates > 0, pair.quotes.b.updates > 0]
    if (hasA && hasB) pairs.push(pairReport(instrument, pair, options.market, a, b))
    // What came before its name was understood belongs to another that is compared.
    else if (
      !names.has(options.market.canonical(instrument)) ||
      options.market.canonical(instrument) === instrument
    ) {
      only[hasA ? 'a' : 'b'].push(instrument)
    }
  }
  return { a, b, pairs, only, verdict: judge(pairs, options) }
}

function sideReport(side: Side, header: Header, end: EpochMicros): SideReport {
  const { choice, ends, feeds, pollsEvery, updates } = side
  return {
    choice: choice.text,
    tape: header.id,
    synthetic: header.synthetic === true,
    feeds: [...feeds],
    updates,
    start: startOf(header),
    end,
    ...(pollsEvery === undefined ? {} : { pollsEvery }),
    ends: ends.length,
  }
}

function pairReport(
  instrument: string,
  pair: PairDiff,
  market: Market,
  a: SideReport,
  b: SideReport,
): PairReport {
  const tick = market.facts(instrument).tickSize
  const { plan } = pair
  const band = pair.band()
  const report = {
    instrument,
    a: quoteReport(pair.quotes.a),
    b: quoteReport(pair.quotes.b),
    ...(tick === undefined ? {} : { tick: { size: decimalText(tick.value), source: tick.source } }),
    lag: { taken: plan.taken, takenFrom: plan.takenFrom, ...pair.lag() },
    fields: pair.fields().map(([spec, how, result]) => fieldReport(spec, how, result, tick !== undefined)),
    ...(band === undefined ? {} : { band }),
    only: { a: pair.only('a'), b: pair.only('b') },
    late: { a: pair.late('a'), b: pair.late('b') },
  }
  return { ...report, explanations: explain(report, a, b) }
}

function quoteReport(quote: SideQuote): QuoteReport {
  const { crossed, delay, late, locked, longestSilence, marketState, mode, names, updates } = quote
  return {
    names: [...names],
    updates,
    ...(delay === undefined ? {} : { delay }),
    ...(mode === undefined ? {} : { mode }),
    ...(marketState === undefined ? {} : { marketState }),
    crossed: crossed.result(),
    locked: locked.result(),
    late: late.result(),
    ...(longestSilence === undefined ? {} : { longestSilence }),
  }
}

function fieldReport(spec: FieldSpec, plan: FieldPlan, result: FieldResult, hasTick: boolean) {
  const { alone, differing, settled, together } = result.times
  return {
    field: spec.field,
    axis: plan.axis,
    settle: plan.settle,
    isInTicks: spec.isPrice && hasTick,
    coverage: shareOf(together, together + alone.a + alone.b),
    agreement: shareOf(settled - differing, settled),
    coarse: plan.coarse,
    ...result,
  }
}

function shareOf(part: Micros, whole: Micros): number | undefined {
  return whole === 0 ? undefined : part / whole
}

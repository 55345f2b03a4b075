import { decimalText } from '../model/decimal.ts'
import { type EpochMicros, epochMicrosFromIso, type Micros } from '../model/time.ts'
import type { Header } from '../tape/index.ts'
import type { AliasPairs } from './alias-pairs.ts'
import type { Comparing } from './diff-options.ts'
import type { DiffReport, PairReport, QuoteReport, SideReport } from './diff-report.ts'
import { explain } from './explain.ts'
import type { FieldResult } from './field-diff.ts'
import type { FieldSpec } from './fields.ts'
import { judge } from './judge.ts'
import type { PairDiff } from './pair-diff.ts'
import type { Both, Pairing } from './pairing.ts'
import type { FieldPlan } from './plan.ts'
import type { Roll } from './roll-watch.ts'
import type { Side, Which } from './side.ts'
import type { SideQuote } from './side-quote.ts'

interface Reported extends Comparing {
  readonly rolls: readonly Roll[]
}

export function startOf(header: Header): EpochMicros {
  return epochMicrosFromIso(header.start) ?? 0
}

/** What was compared, as plain data. */
export function reportOf(
  pairing: Pairing<PairDiff>,
  aliases: AliasPairs,
  sides: Both<Side>,
  options: Reported,
  headers: Both<Header>,
  ends: Both<EpochMicros>,
): DiffReport {
  const a = sideReport(sides.a, headers.a, ends.a)
  const b = sideReport(sides.b, headers.b, ends.b)
  const pairs: PairReport[] = []
  const only = { a: [] as string[], b: [] as string[] }
  const names = new Set(pairing.all().map(([instrument]) => instrument))
  for (const [instrument, pair] of pairing.all()) {
    const [hasA, hasB] = [pair.quotes.a.updates > 0, pair.quotes.b.updates > 0]
    if (hasA && hasB) pairs.push(pairReport(instrument, pair, options, a, b))
    // What came before its name was understood belongs to another that is compared.
    else if (
      !names.has(options.market.canonical(instrument)) ||
      options.market.canonical(instrument) === instrument
    ) {
      only[hasA ? 'a' : 'b'].push(instrument)
    }
  }
  for (const [contract, pair, name] of aliases.all()) {
    if (pair.quotes.a.updates === 0 || pair.quotes.b.updates === 0) continue
    pairs.push({ ...pairReport(contract, pair, options, a, b), instrument: `${contract} as ${name}` })
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
  { market, rolls }: Reported,
  a: SideReport,
  b: SideReport,
): PairReport {
  const tick = market.facts(instrument).tickSize
  const { plan } = pair
  const band = pair.band()
  const growth = pair.growth()
  const polled = polledOf(a, b)
  const report = {
    instrument,
    a: quoteReport(pair.quotes.a),
    b: quoteReport(pair.quotes.b),
    ...(tick === undefined ? {} : { tick: { size: decimalText(tick.value), source: tick.source } }),
    lag: { taken: plan.taken, takenFrom: plan.takenFrom, ...pair.lag(), ...(growth && { growth }) },
    fields: pair.fields().map(([spec, how, result]) => ({
      ...fieldReport(spec, how, result, tick !== undefined),
      ...polled,
    })),
    ...(band === undefined ? {} : { band }),
    only: { a: pair.only('a'), b: pair.only('b') },
    late: { a: pair.late('a'), b: pair.late('b') },
  }
  const own = rolls.filter(({ from, to }) => from === instrument || to === instrument)
  return { ...report, explanations: explain(report, a, b, own) }
}

function polledOf(a: SideReport, b: SideReport): { readonly polled?: Which } {
  if ((a.pollsEvery === undefined) === (b.pollsEvery === undefined)) return {}
  return { polled: a.pollsEvery === undefined ? 'b' : 'a' }
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

import { isoFromEpochMicros } from '../../src/model/time.ts'
import type { Truth } from '../../src/synth/index.ts'
import { type Comparison, isSilent, type Side } from './compare.ts'
import { type Exact, exactOf, exactText, isWithin, NOTHING, plus } from './exact.ts'
import { type Due, reckon, roughDue, toleranceOf, unpricedDue } from './reckoning.ts'
import type { Told } from './session.ts'
import { type Held, type Moment, type Rules, type Standing, standingsOf } from './standings.ts'
import type { Trader } from './traders.ts'

export const FIGURES = [
  'quantity',
  'average',
  'cost',
  'realized',
  'fees',
  'mark',
  'unrealized',
  'net',
] as const
export type Figure = (typeof FIGURES)[number]
const SUMS = ['realized', 'fees', 'unrealized', 'net'] as const

/** What traders’ fills are worth by one wire. */
export interface Valued {
  readonly side: Side
  readonly held: readonly Held[]
}

export async function valuedBy(
  truth: Truth,
  told: Told,
  traders: readonly Trader[],
  rules: Rules,
): Promise<Valued> {
  return { side: told.side, held: await standingsOf(truth, told.rendered, traders, rules) }
}

export type Dues = ReadonlyMap<Trader, readonly ReadonlyMap<string, Due>[]>

export function duesOf(truth: Truth, traders: readonly Trader[], rules: Rules): Dues {
  return new Map(traders.map(trader => [trader, reckon(truth, trader, rules)]))
}

/** One wire against what has to be: each position and each sum, at every settled moment. */
export function compareWithTruth({ held, side }: Valued, dues: Dues, truth: Truth): Comparison {
  const result: Comparison = { compared: 0, untold: 0, differences: [] }
  for (const one of held) {
    for (const [index, moment] of one.moments.entries()) {
      const due = dues.get(one.trader)?.[index] ?? new Map<string, Due>()
      const where = `${one.trader.name} by ${side.name} at ${timeOf(truth, index)}`
      const own = new Map([...due].filter(([market]) => one.markets.has(market)))
      const told = toldDues(own, moment, { isCarried: one.isCarried, side, index, truth })
      result.untold += told.untold
      comparePositions(result, told.dues, moment, where)
      compareSums(result, told.dues, moment, where, truth)
    }
    if (one.moments.length !== truth.settled.length) {
      result.differences.push(`${one.trader.name} by ${side.name}: ${one.moments.length} moments`)
    }
  }
  return result
}

interface Teller {
  readonly isCarried: boolean
  readonly side: Side
  readonly index: number
  readonly truth: Truth
}

/** What has to be, less what the wire declares that it does not tell, or not yet. */
function toldDues(dues: ReadonlyMap<string, Due>, moment: Moment, { index, isCarried, side, truth }: Teller) {
  let untold = 0
  const told = [...dues].map(([market, due]): readonly [string, Due] => {
    const isRefused = moment.positions.get(market)?.refused === 'no price yet'
    const mayBeSilent = due.from.some(field => isSilent(side, { market, field, index }, truth))
    if (isCarried && !(isRefused && mayBeSilent)) return [market, due]
    if (due.from.length === 0) return [market, due]
    if (isCarried) untold += 1
    return [market, unpricedDue(due, 'no price yet')]
  })
  return { dues: new Map(told), untold }
}

function comparePositions(
  result: Comparison,
  dues: ReadonlyMap<string, Due>,
  moment: Moment,
  where: string,
): void {
  for (const market of new Set([...dues.keys(), ...moment.positions.keys()])) {
    const due = dues.get(market)
    const standing = moment.positions.get(market)
    if (due === undefined || standing === undefined) {
      result.differences.push(`${market} of ${where}: ${due === undefined ? 'held' : 'not held'}`)
      continue
    }
    compareFigures(result, standing, due, FIGURES, `${market} of ${where}`)
    result.compared += 1
    if (standing.refused === due.refused) continue
    result.differences.push(`${market} of ${where}: refused as ${standing.refused}, and not ${due.refused}`)
  }
}

/** What a source on the tapes themselves tells of one trader’s positions. */
export interface ToldPositions {
  readonly side: Side
  readonly moments: readonly Moment[]
  readonly markets: ReadonlySet<string>
  /** That it has words for. */
  readonly figures: readonly Figure[]
  /** To which it rounds an average, where it does. */
  readonly digits?: number
}

export function compareTold(
  { digits, figures, markets, moments, side }: ToldPositions,
  dues: readonly ReadonlyMap<string, Due>[],
  truth: Truth,
): Comparison {
  const result: Comparison = { compared: 0, untold: 0, differences: [] }
  for (const [index, moment] of moments.entries()) {
    const own = new Map([...(dues[index] ?? [])].filter(([market]) => markets.has(market)))
    const told = toldDues(own, moment, { isCarried: true, side, index, truth })
    result.untold += told.untold
    for (const market of markets) {
      const due = told.dues.get(market)
      const standing = moment.positions.get(market)
      const about = `${market} by ${side.name} at ${timeOf(truth, index)}`
      if (due !== undefined && standing !== undefined) {
        compareFigures(result, standing, digits === undefined ? due : roughDue(due, digits), figures, about)
      } else if (due !== standing) {
        result.differences.push(`${about}: ${due === undefined ? '' : 'not '}held`)
      }
    }
  }
  return result
}

function compareFigures(
  result: Comparison,
  standing: Standing,
  due: Due,
  figures: readonly Figure[],
  about: string,
): void {
  for (const figure of figures) {
    const most = toleranceOf(figure, due)
    compareFigure(result, standing[figure], due.figures[figure], most, `${figure} of ${about}`)
  }
}

function compareFigure(
  result: Comparison,
  text: string | undefined,
  due: Exact | undefined,
  most: Exact,
  about: string,
): void {
  if (text === undefined && due === undefined) return
  result.compared += 1
  if (text !== undefined && due !== undefined && isWithin(exactOf(text), due, most)) return
  result.differences.push(`${about}: ${text}, and not ${due === undefined ? undefined : exactText(due)}`)
}

function compareSums(
  result: Comparison,
  dues: ReadonlyMap<string, Due>,
  { sums }: Moment,
  where: string,
  truth: Truth,
): void {
  const byCurrency = Map.groupBy(dues, ([market]) => currencyOf(truth, market))
  for (const currency of new Set([...byCurrency.keys(), ...sums.keys()])) {
    const members = byCurrency.get(currency) ?? []
    const sum = sums.get(currency)
    const unpriced = members.filter(([, { figures }]) => figures.net === undefined).map(([market]) => market)
    result.compared += 1
    if (sum?.unpriced !== unpriced.toSorted().join(' ')) {
      result.differences.push(`${currency} of ${where}: without ${sum?.unpriced}, and not ${unpriced}`)
    }
    const slack = members.reduce((most, [, due]) => plus(most, toleranceOf('net', due)), NOTHING)
    for (const figure of SUMS) {
      const all = members.flatMap(([, { figures }]) => figures[figure] ?? [])
      const due = all.length < members.length ? undefined : all.reduce(plus, NOTHING)
      compareFigure(result, sum?.[figure], due, slack, `${currency} ${figure} of ${where}`)
    }
  }
}

export function currencyOf({ markets }: Truth, market: string): string {
  return markets.find(({ key }) => key === market)?.product.currency ?? 'unknown'
}

export function timeOf({ settled }: Truth, index: number): string {
  return isoFromEpochMicros(settled[index]?.at ?? 0)
}

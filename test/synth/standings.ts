import { type Decimal, decimalText } from '../../src/model/decimal.ts'
import type { QuoteField } from '../../src/model/quote.ts'
import type { EpochMicros } from '../../src/model/time.ts'
import {
  type Book,
  type BookPlan,
  type MarkRule,
  type Matching,
  PnlEngine,
  type PositionReport,
  parseMarkChain,
  readPositions,
  type TotalReport,
} from '../../src/pnl/index.ts'
import { TapeMerge } from '../../src/replay/index.ts'
import type { Rendered, Truth } from '../../src/synth/index.ts'
import { fillLines, type Trader } from './traders.ts'
import { settingsOf, sourceOf, valuesOf } from './valuation.ts'

/** Longer than any session: no mark grows stale. */
const HOUR = 3_600_000_000

export const NEEDED: Readonly<Record<MarkRule, readonly QuoteField[]>> = {
  last: ['last'],
  'exit-side': ['bid', 'ask'],
  mid: ['bid', 'ask'],
}

export interface Rules {
  readonly rule: MarkRule
  readonly matching: Matching
}

/** One position as it stands at one moment: decimals as text, and only what is known. */
export interface Standing {
  readonly quantity: string
  readonly cost: string
  readonly fees: string
  readonly average?: string
  readonly realized?: string
  readonly mark?: string
  readonly unrealized?: string
  readonly net?: string
  /** Why it has no unrealized P&L. */
  readonly refused?: string
}

/** What all of a book in one currency come to. */
export interface Sum {
  readonly fees: string
  readonly unpriced: string
  readonly realized?: string
  readonly unrealized?: string
  readonly net?: string
}

export interface Moment {
  /** By the truth’s market. */
  readonly positions: ReadonlyMap<string, Standing>
  readonly sums: ReadonlyMap<string, Sum>
}

/** Markets that a wire has equally late, or that it has no mark for. */
export interface Group {
  readonly markets: ReadonlySet<string>
  /** In seconds. */
  readonly delay: number
  readonly isCarried: boolean
}

/** What one trader holds of one group, at each settled moment. */
export interface Held extends Group {
  readonly trader: Trader
  readonly moments: readonly Moment[]
}

/** Those that a wire carries by a rule, by how late it declares them to be; and those that it does not. */
export function groupsOf({ declares }: Rendered, { markets }: Truth, rule: MarkRule): readonly Group[] {
  const able = declares.carried.filter(({ fields }) => NEEDED[rule].every(field => fields.includes(field)))
  const delays = [...new Set(able.map(({ delay = 0 }) => delay))]
  const known = new Set(able.map(({ market }) => market))
  const unable = markets.map(({ key }) => key).filter(key => !known.has(key))
  return [
    ...delays.map(delay => {
      const own = able.filter(one => (one.delay ?? 0) === delay)
      return { markets: new Set(own.map(({ market }) => market)), delay, isCarried: true }
    }),
    { markets: new Set(unable), delay: 0, isCarried: false },
  ]
}

/** What the traders’ fills are worth by one wire’s tape, at the truth’s settled moments. */
export async function standingsOf(
  truth: Truth,
  tape: Rendered,
  traders: readonly Trader[],
  rules: Rules,
): Promise<readonly Held[]> {
  const held = groupsOf(tape, truth, rules.rule).flatMap(group =>
    traders.map(trader => ({ ...group, trader, moments: [] as Moment[] })),
  )
  const plans = held.map(({ delay, markets, trader }) => {
    return readPositions(fillLines(trader, markets, delay), `${trader.name}.jsonl`)
  })
  const stops = held.flatMap(({ delay, moments }, n) => {
    return truth.settled.map(({ at }) => ({ at: at + delay * 1_000_000, n, moments }))
  })
  await stopAt(truth, [tape], plans, rules, stops, ({ moments, n }, engine) => {
    const book = engine.books[n]
    if (book !== undefined) moments.push(momentOf(book, nameOf(truth, engine)))
  })
  return held
}

/** What a source on the tapes themselves says is held, at the truth’s settled moments. */
export async function toldOf(
  truth: Truth,
  tapes: readonly Rendered[],
  plan: BookPlan,
  rules: Rules,
): Promise<readonly Moment[]> {
  const moments: Moment[] = []
  await stopAt(truth, tapes, [plan], rules, truth.settled, (_, engine) => {
    const [book] = engine.books
    if (book !== undefined) moments.push(momentOf(book, nameOf(truth, engine)))
  })
  return moments
}

/** Runs the tapes through, and looks at it where nothing comes any more by then. */
async function stopAt<Stop extends { readonly at: EpochMicros }>(
  truth: Truth,
  tapes: readonly Rendered[],
  plans: readonly BookPlan[],
  { matching, rule }: Rules,
  stops: readonly Stop[],
  look: (stop: Stop, engine: PnlEngine) => void,
): Promise<void> {
  const merge = new TapeMerge(tapes.map(sourceOf))
  const engine = new PnlEngine(
    tapes.map(({ header }) => header),
    plans,
    {
      chain: parseMarkChain(rule),
      matching,
      staleAfter: HOUR,
      config: valuesOf(truth),
      settings: settingsOf(tapes),
    },
  )
  const pending = stops.toSorted((a, b) => a.at - b.at)
  let next = 0
  const lookUntil = (at: EpochMicros): void => {
    for (let stop = pending[next]; stop !== undefined && stop.at < at; stop = pending[next]) {
      engine.advance(stop.at)
      look(stop, engine)
      next += 1
    }
  }
  engine.begin(merge.start)
  await merge.run({
    take(entry, tape, at) {
      lookUntil(at)
      engine.take(entry, tape, at)
    },
    endTape: (tape, at) => engine.endTape(tape, at),
  })
  lookUntil(Number.POSITIVE_INFINITY)
  engine.finish(merge.end)
}

/**
 * The truth’s name of an instrument; an unknown one keeps its own, and agrees with nothing. A continuous symbol that
 * rolls is no position’s name: on some wires it is its front contract.
 */
function nameOf({ markets }: Truth, engine: PnlEngine): (instrument: string) => string {
  const traded = markets.filter(({ means }) => means === undefined)
  const keys = new Map(traded.map(({ key }) => [engine.canonical(key), key]))
  return instrument => keys.get(instrument) ?? instrument
}

function momentOf({ ledger }: Book, name: (instrument: string) => string): Moment {
  return {
    positions: new Map(ledger.positions().map(report => [name(report.instrument), standingOf(report)])),
    sums: new Map(ledger.totals().map(total => [total.currency ?? '', sumOf(total, name)])),
  }
}

function standingOf(report: PositionReport): Standing {
  const { average, fees, mark, net, openCost, quantity, realized, unpriced, unrealized } = report
  return {
    quantity: decimalText(quantity),
    cost: decimalText(openCost),
    fees: decimalText(fees),
    ...known('average', average),
    ...known('realized', realized),
    ...known('mark', mark?.price),
    ...known('unrealized', unrealized),
    ...known('net', net),
    ...(unpriced === undefined ? {} : { refused: unpriced.reason }),
  }
}

function sumOf(
  { fees, net, realized, unpriced, unrealized }: TotalReport,
  name: (one: string) => string,
): Sum {
  return {
    fees: decimalText(fees),
    unpriced: unpriced.map(name).toSorted().join(' '),
    ...known('realized', realized),
    ...known('unrealized', unrealized),
    ...known('net', net),
  }
}

function known<Name extends string>(
  name: Name,
  value: Decimal | undefined,
): { readonly [K in Name]?: string } {
  return value === undefined ? {} : ({ [name]: decimalText(value) } as { readonly [K in Name]?: string })
}

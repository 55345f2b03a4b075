import { add, type Decimal, subtract, ZERO } from '../model/decimal.ts'
import type { Micros } from '../model/time.ts'
import { EquityCurve, type Fall } from './equity-curve.ts'
import type { Holding, PositionReport } from './holding.ts'

/** Sums over the positions of one currency. Different currencies are never added. */
export interface TotalReport {
  /** Unknown: the total of a single instrument whose currency nobody has said. */
  readonly currency: string | undefined
  readonly instruments: readonly string[]
  /** The instruments that have no net now, and because of which the total has none. */
  readonly unpriced: readonly string[]
  readonly realized: Decimal | undefined
  readonly unrealized: Decimal | undefined
  readonly fees: Decimal
  readonly net: Decimal | undefined
  /** The deepest fall of net below an earlier peak, as an amount; `undefined` before all were priced once. */
  readonly peakToTrough: Decimal | undefined
  /** The most that net came to, 0 where it began there; `undefined` before all were priced once. */
  readonly best: Decimal | undefined
  /** Where that deepest fall was. */
  readonly fall: Fall | undefined
  /** The instruments whose marks are declared to be late, with the seconds. */
  readonly delayed: readonly { readonly instrument: string; readonly delay: number }[]
}

/** One currency's running net and equity curve, kept by differences: an event costs the same for any number of positions. */
export class CurrencyTotal {
  readonly currency: string | undefined
  readonly #holdings = new Set<Holding>()
  #unpriced = 0
  /** Of those that are priced. */
  #net: Decimal = ZERO
  readonly #curve: EquityCurve

  /** `flatAt`: when its first position came into being, where nothing was held before. */
  constructor(currency: string | undefined, flatAt: Micros | undefined) {
    this.currency = currency
    this.#curve = new EquityCurve(flatAt)
  }

  get isEmpty(): boolean {
    return this.#holdings.size === 0
  }

  /** `undefined` while a member is unpriced. It costs the same for any number of them, which `report` does not. */
  get net(): Decimal | undefined {
    return this.#unpriced > 0 ? undefined : this.#net
  }

  join(holding: Holding): void {
    this.#holdings.add(holding)
    this.#count(holding.net)
  }

  leave(holding: Holding): void {
    this.#holdings.delete(holding)
    this.#discount(holding.net)
  }

  /** A member's net has changed. */
  change(before: Decimal | undefined, after: Decimal | undefined): void {
    // The usual case, and a third of an event's cost: one position is its own total.
    if (this.#holdings.size === 1 && before !== undefined && after !== undefined) {
      this.#net = after
      return
    }
    this.#discount(before)
    this.#count(after)
  }

  /** A point of the equity curve, once all that happens at one event is in. While any is unpriced it holds. */
  observe(at: Micros): void {
    if (this.#unpriced === 0) this.#curve.point(this.#net, at)
  }

  report(): TotalReport {
    const reports = [...this.#holdings].map(holding => holding.report(0))
    return {
      currency: this.currency,
      instruments: reports.map(report => report.instrument),
      unpriced: reports.filter(report => report.net === undefined).map(report => report.instrument),
      realized: sumOf(reports, report => report.realized),
      unrealized: sumOf(reports, report => report.unrealized),
      fees: reports.reduce((sum, report) => add(sum, report.fees), ZERO),
      net: this.net,
      peakToTrough: this.#curve.peakToTrough,
      best: this.#curve.best,
      fall: this.#curve.fall,
      delayed: reports.flatMap(({ instrument, mark }) => {
        const delay = mark?.delay ?? 0
        return delay > 0 ? [{ instrument, delay }] : []
      }),
    }
  }

  #count(net: Decimal | undefined): void {
    if (net === undefined) this.#unpriced += 1
    else this.#net = add(this.#net, net)
  }

  #discount(net: Decimal | undefined): void {
    if (net === undefined) this.#unpriced -= 1
    else this.#net = subtract(this.#net, net)
  }
}

function sumOf(
  reports: readonly PositionReport[],
  pick: (report: PositionReport) => Decimal | undefined,
): Decimal | undefined {
  let sum = ZERO
  for (const report of reports) {
    const value = pick(report)
    if (value === undefined) return undefined
    sum = add(sum, value)
  }
  return sum
}

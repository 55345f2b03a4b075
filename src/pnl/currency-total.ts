import { add, compare, type Decimal, maximum, subtract, ZERO } from '../model/decimal.ts'
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
}

/** One currency's running net and equity curve, kept by differences: an event costs the same for any number of positions. */
export class CurrencyTotal {
  readonly currency: string | undefined
  readonly #holdings = new Set<Holding>()
  #unpriced = 0
  /** Of those that are priced. */
  #net: Decimal = ZERO
  #peak: Decimal | undefined = undefined
  /** The least since the peak. */
  #trough: Decimal = ZERO
  #peakToTrough: Decimal = ZERO

  constructor(currency: string | undefined) {
    this.currency = currency
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
  observe(): void {
    if (this.#unpriced > 0) return
    const net = this.#net
    if (this.#peak === undefined || compare(net, this.#peak) >= 0) {
      this.#peak = net
      this.#trough = net
    } else if (compare(net, this.#trough) < 0) {
      this.#trough = net
      this.#peakToTrough = maximum(this.#peakToTrough, subtract(this.#peak, net))
    }
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
      peakToTrough: this.#peak === undefined ? undefined : this.#peakToTrough,
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

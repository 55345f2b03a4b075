import type { Decimal } from '../../model/decimal.ts'
import type { PositionLabel } from '../label.ts'
import type { SignalOrigin } from './signal-word.ts'

/** Why a signal did not do what it says, or not only that. Each is counted and its first places are kept. */
export const SIGNAL_REMARKS = [
  'unknown',
  'incomplete',
  'repeated',
  'closesWithoutTicker',
  'closesOfNothing',
  'opensOnOpen',
  'contradictions',
  'beforeTheCut',
] as const
export type SignalRemark = (typeof SIGNAL_REMARKS)[number]

/** What the signals came to. */
export interface SignalsReport {
  readonly opens: number
  readonly adds: number
  readonly closes: number
  /** Positions that were set at an average which the signal rounds. */
  readonly rounded: number
  /** Without a time of their own: the receipt stands for it. */
  readonly untimed: number
  readonly remarks: Readonly<Record<SignalRemark, Remarked>>
  /** The first of those where a signal's position is not the one that the signals before it make. */
  readonly differences: readonly SignalDifference[]
}

export interface Remarked {
  readonly count: number
  /** The first few. */
  readonly places: readonly SignalOrigin[]
}

export interface SignalDifference extends SignalOrigin {
  readonly instrument: string
  readonly label: PositionLabel | undefined
  readonly said: SizeAndAverage
  readonly made: SizeAndAverage
}

export interface SizeAndAverage {
  readonly quantity: Decimal
  readonly average: Decimal | undefined
}

const MOST_PLACES = 5
const MOST_DIFFERENCES = 20

/** Counts what signals do, and keeps where the first of each strange kind stand. */
export class SignalCounts {
  opens = 0
  adds = 0
  closes = 0
  rounded = 0
  untimed = 0
  readonly #remarks = new Map<SignalRemark, { count: number; readonly places: SignalOrigin[] }>()
  readonly #differences: SignalDifference[] = []

  remark(remark: SignalRemark, { place, line }: SignalOrigin): void {
    const known = this.#remarks.get(remark) ?? { count: 0, places: [] }
    this.#remarks.set(remark, known)
    known.count += 1
    if (known.places.length >= MOST_PLACES) return
    known.places.push({
      ...(place === undefined ? {} : { place }),
      ...(line === undefined ? {} : { line }),
    })
  }

  contradict(difference: SignalDifference): void {
    this.remark('contradictions', difference)
    if (this.#differences.length < MOST_DIFFERENCES) this.#differences.push(difference)
  }

  report(): SignalsReport {
    const { opens, adds, closes, rounded, untimed } = this
    const of = (remark: SignalRemark): Remarked => this.#remarks.get(remark) ?? { count: 0, places: [] }
    return {
      opens,
      adds,
      closes,
      rounded,
      untimed,
      remarks: {
        unknown: of('unknown'),
        incomplete: of('incomplete'),
        repeated: of('repeated'),
        closesWithoutTicker: of('closesWithoutTicker'),
        closesOfNothing: of('closesOfNothing'),
        opensOnOpen: of('opensOnOpen'),
        contradictions: of('contradictions'),
        beforeTheCut: of('beforeTheCut'),
      },
      differences: this.#differences,
    }
  }
}

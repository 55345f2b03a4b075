import type { EpochMicros } from '../../model/time.ts'
import { labelOf } from '../label.ts'
import type { Ledger } from '../ledger.ts'
import { NO_NEWS, type PositionNews, type PositionSource, type SourceRoom } from './position-source.ts'
import { checkFillsWithin, type Fill, type PositionsFile } from './positions-file.ts'

/** A file of fills, in the order of time: nothing on the tapes moves them. A position for each account and strategy. */
export class FillsFile implements PositionSource {
  readonly where: string
  readonly #fills: readonly Fill[]
  readonly #ledger: Ledger
  readonly #canonical: (name: string) => string
  #next = 0

  constructor({ file, fills }: Pick<PositionsFile, 'file' | 'fills'>, { ledger, canonical }: SourceRoom) {
    this.where = file
    this.#fills = fills
    this.#ledger = ledger
    this.#canonical = canonical
  }

  get nextAt(): EpochMicros {
    const fill = this.#fills[this.#next]
    return fill === undefined ? Number.POSITIVE_INFINITY : (fill.at ?? Number.NEGATIVE_INFINITY)
  }

  applyNext(at: EpochMicros): PositionNews | undefined {
    const fill = this.#fills[this.#next]
    if (fill === undefined) return undefined
    this.#next += 1
    const instrument = this.#canonical(fill.instrument)
    const { account, strategy } = fill
    const key = this.#ledger.fill({ ...fill, instrument }, at, labelOf({ account, strategy }))
    return { kind: 'fill', key, line: fill.line, deal: fill }
  }

  observe(): readonly PositionNews[] {
    return NO_NEWS
  }

  entry(): readonly PositionNews[] {
    return NO_NEWS
  }

  endTape(): void {}

  move(): void {}

  get names(): readonly Fill[] {
    return this.#fills
  }

  finish(start: EpochMicros, end: EpochMicros): void {
    checkFillsWithin({ file: this.where, fills: this.#fills }, start, end)
  }

  report(): undefined {
    return undefined
  }
}

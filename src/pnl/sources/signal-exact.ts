import { absolute, compare, type Decimal, decimalEquals, decimalSign, subtract } from '../../model/decimal.ts'
import type { PositionLabel } from '../label.ts'
import { positionKey } from '../label.ts'
import { applyFill, averagePrice, FLAT, type Position, type PositionChange } from '../position.ts'
import type { PositionAfter, SignalWord } from './signal-word.ts'

interface Exact {
  instrument: string
  readonly label: PositionLabel | undefined
  readonly position: Position
}

/** What positions are by the sizes and prices of their own signals alone, where every one of these was said. */
export class ExactPositions {
  #byKey = new Map<string, Exact>()

  of(key: string): Position | undefined {
    return this.#byKey.get(key)?.position
  }

  set(instrument: string, label: PositionLabel | undefined, position: Position | undefined): void {
    const key = positionKey(instrument, label)
    if (position === undefined) this.#byKey.delete(key)
    else this.#byKey.set(key, { instrument, label, position })
  }

  move(from: string, to: string): void {
    const all = [...this.#byKey.values()]
    for (const exact of all) if (exact.instrument === from) exact.instrument = to
    this.#byKey = new Map(all.map(exact => [positionKey(exact.instrument, exact.label), exact]))
  }
}

/** The position that a signal's own size and price make; nothing where it does not say them, or what was before. */
export function madeBy(before: Position | undefined, word: SignalWord): Position | undefined {
  const change = changeOf(word)
  return before === undefined || change === undefined ? undefined : applyFill(before, change)
}

/** From flat. */
export function openedBy(change: PositionChange): Position {
  return applyFill(FLAT, change)
}

/** Above zero, with a side and a price: what can be done. */
export function changeOf({ side, quantity, price }: SignalWord): PositionChange | undefined {
  if (side === undefined || quantity === undefined || price === undefined) return undefined
  return decimalSign(quantity) > 0 ? { side, quantity, price } : undefined
}

/** Whether a position that was said is the one that was made, or that one with its average rounded. */
export function isRoundingOf({ quantity, averagePrice: said }: PositionAfter, made: Position): boolean {
  if (!decimalEquals(quantity, made.quantity)) return false
  const exact = averagePrice(made)
  if (said === undefined || exact === undefined) return true
  const halfOfLastDigit: Decimal = { mantissa: 5, scale: said.scale + 1 }
  return compare(absolute(subtract(said, exact)), halfOfLastDigit) <= 0
}

import { decimalEquals } from '../model/decimal.ts'
import type { PositionMark } from './mark.ts'

/** Whether two marks value a position alike, whatever their ages. */
export function sameFigure(before: PositionMark, after: PositionMark): boolean {
  if (before.kind === 'marked' && after.kind === 'marked') {
    return (
      before.rule === after.rule && before.from === after.from && decimalEquals(before.price, after.price)
    )
  }
  if (before.kind === 'marked' || after.kind === 'marked') return false
  return before.reason === after.reason && before.from === after.from
}

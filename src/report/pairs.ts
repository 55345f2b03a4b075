import { type Decimal, decimalText } from '../model/decimal.ts'
import { isoFromEpochMicros } from '../model/time.ts'
import type { MatchedFill, PairReport } from '../pnl/index.ts'
import { tableLines } from './table.ts'

/** Every pair of a run, contract by contract, in the order of closing. Gross: fees belong to fills. */
export function pairTable(pairs: readonly PairReport[]): readonly string[] {
  if (pairs.length === 0) return ['no pairs: nothing was closed']
  const rows = pairs.map(({ instrument, side, quantity, opening, closing, pnl, currency }) => [
    instrument,
    side,
    decimalText(quantity),
    nameOf(opening),
    timeOf(opening),
    decimalText(opening.price),
    nameOf(closing),
    timeOf(closing),
    decimalText(closing.price),
    closing.tradeDate ?? '',
    pnl === undefined ? '–' : signed(pnl),
    currency?.value ?? '?',
  ])
  const [left, right] = ['left', 'right'] as const
  return tableLines(rows, {
    head: [
      'pairs',
      '',
      'quantity',
      'opened by',
      'at',
      'price',
      'closed by',
      'at',
      'price',
      'trade date',
      'P&L',
      'in',
    ],
    align: [left, left, right, left, left, right, left, left, right, left, right, left],
  })
}

function nameOf({ id, line }: MatchedFill): string {
  return id ?? (line === undefined ? '' : `line ${line}`)
}

function timeOf({ at }: MatchedFill): string {
  return at === undefined ? '' : isoFromEpochMicros(at).slice(0, 23).replace('T', ' ')
}

function signed(value: Decimal): string {
  return value.mantissa > 0 ? `+${decimalText(value)}` : decimalText(value)
}

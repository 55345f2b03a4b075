import type { PositionObservation } from '../../model/account.ts'
import { absolute, type Decimal, decimalSign, decimalText, negate } from '../../model/decimal.ts'
import type { WireFields } from '../../model/quote.ts'
import { type NumberReader, priceFromText } from '../numbers.ts'
import { isRecord, type ReadBody } from './message.ts'

export interface ReadTrades extends ReadBody {
  readonly observations: readonly PositionObservation[]
  readonly open: number
  readonly closed: number
}

/** Where nobody has named the account. */
export const NO_ACCOUNT = 'Unknown'

/** A message's reason names so many of its broken rows, and counts the others. */
const NAMED = 5

/**
 * Rows of open and of closed trades. What is open is a position; a closed trade says its profit, not the fills that
 * made it, so nothing comes of it, but its fields are held to their forms all the same.
 */
export function readTrades(
  rows: unknown,
  numbers: NumberReader,
  wire: readonly unknown[] | undefined,
): ReadTrades {
  const observations: PositionObservation[] = []
  if (!Array.isArray(rows)) return { observations, problems: ['data is no list'], open: 0, closed: 0 }
  const problems: string[] = []
  let open = 0
  let closed = 0
  for (const [index, row] of rows.entries()) {
    if (!isRecord(row)) {
      problems.push(`row ${index}: no object`)
      continue
    }
    const said = new RowReader(row, numbers)
    if (said.has('Closed_Time') || said.has('Closed_Price')) {
      closed += 1
      checkClosed(said)
    } else {
      open += 1
      const position = readOpen(said)
      const kept: unknown = wire?.[index]
      if (position !== undefined) observations.push(isRecord(kept) ? { ...position, wire: kept } : position)
    }
    if (said.problems.length > 0) problems.push(`row ${index}: ${said.problems.join(', ')}`)
  }
  const more = problems.length > NAMED ? [`and ${problems.length - NAMED} more rows`] : []
  return { observations, problems: [...problems.slice(0, NAMED), ...more], open, closed }
}

/** `Running_Pos` is of either sign (a closed SELL has −1 in its `Position_Size`): `Direction` decides. */
function readOpen(said: RowReader): PositionObservation | undefined {
  const id = said.whole('id')
  const name = said.text(said.row['IfOption'] === true ? 'Opt_Name' : 'Ticker')
  const direction = said.direction()
  const size = said.number('Running_Pos')
  const averagePrice = said.price('Open_Price')
  said.drawdown()
  const strategy = said.word('Strat_Name')
  const timeframe = said.word('TimeFrame')
  const account = said.word('Account')
  if (id === undefined || name === undefined || direction === undefined || size === undefined)
    return undefined
  const quantity = direction === 'BUY' ? absolute(size) : negate(absolute(size))
  const isFlat = decimalSign(quantity) === 0
  if (!isFlat && averagePrice === undefined) {
    if (!said.has('Open_Price')) said.problem('Open_Price is missing')
    return undefined
  }
  return {
    kind: 'position',
    session: '',
    name,
    change: 'snapshot',
    id,
    ...(account === undefined || account === NO_ACCOUNT || account === '' ? {} : { account }),
    ...(strategy === undefined ? {} : { strategy }),
    ...(timeframe === undefined ? {} : { timeframe }),
    quantity,
    ...(isFlat || averagePrice === undefined ? {} : { averagePrice }),
  }
}

function checkClosed(said: RowReader): void {
  said.whole('id')
  said.text('Ticker')
  said.direction()
  said.number('Position_Size')
  said.number('Profit')
  said.drawdown()
  said.price('Open_Price')
  said.price('Closed_Price')
}

/** One row's fields, each with its own complaint. */
class RowReader {
  readonly problems: string[] = []
  readonly row: WireFields
  readonly #numbers: NumberReader

  constructor(row: WireFields, numbers: NumberReader) {
    this.#numbers = numbers
    this.row = row
  }

  problem(what: string): undefined {
    this.problems.push(what)
  }

  has(key: string): boolean {
    return Object.hasOwn(this.row, key) && this.row[key] !== null
  }

  text(key: string): string | undefined {
    const value = this.has(key) ? this.row[key] : undefined
    return typeof value === 'string' && value !== '' ? value : this.problem(`${key} is no name`)
  }

  number(key: string): Decimal | undefined {
    const value = this.has(key) ? this.#numbers.decimal(this.row[key]) : undefined
    return value ?? this.problem(`${key} is no number`)
  }

  /** `2836336` as its digits. */
  whole(key: string): string | undefined {
    const value = this.has(key) ? this.#numbers.decimal(this.row[key]) : undefined
    const isWhole = value !== undefined && value !== null && value.scale === 0
    return isWhole ? decimalText(value) : this.problem(`${key} is no whole number`)
  }

  direction(): 'BUY' | 'SELL' | undefined {
    const value = this.row['Direction']
    return value === 'BUY' || value === 'SELL' ? value : this.problem('Direction is neither BUY nor SELL')
  }

  /** `"-75.00"`: the worst open profit of the trade so far. */
  drawdown(): void {
    const value = this.price('Drawdown')
    if (value !== undefined && decimalSign(value) > 0) this.problem('Drawdown is above zero')
  }

  /** `"6856.50"`; `undefined` where there is none. */
  price(key: string): Decimal | undefined {
    if (!this.has(key)) return undefined
    const value = this.row[key]
    return (
      (typeof value === 'string' ? priceFromText(value) : undefined) ??
      this.problem(`${key} is no decimal in a string`)
    )
  }

  word(key: string): string | undefined {
    if (!this.has(key)) return undefined
    const value = this.row[key]
    return typeof value === 'string' ? value : this.problem(`${key} is no string`)
  }
}

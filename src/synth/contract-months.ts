import type { EpochMicros } from '../model/time.ts'

/** A quarterly contract: `NQZ6` in the venues' short form, `NQZ2026` in TradingView's. */
export interface ContractMonth {
  readonly letter: string
  readonly year: number
  readonly expires: EpochMicros
}

const QUARTERS = [
  { letter: 'H', month: 2 },
  { letter: 'M', month: 5 },
  { letter: 'U', month: 8 },
  { letter: 'Z', month: 11 },
]

/** The two that expire next behind `at`: the front one and the one that is rolled to. */
export function nextContracts(at: EpochMicros): readonly [ContractMonth, ContractMonth] {
  const year = new Date(at / 1000).getUTCFullYear()
  const months = [year, year + 1].flatMap(one =>
    QUARTERS.map(({ letter, month }) => ({ letter, year: one, expires: thirdFriday(one, month) })),
  )
  const [front, next] = months.filter(({ expires }) => expires > at)
  if (front === undefined || next === undefined) throw new Error('a year without a quarter behind it')
  return [front, next]
}

export function shortSymbol(root: string, { letter, year }: ContractMonth): string {
  return `${root}${letter}${year % 10}`
}

export function longSymbol(root: string, { letter, year }: ContractMonth): string {
  return `${root}${letter}${year}`
}

/** 14:30 UTC: the E-minis' own hour in winter. */
function thirdFriday(year: number, month: number): EpochMicros {
  const first = new Date(Date.UTC(year, month, 1)).getUTCDay()
  const day = 1 + ((5 - first + 7) % 7) + 14
  return Date.UTC(year, month, day, 14, 30) * 1000
}

import { decimalSign } from '../model/decimal.ts'
import type { PnlResult } from '../pnl/index.ts'
import { type ExitCode, type Io, tell } from './io.ts'

/** So many names stand in one line; the others are counted. */
const NAMES = 5

/** A position that is open at the end and that no price ever came for is a loss that has to be said: 3. */
export function tellUnmarked(io: Io, { books, quoted }: PnlResult): ExitCode {
  const open = books
    .flatMap(({ positions }) => positions)
    .filter(({ quantity, wasMarked }) => decimalSign(quantity) !== 0 && !wasMarked)
  const names = [...new Set(open.map(({ instrument }) => instrument))]
  const [unquoted, quotedOtherwise] = [
    names.filter(name => !quoted.includes(name)),
    names.filter(name => quoted.includes(name)),
  ]
  if (unquoted.length > 0) {
    tell(io, `feedtape: ${listOf(unquoted)}: nothing quotes it to the end of the run: no price, no P&L of it`)
    tell(io, `  next      ${choiceOf(unquoted, quoted)}`)
  }
  if (quotedOtherwise.length > 0) {
    tell(io, `feedtape: ${listOf(quotedOtherwise)}: quoted, but never with a price that --mark could take`)
    tell(io, '  next      name more rules, such as --mark last,mid,exit-side, or a longer --stale-after')
  }
  return names.length > 0 ? 3 : 0
}

function choiceOf(unquoted: readonly string[], quoted: readonly string[]): string {
  if (quoted.length === 0) return 'add a tape with quotes: these have none'
  const alike = quoted.filter(name => unquoted.some(other => isAlike(name, other)))
  if (alike.length > 0) return `is it one of these, which are quoted: ${listOf(alike)}?`
  return `correct the name, or add a tape that quotes it; quoted are ${listOf(quoted)} (feedtape quotes TAPE)`
}

/** Of two names of one product mostly the first two letters are the same: NQZ2062 and CME_MINI:NQ1!. */
function isAlike(name: string, other: string): boolean {
  return headOf(name) === headOf(other)
}

function headOf(name: string): string {
  return name
    .slice(name.lastIndexOf(':') + 1)
    .slice(0, 2)
    .toUpperCase()
}

function listOf(names: readonly string[]): string {
  const rest = names.length - NAMES
  return rest > 0 ? `${names.slice(0, NAMES).join(', ')} and ${rest} more` : names.join(', ')
}

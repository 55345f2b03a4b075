import { type Decimal, decimalEquals, decimalFromText, decimalText } from '../model/decimal.ts'
import { type PositionReport, type TotalReport, unpricedText } from '../pnl/index.ts'

/** Decimals as strings, equal by value (`"1000"` is `"1000.00"`); `null` is "not known now". Others are not looked at. */
export type ExpectedPnl = Readonly<Partial<Record<PnlFigure, string | null>>>

const FIGURES = [
  'quantity',
  'average',
  'mark',
  'unrealized',
  'realized',
  'fees',
  'net',
  'worst',
  'peakToTrough',
] as const

export type PnlFigure = (typeof FIGURES)[number]

interface Outcome {
  readonly pass: boolean
  message(): string
}

type Reported = PositionReport | TotalReport | undefined

/** For `expect.extend(pnlMatchers)`. */
export const pnlMatchers = {
  /** Of a position or a total: `expect(pnl.position('CME_MINI:NQ1!')).toHavePnl({ net: '997.75' })`. */
  toHavePnl(received: Reported, expected: ExpectedPnl): Outcome {
    if (received === undefined) return outcome(false, 'nothing of it was ever held', 'no figures')
    const found = figuresOf(received)
    const unknown = Object.keys(expected).filter(name => !Object.hasOwn(found, name))
    if (unknown.length > 0)
      return outcome(false, `it has no ${unknown.join(', ')}`, Object.keys(found).join(', '))
    const wrong = FIGURES.filter(name => !isSame(found[name], expected[name]))
    const found_ = wrong.map(name => `${name} ${text(found[name])}`).join(', ')
    const wanted = wrong.map(name => `${name} ${expected[name] ?? 'not known'}`).join(', ')
    if (wrong.length > 0) return outcome(false, `expected ${wanted}${reasonOf(received)}`, found_)
    return outcome(true, 'expected other figures than these', Object.values(expected).join(', '))
  },

  /** `expect(position).toBeUnpriced('stale (last)')`; without a reason, any. */
  toBeUnpriced(received: PositionReport | undefined, reason?: string): Outcome {
    const found = received?.unpriced === undefined ? undefined : unpricedText(received.unpriced)
    const pass = found !== undefined && (reason === undefined || found === reason)
    return outcome(
      pass,
      `expected ${pass ? 'a price' : `unpriced${reason === undefined ? '' : `: ${reason}`}`}`,
      found ?? 'priced',
    )
  },
}

function figuresOf(report: PositionReport | TotalReport): Partial<Record<PnlFigure, Decimal | undefined>> {
  const { unrealized, realized, fees, net } = report
  if (!('quantity' in report)) return { unrealized, realized, fees, net, peakToTrough: report.peakToTrough }
  const { quantity, average, mark, worst } = report
  return { quantity, average, mark: mark?.price, unrealized, realized, fees, net, worst }
}

function isSame(found: Decimal | undefined, expected: string | null | undefined): boolean {
  if (expected === undefined) return true
  if (expected === null || found === undefined) return expected === null && found === undefined
  const value = decimalFromText(expected)
  return value !== undefined && decimalEquals(found, value)
}

function reasonOf(report: PositionReport | TotalReport): string {
  if ('quantity' in report)
    return report.unpriced === undefined ? '' : ` (it is ${unpricedText(report.unpriced)})`
  return report.unpriced.length === 0 ? '' : ` (unpriced: ${report.unpriced.join(', ')})`
}

function text(value: Decimal | undefined): string {
  return value === undefined ? 'not known' : decimalText(value)
}

function outcome(pass: boolean, what: string, found: string): Outcome {
  return { pass, message: () => `${what}\nfound ${found}` }
}

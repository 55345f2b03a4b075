import { type Decimal, decimalEquals, decimalFromText, decimalText } from '../model/decimal.ts'
import { FeedtapeError } from '../model/errors.ts'
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

/** For `expect.extend(pnlMatchers)`. What could not fail is no check: it throws `usage`, also behind `.not`. */
export const pnlMatchers = {
  /** Of a position or a total: `expect(pnl.position('CME_MINI:NQ1!')).toHavePnl({ net: '997.75' })`. */
  toHavePnl(received: Reported, expected: ExpectedPnl): Outcome {
    const found = figuresOf(reportOf(received, 'toHavePnl'))
    checkExpected(expected, found)
    const wrong = FIGURES.filter(name => !isSame(found[name], expected[name]))
    const found_ = wrong.map(name => `${name} ${text(found[name])}`).join(', ')
    const wanted = wrong.map(name => `${name} ${expected[name] ?? 'not known'}`).join(', ')
    if (wrong.length > 0) return outcome(false, `expected ${wanted}${reasonOf(received)}`, found_)
    return outcome(true, 'expected other figures than these', Object.values(expected).join(', '))
  },

  /** `expect(position).toBeUnpriced('stale (last)')`; without a reason, any. */
  toBeUnpriced(received: PositionReport | undefined, reason?: string): Outcome {
    const report = reportOf(received, 'toBeUnpriced')
    if (!('quantity' in report)) throw useless('toBeUnpriced', 'a position', 'a total')
    if (reason !== undefined && typeof reason !== 'string') {
      throw useless('toBeUnpriced', 'a reason as a string, or none', typeof reason)
    }
    const found = report.unpriced === undefined ? undefined : unpricedText(report.unpriced)
    const pass = found !== undefined && (reason === undefined || found === reason)
    return outcome(
      pass,
      `expected ${pass ? 'a price' : `unpriced${reason === undefined ? '' : `: ${reason}`}`}`,
      found ?? 'priced',
    )
  },
}

function reportOf(received: Reported, where: string): PositionReport | TotalReport {
  const isReport = typeof received === 'object' && received !== null && 'fees' in received
  if (isReport && 'realized' in received) return received
  throw useless(
    where,
    'a position or a total that there is',
    received === undefined ? 'undefined: nothing of it was ever held' : 'no such report',
  )
}

function checkExpected(expected: ExpectedPnl, found: Partial<Record<PnlFigure, unknown>>): void {
  const known = `figures of it: ${Object.keys(found).join(', ')}`
  if (typeof expected !== 'object' || expected === null) throw useless('toHavePnl', known, typeof expected)
  const entries: readonly (readonly [string, unknown])[] = Object.entries(expected)
  if (entries.length === 0) throw useless('toHavePnl', known, 'none')
  for (const [name, value] of entries) {
    if (!Object.hasOwn(found, name)) throw useless('toHavePnl', known, `the figure ${name}`)
    const isDecimal = typeof value === 'string' && decimalFromText(value) !== undefined
    if (isDecimal || value === null) continue
    throw useless(
      `toHavePnl ${name}`,
      'a decimal as a string, or null for "not known"',
      typeof value === 'string' ? value : `${typeof value} ${String(value)}`,
    )
  }
}

function useless(where: string, expected: string, found: string): FeedtapeError {
  return new FeedtapeError('usage', 'the expectation says nothing', {
    where,
    expected,
    found,
    next: 'correct the test: as it stands it could not fail, or not pass',
  })
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

function reasonOf(report: Reported): string {
  if (report === undefined) return ''
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

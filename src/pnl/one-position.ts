import { decimalText } from '../model/decimal.ts'
import { FeedtapeError } from '../model/errors.ts'
import { labelText } from './label.ts'
import type { PositionReport } from './position-report.ts'

/** Which of the positions of one instrument is meant; what is left out may be any. */
export interface PositionOf {
  readonly account?: string
  readonly strategy?: string
}

/** Throws `ambiguous` where there are several. */
export function onePosition(
  positions: readonly PositionReport[],
  instrument: string,
  { account, strategy }: PositionOf,
): PositionReport | undefined {
  const [one, ...more] = positions.filter(
    position =>
      position.instrument === instrument &&
      (account === undefined || position.label?.account === account) &&
      (strategy === undefined || position.label?.strategy === strategy),
  )
  if (one !== undefined && more.length > 0) throw several(instrument, [one, ...more])
  return one
}

function several(instrument: string, positions: readonly PositionReport[]): FeedtapeError {
  const texts = positions.map(({ label, quantity }) => {
    const name = label === undefined ? 'nobody named' : labelText(label)
    return `${name}: ${decimalText(quantity)}`
  })
  return new FeedtapeError('ambiguous', 'several accounts or strategies hold this instrument', {
    where: `position ${instrument}`,
    expected: 'one of them, or positions() for all',
    found: texts.join(', '),
    next: `position(${JSON.stringify(instrument)}, { account, strategy })`,
  })
}

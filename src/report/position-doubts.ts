import { isoFromEpochMicros } from '../model/time.ts'
import type { PositionReport } from '../pnl/index.ts'
import { figureText } from './figures.ts'

/** `47430.33 (rounded)`: what rests on it is as rough as it. */
export function averageText({ average, averageWord }: PositionReport): string {
  return averageWord === 'rounded' ? `${figureText(average)} (rounded)` : figureText(average)
}

/** What the figures of these positions cannot promise. */
export function doubtLines(
  positions: readonly PositionReport[],
  nameOf: (position: PositionReport) => string,
): string[] {
  const rounded = positions.filter(({ averageWord }) => averageWord === 'rounded').map(nameOf)
  const bySince = Map.groupBy(
    positions.filter(({ uncertainSince }) => uncertainSince !== undefined),
    ({ uncertainSince = 0 }) => uncertainSince,
  )
  return [
    ...(rounded.length === 0 ? [] : [`P&L from a rounded average: ${rounded.join(', ')}`]),
    ...[...bySince].map(([since, doubted]) => {
      return `uncertain since ${isoFromEpochMicros(since)}, until its source confirms it: ${doubted.map(nameOf).join(', ')}`
    }),
  ]
}

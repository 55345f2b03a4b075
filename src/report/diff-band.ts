import { type BandResult, distanceText, percentText } from '../diff/index.ts'
import { durationText, isoFromEpochMicros } from '../model/time.ts'
import { placeText } from './diff-words.ts'
import { tableLines } from './table.ts'

/** The last price of one side between the bid and ask of the other. */
export function bandLines(band: BandResult, isInTicks: boolean): string[] {
  const { above, below, inside, lastOf, overBid, settled, underAsk, worst } = band
  const share = (time: number): string => (settled === 0 ? '–' : percentText(time / settled))
  const mean = (value: number | undefined): string =>
    value === undefined ? '–' : distanceText(Number(value.toFixed(2)), isInTicks)
  const other = lastOf === 'a' ? 'b' : 'a'
  const rows = [
    ['inside', share(inside)],
    ['below the bid', share(below)],
    ['above the ask', share(above)],
    ['last − bid', `${mean(overBid?.mean)} on average`],
    ['ask − last', `${mean(underAsk?.mean)} on average`],
  ]
  if (worst !== undefined) {
    const { ask, bid, distance, from, last, lasted, placeLast } = worst
    const size = distanceText(distance, isInTicks)
    const when = `${durationText(lasted)} from ${isoFromEpochMicros(from).slice(11, 23)}`
    rows.push([
      'farthest outside',
      `${size} for ${when}: last ${last} (${placeText(placeLast)}), bid ${bid}, ask ${ask}`,
    ])
  }
  return [`  last of ${lastOf} against bid and ask of ${other}`, ...tableLines(rows, { indent: 4 })]
}

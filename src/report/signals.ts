import type { SignalDifference, SignalOrigin, SignalRemark, SignalsSourceReport } from '../pnl/index.ts'
import { figureText, signedText } from './figures.ts'
import { counted, grouped, plain } from './table.ts'

const MEANINGS: readonly (readonly [remark: SignalRemark, what: string])[] = [
  ['unknown', 'not understood (feedtape inspect shows them)'],
  ['incomplete', 'left out: without a size, a side or a price'],
  ['repeated', 'told again'],
  ['closesWithoutTicker', 'closed nothing: no ticker in it'],
  ['closesOfNothing', 'closed nothing: nothing was open'],
  ['opensOnOpen', 'opened on an open position, whose own end nobody told: what that made is not counted'],
  ['contradictions', 'not what the signals before it make'],
  ['beforeTheCut', 'left out: from before the cut'],
]

/** What strategies said, what became of it, and where to look. */
export function signalSourceLines(source: SignalsSourceReport): string[] {
  const { positions, opens, adds, closes, rounded, untimed, gaps = 0, remarks, differences } = source
  const isFile = positions === 'signals-file'
  const parts = [
    `${grouped(opens)} opened, ${grouped(adds)} added to, ${grouped(closes)} closed`,
    isFile
      ? 'in the order of their time'
      : `in the order of receipt${untimed > 0 ? ', their only time' : ''}`,
    ...(rounded === 0 ? [] : [`${counted(rounded, 'position')} set at a rounded average`]),
    ...(gaps === 0 ? [] : [`${counted(gaps, 'gap')}, in which a signal may be missing`]),
  ]
  const strange = MEANINGS.flatMap(([remark, what]) => {
    const { count, places } = remarks[remark]
    return count === 0 ? [] : [`  ${grouped(count)} ${what}: ${placesText(places, count)}`]
  })
  const head = `positions: ${isFile ? 'the file’s' : 'the tapes’'} signals: ${parts.join(' · ')}`
  return [head, ...strange, ...differences.map(differenceText)].map(line =>
    plain(line, Number.POSITIVE_INFINITY),
  )
}

function placesText(places: readonly SignalOrigin[], count: number): string {
  return [...places.map(placeText), ...(count > places.length ? ['…'] : [])].join(', ')
}

function placeText({ place, line }: SignalOrigin): string {
  return place === undefined ? `line ${line}` : `#${place.seq}.${place.packet}`
}

function differenceText({ instrument, label, said, made, ...origin }: SignalDifference): string {
  const words = [label?.strategy, label?.timeframe].filter(word => word !== undefined)
  const name = words.length === 0 ? instrument : `${instrument} (${words.join(' ')})`
  return `    ${placeText(origin)} ${name}: said ${sizeText(said)}, made ${sizeText(made)}`
}

function sizeText({ quantity, average }: SignalDifference['said']): string {
  const size = signedText(quantity)
  return average === undefined ? size : `${size} at ${figureText(average)}`
}

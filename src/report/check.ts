import { isComplete, type Salvaged } from '../edit/index.ts'
import { epochMicrosFromIso, isoFromEpochMicros } from '../model/time.ts'
import { type Lost, segmentText, type TapeCheck, type TapeProblem } from '../tape/index.ts'
import { bytesText, counted, grouped, plain } from './table.ts'

const PROBLEMS_SHOWN = 20
const SEGMENTS_SHOWN = 5
const HOLES_SHOWN = 10

/** What a tape proves about itself, as a person reads it: one line where it is whole. */
export function checkText(path: string, check: TapeCheck): string {
  const { problems, problemCount, unproven, unprovenCount } = check
  if (check.isWhole) return `${plain(path)}: whole: ${contentText(check)}`
  const isOnlyUnsealed = problemCount === 1 && problems[0]?.what === 'not sealed'
  return [
    `${plain(path)}: ${isOnlyUnsealed ? 'not sealed' : 'damaged'}: ${contentText(check)}`,
    ...problems.slice(0, PROBLEMS_SHOWN).map(problem => `  ${problemText(problem)}`),
    ...rest(problemCount - PROBLEMS_SHOWN, 'more problem'),
    ...unproven.slice(0, SEGMENTS_SHOWN).map(segment => `  no hash proves ${segmentText(segment)}`),
    ...rest(unprovenCount - SEGMENTS_SHOWN, 'more segment that no hash proves', 'more that no hash proves'),
  ].join('\n')
}

function contentText({ entries, checkpoints, seal, header, sizeBytes }: TapeCheck): string {
  const start = epochMicrosFromIso(header.start) ?? 0
  return [
    counted(entries, 'entry', 'entries'),
    counted(checkpoints, 'checkpoint'),
    bytesText(sizeBytes),
    ...(header.part === undefined ? [] : [`part ${header.part}`]),
    seal === undefined ? 'no seal' : `sealed ${isoFromEpochMicros(start + seal.at)}`,
    ...(header.derived === undefined ? [] : [`derived (${plain(header.derived)})`]),
  ].join(', ')
}

/** `line 17, byte 3333, entry 15: crc does not fit; expected …; found …` */
function problemText({ line, byteOffset, entry, what, expected, found }: TapeProblem): string {
  const place = `line ${line}, byte ${byteOffset}${entry === undefined ? '' : `, entry ${entry}`}`
  const detail = [what, expected && `expected ${expected}`, found && `found ${found}`]
  return plain(`${place}: ${detail.filter(Boolean).join('; ')}`, 400)
}

/** What a repair kept, and what it cost. */
export function repairText(output: string, repair: Salvaged): string {
  const { kept, lost, holes, holeCount, unproven, held, wasSealed } = repair
  const lines = [`${plain(output)}: ${counted(kept, 'entry', 'entries')} kept, sealed anew`]
  if (isComplete(repair)) lines.push('  nothing was lost: every hash and the seal prove what was kept')
  for (const hole of holes.slice(0, HOLES_SHOWN)) lines.push(`  lost: ${holeText(hole)}`)
  lines.push(...rest(holeCount - HOLES_SHOWN, 'more hole'))
  if (lost > 0) lines.push(`  ${counted(lost, 'entry', 'entries')} lost, at most`)
  if (held > 0) {
    lines.push(
      `  ${counted(held, 'entry whose time', 'entries whose times')} went back: held, as 'original' says`,
    )
  }
  if (unproven > 0) {
    lines.push(`  ${counted(unproven, 'entry was', 'entries were')} kept that no hash of the old tape proves`)
  }
  if (!wasSealed) lines.push('  it was not sealed: whether more was recorded behind its end cannot be known')
  return lines.join('\n')
}

function holeText({ from, to, reason }: Lost): string {
  return `${from === to ? `entry ${grouped(from)}` : `entries ${grouped(from)} to ${grouped(to)}`} (${reason})`
}

function rest(count: number, noun: string, plural?: string): string[] {
  return count > 0 ? [`  … and ${counted(count, noun, plural)}`] : []
}

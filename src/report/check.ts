import { isComplete, type Salvaged } from '../edit/index.ts'
import { epochMicrosFromIso, isoFromEpochMicros } from '../model/time.ts'
import {
  type Lost,
  recordingName,
  segmentText,
  type TapeCheck,
  type TapeProblem,
  type Unread,
} from '../tape/index.ts'
import { bytesText, counted, grouped, plain } from './table.ts'

const PROBLEMS_SHOWN = 20
const SEGMENTS_SHOWN = 5
const HOLES_SHOWN = 10

/** What a tape proves about itself, as a person reads it: one line where it is whole and all of its recording. */
export function checkText(path: string, check: TapeCheck): string {
  const { problems, problemCount, unproven, unprovenCount } = check
  if (check.isWhole)
    return [`${plain(path)}: whole: ${contentText(check)}`, ...missingParts(check)].join('\n')
  const isOnlyUnsealed = problemCount === 1 && problems[0]?.what === 'not sealed'
  return [
    `${plain(path)}: ${isOnlyUnsealed ? 'not sealed' : 'damaged'}: ${contentText(check)}`,
    ...problems.slice(0, PROBLEMS_SHOWN).map(problem => `  ${problemText(problem)}`),
    ...rest(problemCount - PROBLEMS_SHOWN, 'more problem'),
    ...missingParts(check),
    ...unproven.slice(0, SEGMENTS_SHOWN).map(segment => `  no hash proves ${segmentText(segment)}`),
    ...rest(unprovenCount - SEGMENTS_SHOWN, 'more segment that no hash proves', 'more that no hash proves'),
  ].join('\n')
}

/** One that was repaired, or is no tape any more, is not what was recorded. No seal says whether another part follows. */
function missingParts({ lacksPartsTo }: TapeCheck): string[] {
  if (lacksPartsTo === undefined) return []
  const parts = lacksPartsTo === 1 ? 'part 1 was' : `parts 1 to ${lacksPartsTo} were`
  return [`  ${parts} not given, or not as recorded: the recording is not checked from its beginning`]
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
  const { kept, lost, holes, holeCount, unproven, held, wasSealed, unread } = repair
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
  if (unread !== undefined) lines.push(`  ${unreadText(unread, wasSealed)}`)
  if (!wasSealed) lines.push('  it was not sealed: whether more was recorded behind its end cannot be known')
  return lines.join('\n')
}

/** Bytes are counted unpacked: gzip is taken off before the file is split. */
function unreadText({ sizeBytes, lines, tape }: Unread, wasSealed: boolean): string {
  const size = `${counted(sizeBytes, 'byte')} behind ${wasSealed ? 'the seal' : 'its end'} were not read`
  if (tape !== undefined) {
    return `${size}; they look like another tape (${recordingName(tape)}): split the file at byte ${tape.byteOffset} and take each for itself`
  }
  return lines === 0 ? `${size}: no line of a tape is among them` : `${size}: lines of a tape are among them`
}

function holeText({ from, to, reason }: Lost): string {
  return `${from === to ? `entry ${grouped(from)}` : `entries ${grouped(from)} to ${grouped(to)}`} (${reason})`
}

function rest(count: number, noun: string, plural?: string): string[] {
  return count > 0 ? [`  … and ${counted(count, noun, plural)}`] : []
}

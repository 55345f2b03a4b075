import { distanceText, type Gap, type Place } from '../diff/index.ts'
import { durationText, isoFromEpochMicros } from '../model/time.ts'
import { plain } from './table.ts'

export function wireText({ wireTime }: Place): string {
  return wireTime === undefined ? '' : ` of ${timeText(wireTime)}`
}

/** The message is counted from 0 along its connection, as captures number theirs. */
export function placeText({ conn, message, packet, seq, session }: Place): string {
  const where = session === '' ? `conn ${conn}` : plain(session, 28)
  return `entry ${seq} packet ${packet} (message ${message}, ${where})`
}

export function timeText(at: number): string {
  return isoFromEpochMicros(at).slice(11, 23)
}

export function gapText({ a, b, distance, from, lasted, placeA, placeB }: Gap, isInTicks: boolean): string {
  const size = distanceText(distance, isInTicks)
  return `${size} for ${durationText(lasted)} from ${timeText(from)}: a ${a} (${placeText(placeA)}), b ${b} (${placeText(placeB)})`
}

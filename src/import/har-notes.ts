import { hostOf, type TakenEntry } from './har-selection.ts'
import type { Har, HarEntry } from './har-shape.ts'
import { type TimeUnit, timeUnit } from './har-time.ts'
import { isReadable } from './har-track.ts'

export interface CaptureNotes {
  /** For the person who imports. */
  readonly notes: readonly string[]
  /** The part of it that a reader of the tape has to know: what its times are worth. */
  readonly marks: readonly string[]
}

/**
 * This release adds a frame's seconds to a start in milliseconds: its sockets run 1,000 times too fast
 * (microsoft/playwright#41360; mended by #41364).
 */
const TOO_FAST = '1.61.0'

/** What this capture does not say, or says in its own way. */
export function captureNotes(
  har: Har,
  taken: readonly TakenEntry[],
  { missing, held }: { readonly missing: number; readonly held: number },
): CaptureNotes {
  const units = countUnits(taken)
  const marks: string[] = []
  const notes: string[] = []
  if (units.none > 0) {
    marks.push(`${units.none} socket messages have no wall time: they stand at the time of the one before`)
  }
  const { creator } = har.log
  if (creator?.name === 'Playwright' && creator.version === TOO_FAST && units.milliseconds > 0) {
    marks.push(
      `Playwright ${TOO_FAST} writes socket times 1,000 times too close together: their order is right, the pauses between them are not`,
    )
  }
  notes.push(...marks)
  if (units.milliseconds > 0) {
    notes.push(
      `${units.milliseconds} socket messages have their time in milliseconds, as Playwright writes it`,
    )
  }
  if (held > 0) {
    notes.push(`${held} entries came with an earlier time than the one before; they keep it as \`original\``)
  }
  if (missing > 0) notes.push(`${missing} bodies stand in files that are not beside the HAR`)
  const unreadable = taken.reduce((sum, { entry }) => sum + unreadableIn(entry), 0)
  if (unreadable > 0) {
    notes.push(
      `${unreadable} socket messages are no frames that can be read; they stand on the tape as marks`,
    )
  }
  for (const { entry, isSocket } of taken) {
    if (isSocket && entry.response.status === 101 && (entry._webSocketMessages ?? []).length === 0) {
      notes.push(`the socket to ${hostOf(entry.request.url)} has no messages in this HAR`)
    }
  }
  return { notes, marks }
}

function unreadableIn({ _webSocketMessages }: HarEntry): number {
  return (_webSocketMessages ?? []).filter(message => !isReadable(message)).length
}

function countUnits(taken: readonly TakenEntry[]): Readonly<Record<TimeUnit, number>> {
  const units = { seconds: 0, milliseconds: 0, none: 0 }
  for (const { entry } of taken) {
    for (const { time } of entry._webSocketMessages ?? []) units[timeUnit(time)] += 1
  }
  return units
}

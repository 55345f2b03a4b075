import { type Decimal, ZERO } from '../../model/decimal.ts'
import type { PositionReport } from '../holding.ts'
import { type PositionLabel, positionKey } from '../label.ts'
import type { Cause } from '../lines.ts'
import type { PnlEvents } from '../replay-options.ts'

/** What one entry, or one line of a positions file, did to a position. */
export interface Step {
  readonly cause: Cause
  readonly before: StepFigures
  readonly after: StepFigures
}

export interface StepFigures {
  readonly quantity: Decimal
  /** In money; `undefined` while the point value is not known. */
  readonly realized: Decimal | undefined
  readonly fees: Decimal
}

const NOTHING: StepFigures = { quantity: ZERO, realized: ZERO, fees: ZERO }

interface Track {
  readonly book: string
  readonly label: PositionLabel | undefined
  instrument: string
  figures: StepFigures
  readonly steps: Step[]
}

/** All that changed positions, but for their marks: quotes come by the million, and only the last of them counts. */
export class Trail {
  #tracks = new Map<string, Track>()

  readonly changed: NonNullable<PnlEvents['changed']> = (cause, position, _totalNet, book) => {
    const track = this.#trackOf(position, book)
    const { quantity, realized, fees } = position
    const before = track.figures
    track.figures = { quantity, realized, fees }
    if (cause.kind === 'quote' || cause.kind === 'stale' || cause.kind === 'facts') return
    track.steps.push({ cause, before, after: track.figures })
  }

  /** A bare name has found its instrument: what was done under it was done to that. */
  readonly moved = (from: string, to: string): void => {
    const tracks = [...this.#tracks.values()]
    for (const track of tracks) if (track.instrument === from) track.instrument = to
    this.#tracks = new Map(tracks.map(track => [trackKey(track.book, track), track]))
  }

  /** In their order. */
  of(book: string, position: PositionReport): readonly Step[] {
    return this.#tracks.get(trackKey(book, position))?.steps ?? []
  }

  #trackOf(position: PositionReport, book: string): Track {
    const key = trackKey(book, position)
    const known = this.#tracks.get(key)
    if (known !== undefined) return known
    const { instrument, label } = position
    const track = { book, label, instrument, figures: NOTHING, steps: [] }
    this.#tracks.set(key, track)
    return track
  }
}

function trackKey(book: string, { instrument, label }: Pick<Track, 'instrument' | 'label'>): string {
  return JSON.stringify([book, positionKey(instrument, label)])
}

import type { HttpConversation, HttpSession } from '../feeds/index.ts'
import { randomInteger } from '../model/random.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import type { Scene } from './wire.ts'

export interface AskPlan {
  readonly client: HttpSession
  readonly venue: HttpConversation
  readonly conn: number
  /** To the venue and back. */
  readonly way: { readonly least: Micros; readonly most: Micros }
}

export interface Answered {
  readonly at: EpochMicros
  /** Until the next request, where the client wants another pause than its pace. */
  readonly pause: Micros | undefined
  readonly isStream: boolean
}

/** Puts onto the tape what the client asks next, and what the venue answers; `undefined`: there is nothing more to ask. */
export function askNext(
  { random, script }: Scene,
  { client, conn, venue, way }: AskPlan,
  at: EpochMicros,
): Answered | undefined {
  const turn = client.next()
  if (turn === undefined) return undefined
  const answer = venue.answer(turn.request)
  const answeredAt = at + randomInteger(random, way.least, way.most)
  script.exchange([at, answeredAt], conn, { request: turn.request, answer })
  const isStream = answer.isStream === true
  // Of a stream a client is told its chunks.
  if (!isStream) script.steps(answeredAt, conn, client.answered(answer, turn), client.standing)
  return { at: answeredAt, pause: turn.pause, isStream }
}

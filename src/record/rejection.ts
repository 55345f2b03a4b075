import type { IncomingMessage } from 'node:http'
import type { Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'
import type { EntryDraft, Payload } from '../tape/index.ts'
import { payloadOf } from './payload.ts'
import type { Recording } from './recording.ts'

/** How long the venue has to send the body of a rejection. */
const PATIENCE: Micros = 1_000_000
const REJECTION_BYTES = 64 * 1024

export type Body = Payload | { readonly omitted: string }

type FrameDraft = Extract<EntryDraft, { kind: 'frame' }>

interface RejectionOptions {
  readonly response: IncomingMessage
  readonly recording: Recording
  readonly timers: Timers
  /** Once, with as much of the body as came. */
  readonly onBody: (body: Body) => void
}

/** Reads the answer that was no upgrade. Gives the way to have done with it at once. */
export function readRejection({ response, recording, timers, onBody }: RejectionOptions): () => void {
  const parts: Buffer[] = []
  let size = 0
  let isDone = false
  const done = (): void => {
    if (isDone) return
    isDone = true
    callOff()
    response.removeAllListeners()
    // Cutting the answer off may still report an error.
    response.on('error', () => {})
    onBody(bodyOf(response, Buffer.concat(parts), recording))
  }
  const callOff = timers.after(PATIENCE, done)
  response.on('data', (part: Buffer) => {
    parts.push(part)
    size += part.length
    if (size > REJECTION_BYTES) done()
  })
  response.on('end', done)
  response.on('error', done)
  return done
}

function bodyOf(response: IncomingMessage, bytes: Buffer, recording: Recording): Body {
  const encoding = response.headers['content-encoding'] ?? 'identity'
  // Nobody finds a secret in packed bytes.
  if (encoding !== 'identity') return { omitted: `its content-encoding is ${encoding}` }
  if (response.complete && bytes.length <= REJECTION_BYTES) return payloadOf(bytes)
  // What came last may be the first half of a secret, which is not found as one.
  const end = Math.min(bytes.length - recording.longestSpelling, REJECTION_BYTES)
  if (end <= 0 && bytes.length > 0) return { omitted: 'cut off where a secret may have begun' }
  return payloadOf(bytes.subarray(0, outsideSecrets(bytes, end, recording)))
}

/** No cut through the middle of a known secret: in front of it. */
function outsideSecrets(bytes: Buffer, end: number, { redactor }: Recording): number {
  const base64 = bytes.toString('base64')
  const draft: FrameDraft = { kind: 'frame', at: 0, conn: 1, dir: 'in', op: 'binary', base64 }
  const { redacted = [] } = redactor.redactDraft(draft)
  const split = redacted.find(([offset, length]) => offset < end && end < offset + length)
  return split === undefined ? end : split[0]
}

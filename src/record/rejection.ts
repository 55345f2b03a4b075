import type { IncomingMessage } from 'node:http'
import type { Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'
import type { Payload } from '../tape/index.ts'
import { beforeHalfSecrets, encodingOf } from './body.ts'
import { payloadOf } from './payload.ts'
import type { Recording } from './recording.ts'

/** How long the venue has to send the body of a rejection. */
const PATIENCE: Micros = 1_000_000
const REJECTION_BYTES = 64 * 1024

export type Body = Payload | { readonly omitted: string }

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
  const encoding = encodingOf(response)
  // Nobody finds a secret in packed bytes.
  if (encoding !== 'identity') return { omitted: `its content-encoding is ${encoding}` }
  if (response.complete && bytes.length <= REJECTION_BYTES) return payloadOf(bytes)
  const safe = beforeHalfSecrets(bytes, REJECTION_BYTES, recording)
  return safe === undefined ? { omitted: 'cut off where a secret may have begun' } : payloadOf(safe)
}

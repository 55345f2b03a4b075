import type { ClientRequest, IncomingMessage } from 'node:http'
import WebSocket from 'ws'
import type { ClientSession, SocketFeed } from '../feeds/index.ts'
import type { Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'
import type { Entry, Opcode, Payload } from '../tape/index.ts'
import { type Failure, failureOf, rejectionOf } from './failure.ts'
import type { Receiver } from './inbox.ts'
import { bytesOf, headerPairs, payloadOf, sentHeaders } from './payload.ts'
import type { Recording } from './recording.ts'
import { type Body, readRejection } from './rejection.ts'
import { withUserAgent } from './user-agent.ts'

/** A packet of 1.9 MB was seen; this is far above it and still no danger to the machine. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024
const HANDSHAKE_MS = 15_000
/** How long the venue has to answer our close. */
const PATIENCE: Micros = 1_000_000
/** Pongs that a venue does not read would fill the memory. */
const MOST_UNREAD_BYTES = 1024 * 1024

export interface ConnectionEvents {
  opened(): void
  /** A frame came. */
  received(): void
  /** It stands on the tape; only now anyone looks at it. `text` is as it came, secrets and all. */
  framed(entry: Entry, text: string | undefined): void
  /** Something that a person should be told, and a tape should keep. */
  noted(text: string): void
  ended(end: ConnectionEnd): void
}

export type ConnectionEnd = ClosedEnd | FailedEnd

export type FailedEnd = { readonly kind: 'failed' } & Failure

export interface ClosedEnd {
  readonly kind: 'closed'
  readonly by: 'us' | 'them' | 'unknown'
  /** As on the wire. */
  readonly code?: number
  readonly reason: string
  /** Why the socket ended, where nobody said it on the wire. */
  readonly fault?: string
  readonly isTooLarge?: true
}

export interface ConnectionOptions {
  readonly recording: Recording
  readonly feed: SocketFeed
  readonly session: ClientSession
  readonly timers: Timers
  readonly now: () => number
  readonly events: ConnectionEvents
}

/** One socket, from its upgrade request to its close, onto the tape. Raw first: it understands nothing. */
export class Connection implements Receiver {
  readonly conn: number
  framesReceived = 0
  framesRecorded = 0
  framesSent = 0
  readonly #options: ConnectionOptions
  readonly #socket: WebSocket
  readonly #exchange: number
  readonly #host: string
  #state: 'connecting' | 'open' | 'ended' = 'connecting'
  #ours: { readonly code: number; readonly reason: string } | undefined
  #error: Error | undefined
  /** While the body of a rejection is arriving: has done with it. */
  #finishRejection: (() => void) | undefined
  #unanswered = 0
  #isDeaf = false
  #isHeld = false

  constructor(options: ConnectionOptions) {
    const { feed, recording, session } = options
    this.#options = options
    this.conn = recording.nextConnection(feed)
    this.#exchange = recording.nextExchange()
    this.#host = new URL(session.url).host
    this.#socket = new WebSocket(session.url, {
      headers: withUserAgent(session.headers, recording.userAgent),
      // A text frame with broken UTF-8 would close the socket: it is recorded instead (findings: ws).
      skipUTF8Validation: true,
      maxPayload: MAX_MESSAGE_BYTES,
      handshakeTimeout: HANDSHAKE_MS,
      // So that a pong stands on the tape behind its ping.
      autoPong: false,
      finishRequest: request => this.#requested(request),
    })
    this.#listen()
  }

  #listen(): void {
    const socket = this.#socket
    socket.on('upgrade', response => this.#answered(response))
    socket.on('unexpected-response', (request, response) => this.#rejected(request, response))
    socket.on('open', () => this.#opened())
    socket.on('message', (data, isBinary) => this.#received(isBinary ? 'binary' : 'text', bytesOf(data)))
    socket.on('ping', data => {
      this.#received('ping', data)
      this.#pong(data)
    })
    socket.on('pong', data => this.#received('pong', data))
    socket.on('error', error => {
      this.#error ??= error
    })
    socket.on('close', (code, reason) => this.#closed(code, reason.toString('utf8')))
  }

  #requested(request: ClientRequest): void {
    const { feed, recording, session } = this.#options
    recording.append({
      kind: 'request',
      conn: this.conn,
      feed: feed.name,
      exchange: this.#exchange,
      method: 'GET',
      url: session.url,
      headers: sentHeaders(request),
    })
    request.end()
  }

  #answered(response: IncomingMessage, body?: Body): void {
    if (this.#state === 'ended') return
    this.#options.recording.append({
      kind: 'response',
      conn: this.conn,
      exchange: this.#exchange,
      status: response.statusCode ?? 0,
      headers: headerPairs(response.rawHeaders),
      ...body,
    })
  }

  #rejected(request: ClientRequest, response: IncomingMessage): void {
    const { now, recording, timers } = this.#options
    this.#finishRejection = readRejection({
      response,
      recording,
      timers,
      onBody: body => {
        this.#finishRejection = undefined
        this.#answered(response, body)
        const failure = rejectionOf(response, now())
        const ours = this.#ours === undefined ? '' : '; ended by us while its words came'
        this.#failed({ ...failure, reason: failure.reason + ours })
        request.destroy()
      },
    })
  }

  #opened(): void {
    const { recording, feed, session, events } = this.#options
    this.#state = 'open'
    recording.append({ kind: 'open', conn: this.conn, feed: feed.name, url: session.url })
    events.opened()
  }

  #received(op: Opcode, bytes: Buffer): void {
    if (this.#isDeaf) return
    this.framesReceived += 1
    const { recording, events } = this.#options
    recording.receive(op, bytes, this)
    events.received()
  }

  /** The recording has it on the tape. */
  framed(entry: Entry, text: string | undefined): void {
    this.framesRecorded += 1
    this.#options.events.framed(entry, text)
  }

  #pong(data: Buffer): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    if (this.#socket.bufferedAmount > MOST_UNREAD_BYTES) {
      this.#unanswered += 1
      if (this.#unanswered > 1) return
      this.#options.events.noted(
        'the venue does not read what we send: its pings are not answered until it does',
      )
      return
    }
    this.#append('pong', payloadOf(data))
    this.#socket.pong(data)
  }

  /** Nothing is sent, and nothing recorded as sent, on a socket that is closing. */
  send(text: string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return
    this.#append('text', { text })
    this.#socket.send(text)
  }

  #append(op: Opcode, payload: Payload): void {
    this.#options.recording.append({ kind: 'frame', conn: this.conn, dir: 'out', op, ...payload })
    this.framesSent += 1
  }

  /** From now on nothing is received: a limit is reached, and it is exact. */
  deafen(): void {
    this.#isDeaf = true
  }

  get isHeld(): boolean {
    return this.#isHeld
  }

  /** Reads no more, until `release`; what was read already still comes. */
  hold(reason: string): void {
    if (this.#isHeld || this.#socket.readyState !== WebSocket.OPEN) return
    this.#isHeld = true
    this.#options.recording.append({ kind: 'pause', conn: this.conn, reason })
    this.#socket.pause()
  }

  release(): void {
    if (!this.#isHeld || this.#state === 'ended') return
    this.#isHeld = false
    this.#options.recording.append({ kind: 'resume', conn: this.conn })
    this.#socket.resume()
  }

  close(code: number, reason: string): void {
    if (this.#ours !== undefined || this.#state === 'ended') return
    this.#ours = { code, reason }
    if (this.#state === 'connecting') {
      this.#finishRejection?.()
      this.#socket.terminate()
      return
    }
    this.#socket.close(code, reason)
    const callOff = this.#options.timers.after(PATIENCE, () => this.#socket.terminate())
    this.#socket.once('close', callOff)
  }

  #closed(code: number, reason: string): void {
    this.#finishRejection?.()
    if (this.#state === 'connecting') {
      const given = this.#ours
      this.#failed(
        given === undefined ? failureOf(this.#error, this.#host) : { cause: 'other', reason: given.reason },
      )
    } else if (this.#state === 'open') {
      const { events, recording } = this.#options
      if (this.#unanswered > 0) events.noted(`${this.#unanswered} pings were not answered`)
      const end = closing(this.#ours, this.#error, code, reason)
      if (end.by === 'us' && end.fault !== undefined) events.noted(end.fault)
      this.#state = 'ended'
      const said = {
        ...(end.code === undefined ? {} : { code: end.code }),
        ...(end.reason === '' ? {} : { reason: end.reason }),
      }
      recording.append({ kind: 'close', conn: this.conn, by: end.by, ...said })
      // It will be shown, perhaps cut.
      events.ended({ ...end, reason: recording.redactor.redactText(end.reason).text })
    }
  }

  #failed(failure: Failure): void {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    const { recording, feed, session, events } = this.#options
    const { cause, reason } = failure
    recording.append({ kind: 'fail', conn: this.conn, feed: feed.name, url: session.url, cause, reason })
    events.ended({ kind: 'failed', ...failure })
  }
}

function closing(
  ours: { readonly code: number; readonly reason: string } | undefined,
  error: Error | undefined,
  code: number,
  reason: string,
): ClosedEnd {
  if (ours !== undefined) return { kind: 'closed', by: 'us', ...ours }
  const errorCode = error !== undefined && 'code' in error ? String(error.code) : undefined
  if (errorCode === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    const fault = `a message larger than ${MAX_MESSAGE_BYTES / 1024 / 1024} MiB, which is not taken in`
    return { kind: 'closed', by: 'us', reason: '', fault, isTooLarge: true }
  }
  // `ws` itself closes a socket whose framing is broken.
  if (errorCode?.startsWith('WS_ERR_')) {
    return { kind: 'closed', by: 'us', reason: '', fault: `the framing is broken (${errorCode})` }
  }
  // `ws` says 1006 where no close frame came, and 1005 where one came without a code (RFC 6455 7.4.1).
  if (code === 1006)
    return { kind: 'closed', by: 'unknown', reason: '', fault: errorCode ?? 'no close frame' }
  return { kind: 'closed', by: 'them', ...(code === 1005 ? {} : { code }), reason }
}

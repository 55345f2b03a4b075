import type { IncomingMessage } from 'node:http'
import type { HttpAnswer, HttpTurn } from '../feeds/index.ts'
import { durationText, type Micros } from '../model/time.ts'
import type { Entry, HeaderList } from '../tape/index.ts'
import { type Agents, ask } from './ask.ts'
import { type Body, type Cut, keptBody, MOST_BODY_BYTES, readBody } from './body.ts'
import type { ClosedEnd, FailedEnd } from './connection.ts'
import { Deadline } from './deadline.ts'
import { type Failure, failureOf } from './failure.ts'
import { HttpStream } from './http-stream.ts'
import { headerPairs } from './payload.ts'
import { DISK_IS_FULL } from './pressure.ts'
import type { Happening } from './recording.ts'
import type { Station } from './station.ts'

export type Exchanged =
  /** Whole, and on the tape. */
  | { readonly kind: 'answered'; readonly answer: HttpAnswer }
  /** Its head is; its body comes until `ended`. */
  | { readonly kind: 'streaming'; readonly answer: HttpAnswer; readonly ended: Promise<ClosedEnd> }
  | FailedEnd

/** One request behind the other onto the tape: a connection number for each run that nothing breaks. */
export class HttpLine {
  framesReceived = 0
  framesRecorded = 0
  framesSent = 0
  readonly #station: Station
  readonly #agents: Agents
  #conn: number | undefined
  #stream: HttpStream | undefined
  #isDeaf = false
  /** While the disk does not keep up: the connection that was told so, and who waits for the end of it. */
  #held: { readonly conn: number | undefined; readonly over: PromiseWithResolvers<void> } | undefined

  constructor(station: Station, agents: Agents) {
    this.#station = station
    this.#agents = agents
    station.tally.connecting(this)
  }

  get conn(): number | undefined {
    return this.#conn
  }

  async exchange({ isStream, request }: HttpTurn, patience: Micros): Promise<Exchanged> {
    const { doors, stopping } = this.#station
    const { recording, timers } = doors
    const conn = this.#connection()
    const ids = { conn, exchange: recording.nextExchange() }
    const deadline = new Deadline(timers, patience, stopping)
    const asked = {
      request,
      agents: this.#agents,
      userAgent: recording.userAgent,
      signal: deadline.signal,
      onSent: (headers: HeaderList) => this.#sent(ids, request, headers),
    }
    try {
      const response = await ask(asked).catch((error: unknown) => ({ error }))
      if ('error' in response) {
        return this.#failed(request.url, this.#askFailure(response.error, request.url, deadline, patience))
      }
      const answer = { status: response.statusCode ?? 0, headers: headerPairs(response.rawHeaders) }
      if (isStream && isGood(answer.status)) return this.#streaming(ids, answer, response, patience)
      return this.#whole(ids, request.url, answer, await readBody(response), deadline, patience)
    } finally {
      deadline.end()
    }
  }

  #whole(
    ids: { readonly conn: number; readonly exchange: number },
    url: string,
    answer: HttpAnswer,
    body: Body,
    deadline: Deadline,
    patience: Micros,
  ): Exchanged {
    // What we broke off ourselves, at a limit that is exact, is not taken in.
    if (this.#isDeaf)
      return this.#failed(url, { cause: 'other', reason: 'ended by us while the answer came' })
    const kept = keptBody(body, this.#station.doors.recording)
    this.#answered({ kind: 'response', ...ids, ...answer, ...kept })
    if (body.cut !== undefined) return this.#failed(url, this.#cutFailure(body.cut, body, deadline, patience))
    const text = body.bytes.length === 0 ? {} : { body: body.bytes.toString('utf8') }
    return { kind: 'answered', answer: { ...answer, ...text } }
  }

  #connection(): number {
    if (this.#conn !== undefined) return this.#conn
    const { doors, feed, watch } = this.#station
    const { recording } = doors
    this.#conn = recording.nextConnection(feed)
    const problem = watch.opened(recording.at())
    if (problem !== undefined) this.#station.notebook.note(problem)
    return this.#conn
  }

  #sent(
    ids: { readonly conn: number; readonly exchange: number },
    { body, method, url }: HttpTurn['request'],
    headers: HeaderList,
  ): void {
    this.framesSent += 1
    const text = body === undefined ? {} : { text: body }
    const { feed } = this.#station
    this.#see(this.#append({ kind: 'request', ...ids, feed: feed.name, method, url, headers, ...text }))
  }

  #append(happening: Happening): Entry {
    return this.#station.doors.recording.append(happening)
  }

  #answered(happening: Happening): void {
    this.framesReceived += 1
    const entry = this.#append(happening)
    this.framesRecorded += 1
    this.#see(entry)
    this.#station.doors.onMessage()
  }

  #see(entry: Entry): void {
    const problem = this.#station.watch.see(entry)
    if (problem !== undefined) this.#station.notebook.note(problem)
  }

  #streaming(
    ids: { readonly conn: number; readonly exchange: number },
    answer: HttpAnswer,
    response: IncomingMessage,
    patience: Micros,
  ): Exchanged {
    const { doors, stopping } = this.#station
    this.#stream = new HttpStream(response, {
      deadline: new Deadline(doors.timers, patience, stopping),
      patience,
      openIn: bytes => doors.recording.openIn(bytes),
      onChunk: payload => {
        if (this.#isDeaf) return
        this.#answered({ kind: 'frame', conn: ids.conn, dir: 'in', op: 'chunk', ...payload })
      },
      onLeftOut: bytes => {
        const note = `the stream ended in ${bytes} bytes that may begin a secret: they are left out`
        this.#station.notebook.note(note, { conn: ids.conn })
      },
    })
    const { decoded, ended } = this.#stream
    const coding = decoded === undefined ? {} : { decoded }
    this.#see(this.#append({ kind: 'response', ...ids, ...answer, ...coding }))
    if (this.#held !== undefined) this.#stream.hold()
    return { kind: 'streaming', answer, ended: ended.then(end => this.#streamed(ids.conn, end)) }
  }

  #streamed(conn: number, end: ClosedEnd): ClosedEnd {
    const reason = end.reason === '' ? {} : { reason: end.reason }
    this.#append({ kind: 'close', conn, by: end.by, ...reason })
    this.#stream = undefined
    this.#conn = undefined
    return end
  }

  #failed(url: string, failure: Failure): FailedEnd {
    const conn = this.#connection()
    const { cause, reason } = failure
    this.#append({ kind: 'fail', conn, feed: this.#station.feed.name, url, cause, reason })
    this.#conn = undefined
    return { kind: 'failed', ...failure }
  }

  #askFailure(error: unknown, url: string, deadline: Deadline, patience: Micros): Failure {
    const { host } = new URL(url)
    if (deadline.isLate) {
      return { cause: 'timeout', reason: `${host} did not answer within ${durationText(patience)}` }
    }
    if (deadline.signal.aborted) return { cause: 'other', reason: 'ended by us before the answer came' }
    return failureOf(error, host)
  }

  #cutFailure(cut: Cut, { bytes }: Body, deadline: Deadline, patience: Micros): Failure {
    switch (cut.kind) {
      case 'too-large': {
        const reason = `a body larger than ${MOST_BODY_BYTES / 1024 / 1024} MiB, which is cut off there`
        return { cause: 'other', reason, isTooLarge: true }
      }
      case 'broken':
        return { cause: 'other', reason: cut.reason }
      case 'ended': {
        const came = `the body ended behind ${bytes.length} bytes`
        if (deadline.isLate)
          return { cause: 'timeout', reason: `${came}: not whole within ${durationText(patience)}` }
        if (deadline.signal.aborted) return { cause: 'other', reason: `${came}: ended by us` }
        return { cause: 'other', reason: `${came}: cut off` }
      }
      default:
        return cut satisfies never
    }
  }

  /** The disk does not keep up: nothing more is asked for or read, until it does. */
  press(isFull: boolean): void {
    const held = this.#held
    if (isFull && held === undefined) {
      this.#held = { conn: this.#conn, over: Promise.withResolvers() }
      if (this.#conn !== undefined) this.#append({ kind: 'pause', conn: this.#conn, reason: DISK_IS_FULL })
      this.#stream?.hold()
      this.#station.notebook.tell(`the disk does not keep up: ${DISK_IS_FULL}; nothing more is asked for`)
    } else if (!isFull && held !== undefined) {
      this.#held = undefined
      if (held.conn !== undefined && held.conn === this.#conn)
        this.#append({ kind: 'resume', conn: held.conn })
      this.#stream?.release()
      held.over.resolve()
      this.#station.notebook.tell('the disk goes on: it is asked again')
    }
  }

  /** Resolves when nothing holds us, or it is over. */
  async released(): Promise<void> {
    const { stopping } = this.#station
    if (this.#held === undefined || stopping.aborted) return
    const over = this.#held.over.resolve
    stopping.addEventListener('abort', () => over(), { once: true })
    await this.#held.over.promise
  }

  deafen(): void {
    this.#isDeaf = true
  }

  /** Ends a stream; a request under way ends with the source. */
  close(reason: string): void {
    this.#stream?.close(reason)
  }
}

export function isGood(status: number): boolean {
  return status >= 200 && status < 300
}

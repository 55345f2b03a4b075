import type { Credentials, HttpAnswer, HttpFeed, HttpSession, HttpStep, HttpTurn } from '../feeds/index.ts'
import { reasonOf } from '../model/errors.ts'
import { durationText, type Micros } from '../model/time.ts'
import { createAgents } from './ask.ts'
import type { ClosedEnd, ConnectionEnd, FailedEnd } from './connection.ts'
import { answerFailure } from './failure.ts'
import { HttpLine, isGood } from './http-line.ts'
import type { Source, SourceDoors, SourceEnding, SourceOptions } from './source.ts'
import { type SourceName, Station } from './station.ts'

/** A stream that ends sooner is not asked for again at full speed. */
const LASTING: Micros = 30_000_000

/** An HTTP feed: one request behind the other at its pace, or bodies that stream. */
export class PolledSource implements Source {
  readonly #options: SourceOptions<HttpFeed>
  readonly #station: Station
  readonly #pace: Micros
  readonly #agents = createAgents()
  readonly #line: HttpLine
  #session: HttpSession | undefined
  /** Those of the session. */
  #credentials: Credentials | undefined
  /** The connection that has been answered well. */
  #goodConn: number | undefined
  #isSettled = false

  constructor(options: SourceOptions<HttpFeed>, name: SourceName, doors: SourceDoors) {
    const { fastest, pace } = options.feed.session
    this.#options = options
    this.#station = new Station(options, name, doors)
    this.#pace = Math.max(options.pace ?? pace, fastest)
    this.#line = new HttpLine(this.#station, this.#agents)
  }

  get name(): string {
    return this.#station.name
  }

  async run(): Promise<SourceEnding> {
    const station = this.#station
    if (station.ending === undefined) station.notebook.note(this.#limits())
    while (station.ending === undefined) await this.#turn()
    this.#agents.end()
    station.ended()
    return station.ending
  }

  #limits(): string {
    const { fastest } = this.#options.feed.session
    return (
      `limits: a request every ${durationText(this.#pace)}, none sooner than ${durationText(fastest)} behind ` +
      'another; bodies up to 64 MiB; slower when the venue says so or fails; given up after 5 refusals in a row'
    )
  }

  /** One request with what came of it, and the pause behind it. */
  async #turn(): Promise<void> {
    const station = this.#station
    const session = await this.#admitted()
    await this.#line.released()
    if (session === undefined || station.ending !== undefined) return
    const turn = this.#next(session)
    if (turn === undefined) return
    await this.#free(turn)
    if (station.ending !== undefined) return
    const { freeFrom, recording } = station.doors
    const exchanged = this.#exchange(session, turn)
    // It is on its way now.
    const askedAt = recording.at()
    freeFrom.set(hostOf(turn), askedAt + this.#options.feed.session.fastest)
    const end = await exchanged
    if (station.ending !== undefined) return
    const due = askedAt + Math.max(turn.pause ?? this.#pace, this.#options.feed.session.fastest)
    const rest = Math.max(due - recording.at(), 0)
    if (end === undefined) await station.rest(rest)
    else await station.recover(end, rest)
  }

  /** Waits while the host was asked just now, perhaps by another source. */
  async #free(turn: HttpTurn): Promise<void> {
    const station = this.#station
    const { freeFrom, recording } = station.doors
    const left = (): Micros => (freeFrom.get(hostOf(turn)) ?? 0) - recording.at()
    while (left() > 0 && station.ending === undefined) await station.rest(left())
    freeFrom.set(hostOf(turn), recording.at() + this.#options.feed.session.fastest)
  }

  /** The session; fresh credentials make a new one. */
  async #admitted(): Promise<HttpSession | undefined> {
    const admission = await this.#station.admit()
    if (admission === undefined) return undefined
    const { credentials, expires } = admission
    if (this.#session !== undefined && credentials === this.#credentials) return this.#session
    const { feed, flags, symbols, url } = this.#options
    const session = feed.session.start({
      symbols,
      credentials,
      random: this.#station.doors.random,
      options: this.#station.options,
      ...(url === undefined ? {} : { url }),
      ...(flags === undefined ? {} : { flags }),
      ...(expires === undefined ? {} : { expires }),
    })
    this.#credentials = credentials
    this.#session = session
    this.#station.noteExpiry(session.expires)
    if (session.warning !== undefined) this.#station.notebook.note(session.warning)
    return session
  }

  #next(session: HttpSession): HttpTurn | undefined {
    try {
      const turn = session.next()
      if (turn === undefined) this.#station.end({ kind: 'finished' })
      return turn
    } catch (thrown) {
      this.#station.refuse(`the session's client failed (${reasonOf(thrown)})`, 'report it, with the tape')
      return undefined
    }
  }

  /** Gives why it has to be tried again, if so. */
  async #exchange(session: HttpSession, turn: HttpTurn): Promise<ConnectionEnd | undefined> {
    const outcome = await this.#line.exchange(turn, session.patience)
    if (outcome.kind === 'failed') return this.#missed(outcome)
    const end = this.#judge(session, outcome.answer, turn)
    if (outcome.kind === 'streaming') {
      if (end !== undefined) this.#line.close('refused')
      return await this.#streamed(outcome.ended, end)
    }
    if (end === undefined) this.#station.backoff.reset()
    return end
  }

  #missed(end: FailedEnd): FailedEnd {
    // What we ended ourselves is no failure of theirs.
    if (this.#station.ending === undefined)
      this.#station.tally.missed(end, this.#station.doors.recording.at())
    return end
  }

  async #streamed(ended: Promise<ClosedEnd>, refusal: FailedEnd | undefined): Promise<ConnectionEnd> {
    const { backoff, doors, tally } = this.#station
    const from = doors.recording.at()
    const end = await ended
    const at = doors.recording.at()
    if (at - from > LASTING) backoff.reset()
    if (this.#station.ending === undefined) tally.lost(at)
    return refusal ?? end
  }

  /** What an answer is worth, by its status and by what the session says of it. */
  #judge(session: HttpSession, answer: HttpAnswer, turn: HttpTurn): FailedEnd | undefined {
    const { doors, notebook } = this.#station
    const about = this.#line.conn === undefined ? {} : { conn: this.#line.conn }
    let refusal: Extract<HttpStep, { kind: 'refused' }> | undefined
    let isAccepted = false
    for (const step of this.#steps(session, answer, turn)) {
      if (step.kind === 'accepted') isAccepted = true
      else if (step.kind === 'note') notebook.note(step.text, about)
      else {
        refusal = step
        notebook.note(step.reason, about)
        if (step.final) this.#station.refuse(step.reason, step.next)
      }
    }
    const { status } = answer
    if (refusal === undefined && isGood(status)) {
      this.#good(isAccepted)
      return undefined
    }
    const retryAfter = answer.headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1]
    const failure = answerFailure(status, retryAfter, doors.clock.now())
    const said = refusal === undefined ? {} : { reason: notebook.safe(refusal.reason) }
    // A good status with words that refuse.
    const isRefusal = refusal !== undefined && isGood(status) ? ({ isRefusal: true } as const) : {}
    return this.#missed({ kind: 'failed', ...failure, ...said, ...isRefusal })
  }

  #steps(session: HttpSession, answer: HttpAnswer, turn: HttpTurn): readonly HttpStep[] {
    try {
      return session.answered(answer, turn)
    } catch (thrown) {
      this.#station.notebook.note(`the session's client failed (${reasonOf(thrown)}): recording goes on`)
      return []
    }
  }

  #good(isAccepted: boolean): void {
    const station = this.#station
    const { notebook, tally } = station
    const { conn } = this.#line
    const at = station.doors.recording.at()
    station.state = 'connected'
    tally.answered(at)
    if (conn !== undefined && conn !== this.#goodConn) {
      this.#goodConn = conn
      tally.opened(at)
      notebook.tell(`connection ${tally.connections} to ${new URL(this.#session?.url ?? '').host}`)
    }
    const standing = this.#session?.standing
    if (!isAccepted || this.#isSettled || standing === undefined) return
    this.#isSettled = true
    tally.settled(standing)
    notebook.note(`the venue takes us in (${standing})`, {
      ...(conn === undefined ? {} : { conn }),
      standing,
    })
  }

  stop(): void {
    this.#station.end({ kind: 'stopped' })
  }

  deafen(): void {
    this.#line.deafen()
  }

  press(isFull: boolean): void {
    this.#line.press(isFull)
  }

  look(at: Micros): void {
    for (const text of this.#station.watch.look(at)) this.#station.notebook.note(text)
    if (this.#station.lookAtCredentials(at)) this.#line.close('the credential ended')
  }

  finish(): void {
    this.#station.finish()
  }

  status() {
    return this.#station.status()
  }

  summary(at: Micros) {
    return this.#station.summary(at)
  }
}

function hostOf({ request }: HttpTurn): string {
  return URL.parse(request.url)?.host ?? ''
}

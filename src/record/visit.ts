import type { ClientSession, Refusal, SessionStep, SocketFeed } from '../feeds/index.ts'
import { reasonOf } from '../model/errors.ts'
import { durationText, type EpochMicros, type Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'
import type { Entry } from '../tape/index.ts'
import { Connection, type ConnectionEnd } from './connection.ts'
import type { Notebook } from './notebook.ts'
import { DISK_IS_FULL } from './pressure.ts'
import type { Recording } from './recording.ts'
import type { Tally } from './tally.ts'
import type { QuoteWatch } from './watch.ts'

export interface VisitOptions {
  readonly recording: Recording
  readonly feed: SocketFeed
  readonly session: ClientSession
  readonly notebook: Notebook
  readonly tally: Tally
  readonly watch: QuoteWatch
  readonly timers: Timers
  readonly now: () => EpochMicros
  /** The socket stands. */
  readonly onOpen: () => void
  /** The venue has taken us in, and has not refused us since. */
  readonly onSettled: () => void
  readonly onRefused: (refusal: Refusal) => void
  /** Behind each frame that came. */
  readonly onFrame: () => void
}

/** One connection with the session's client on it: says what the session says, hears what it has to hear. */
export class Visit {
  /** Never rejects. */
  readonly ended: Promise<ConnectionEnd>
  readonly #options: VisitOptions
  readonly #connection: Connection
  /** A hello alone may be followed by a refusal. */
  #welcome: 'none' | 'accepted' | 'settled' = 'none'
  #isOpen = false
  #frameAt: Micros = 0
  readonly #callOffs = new Set<() => void>()

  constructor(options: VisitOptions) {
    const { feed, now, recording, session, timers } = options
    this.#options = options
    const { promise, resolve } = Promise.withResolvers<ConnectionEnd>()
    this.ended = promise
    this.#connection = new Connection({
      recording,
      feed,
      session,
      timers,
      now,
      events: {
        opened: () => this.#opened(),
        received: options.onFrame,
        framed: (entry, text) => this.#framed(entry, text),
        noted: text => this.#note(text),
        ended: end => {
          this.#isOpen = false
          for (const callOff of this.#callOffs) callOff()
          resolve(end)
        },
      },
    })
    options.tally.connecting(this.#connection)
  }

  close(code: number, reason: string): void {
    this.#connection.close(code, reason)
  }

  /** From now on nothing is received. */
  deafen(): void {
    this.#connection.deafen()
  }

  /** The disk does not keep up, or does again. */
  press(isFull: boolean): void {
    const { notebook, recording } = this.#options
    const connection = this.#connection
    if (isFull) {
      connection.hold(DISK_IS_FULL)
      if (connection.isHeld) notebook.tell(`the disk does not keep up: ${DISK_IS_FULL}; the socket is held`)
    } else if (connection.isHeld) {
      connection.release()
      // What comes now has waited; the silence before was ours.
      this.#frameAt = recording.at()
      notebook.tell('the disk goes on: the socket is read again')
    }
  }

  /** About each second: what has gone quiet? */
  look(at: Micros): void {
    if (!this.#isOpen || this.#connection.isHeld) return
    const { session, watch } = this.#options
    for (const text of watch.look(at)) this.#note(text)
    if (at - this.#frameAt >= session.silence) {
      this.close(4000, `no message for ${durationText(session.silence)}`)
    }
  }

  #opened(): void {
    const { recording, session, tally, watch, notebook, onOpen } = this.#options
    const at = recording.at()
    this.#isOpen = true
    this.#frameAt = at
    tally.opened(at)
    const problem = watch.opened(at)
    if (problem !== undefined) this.#note(problem)
    recording.checkClock()
    notebook.tell(`connection ${tally.connections} to ${new URL(session.url).host}`)
    onOpen()
    if (recording.pressure.isFull) this.press(true)
    for (const step of this.#ask(() => session.opened())) this.#take(step)
    this.#beatLater()
  }

  #beatLater(): void {
    const { beat } = this.#options.session
    if (beat === undefined) return
    this.#later(beat.every, () => {
      for (const step of this.#ask(() => beat.send())) this.#take(step)
      this.#beatLater()
    })
  }

  /** Unless the connection ends before. */
  #later(delay: Micros, then: () => void): void {
    if (!this.#isOpen) return
    const callOff = this.#options.timers.after(delay, () => {
      this.#callOffs.delete(callOff)
      then()
    })
    this.#callOffs.add(callOff)
  }

  #framed(entry: Entry, text: string | undefined): void {
    this.#frameAt = entry.at
    const problem = this.#options.watch.see(entry)
    if (problem !== undefined) this.#note(problem)
    if (text !== undefined) this.#hear(text)
  }

  #hear(text: string): void {
    const wasAccepted = this.#welcome === 'accepted'
    const steps = this.#stepsOn(text)
    for (const step of steps) this.#take(step)
    if (wasAccepted && !steps.some(step => step.kind === 'refused')) this.#settle()
  }

  /** As `#ask`, without a closure a frame. */
  #stepsOn(text: string): readonly SessionStep[] {
    try {
      return this.#options.session.received(text)
    } catch (thrown) {
      return this.#sayFailed(thrown)
    }
  }

  #ask(what: () => readonly SessionStep[]): readonly SessionStep[] {
    try {
      return what()
    } catch (thrown) {
      return this.#sayFailed(thrown)
    }
  }

  #sayFailed(thrown: unknown): readonly SessionStep[] {
    this.#note(`the session's client failed (${reasonOf(thrown)}): recording goes on`)
    return []
  }

  #take(step: SessionStep): void {
    switch (step.kind) {
      case 'send':
        this.#connection.send(step.text)
        break
      case 'accepted':
        if (this.#welcome === 'none') this.#welcome = 'accepted'
        break
      case 'note':
        this.#note(step.text)
        break
      case 'wait':
        this.#note(`${durationText(step.wait)} to wait, as the venue asks`)
        this.#later(step.wait, () => {
          for (const next of step.afterwards) this.#take(next)
        })
        break
      case 'refused':
        this.#note(step.reason)
        if (step.final) this.#options.onRefused(step)
        this.close(1000, 'refused')
        break
      default:
        step satisfies never
    }
  }

  #settle(): void {
    const { notebook, onSettled, session, tally } = this.#options
    const { standing } = session
    this.#welcome = 'settled'
    tally.settled(standing)
    onSettled()
    notebook.note(`the venue takes us in (${standing})`, { conn: this.#connection.conn, standing })
  }

  #note(text: string): void {
    this.#options.notebook.note(text, { conn: this.#connection.conn })
  }
}

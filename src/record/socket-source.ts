import type { ClientSession, SocketFeed } from '../feeds/index.ts'
import type { Micros } from '../model/time.ts'
import type { ConnectionEnd } from './connection.ts'
import type { Source, SourceDoors, SourceEnding, SourceOptions } from './source.ts'
import { type SourceName, Station } from './station.ts'
import { Visit } from './visit.ts'

/** A venue that takes us in and hangs up at once is not asked at full speed. */
const LASTING: Micros = 30_000_000

const LIMITS =
  'limits: one connection at a time, messages up to 64 MiB; after a break tried again at growing pauses of up to ' +
  '60 s, or when the venue says; given up after 5 refusals in a row'

/** A WebSocket feed, through as many connections as it takes. */
export class SocketSource implements Source {
  readonly #options: SourceOptions<SocketFeed>
  readonly #station: Station
  #session: ClientSession | undefined
  #visit: Visit | undefined
  /** Since when the present connection is one that was taken in. */
  #settledAt: Micros | undefined

  constructor(options: SourceOptions<SocketFeed>, name: SourceName, doors: SourceDoors) {
    this.#options = options
    this.#station = new Station(options, name, doors)
  }

  get name(): string {
    return this.#station.name
  }

  async run(): Promise<SourceEnding> {
    const station = this.#station
    if (station.ending === undefined) station.notebook.keep(LIMITS)
    while (station.ending === undefined) await this.#attempt()
    station.ended()
    return station.ending
  }

  /** One connection from sign-in to close, and the pause behind it. */
  async #attempt(): Promise<void> {
    this.#station.state = 'connecting'
    const admission = await this.#station.admit()
    if (admission === undefined) return
    const { feed, flags, symbols, url } = this.#options
    const { credentials, expires } = admission
    this.#session = feed.session.start({
      symbols,
      credentials,
      random: this.#station.doors.random,
      options: this.#station.options,
      ...(url === undefined ? {} : { url }),
      ...(flags === undefined ? {} : { flags }),
      ...(expires === undefined ? {} : { expires }),
    })
    this.#station.noteExpiry(this.#session.expires)
    await this.#station.recover(await this.#connect(this.#session))
  }

  async #connect(session: ClientSession): Promise<ConnectionEnd> {
    const { backoff, doors, notebook, tally, watch } = this.#station
    const { clock, onMessage, recording, timers } = doors
    if (session.warning !== undefined) notebook.note(session.warning)
    this.#visit = new Visit({
      recording,
      feed: this.#options.feed,
      session,
      notebook,
      tally,
      watch,
      timers,
      now: () => clock.now(),
      onOpen: () => {
        this.#station.state = 'connected'
      },
      onSettled: () => {
        this.#settledAt = recording.at()
      },
      onRefused: ({ reason, next }) => {
        this.#station.refuse(reason, next)
        this.stop()
      },
      onFrame: onMessage,
    })
    const end = await this.#visit.ended
    const at = recording.at()
    this.#visit = undefined
    if (this.#settledAt !== undefined && at - this.#settledAt > LASTING) backoff.reset()
    this.#settledAt = undefined
    tally.ended(end, at, this.#station.ending !== undefined)
    return end
  }

  stop(): void {
    this.#station.end({ kind: 'stopped' })
    this.#visit?.close(1000, '')
  }

  deafen(): void {
    this.#visit?.deafen()
  }

  press(isFull: boolean): void {
    this.#visit?.press(isFull)
  }

  look(at: Micros): void {
    this.#visit?.look(at)
    if (this.#station.lookAtCredentials(at)) this.#visit?.close(1000, 'the credential ended')
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

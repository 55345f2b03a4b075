import type { Refusal } from '../feeds/index.ts'
import type { Micros } from '../model/time.ts'
import type { Standing } from '../tape/index.ts'
import type { ConnectionEnd, FailedEnd } from './connection.ts'
import { endText } from './end-text.ts'
import type { Failure } from './failure.ts'
import type { RecordFigures, RecordGap } from './progress.ts'

export type TallyFigures = Pick<
  RecordFigures,
  'connections' | 'failures' | 'gaps' | 'standing' | 'framesReceived' | 'framesRecorded' | 'framesSent'
>

/** So many "no, not you" in a row, and we leave the venue in peace. */
const REFUSALS = 5
/** So many connections in a row that a message beyond our limit ended. */
const TOO_LARGE = 3

/** Counted where it happens. */
export type Counts = Pick<RecordFigures, 'framesReceived' | 'framesRecorded' | 'framesSent'>

/** What a source adds up to, over all its connections. */
export class Tally {
  connections = 0
  failures = 0
  readonly #gaps: RecordGap[] = []
  readonly #done = { received: 0, recorded: 0, sent: 0 }
  #current: Counts | undefined
  #lostAt: Micros | undefined
  #standing: Standing | undefined
  /** Rejections that trying again does not change (401, 403, 404 …), since the venue last took us in. */
  #refusals = 0
  #tooLarge = 0

  connecting(counts: Counts): void {
    this.#current = counts
  }

  opened(at: Micros): void {
    this.connections += 1
    this.#regained(at)
  }

  #regained(at: Micros): void {
    if (this.#lostAt !== undefined) this.#gaps.push({ from: this.#lostAt, to: at })
    this.#lostAt = undefined
  }

  /** A poll was answered as it should be. */
  answered(at: Micros): void {
    this.#refusals = 0
    this.#tooLarge = 0
    this.#regained(at)
  }

  /** A poll came to nothing. */
  missed(end: FailedEnd, at: Micros): void {
    this.#tooLarge = end.isTooLarge === true ? this.#tooLarge + 1 : 0
    this.failed(end)
    this.lost(at)
  }

  /** From now on there is nothing, if there was something. */
  lost(at: Micros): void {
    if (this.connections > 0) this.#lostAt ??= at
  }

  /** Where the recording ends, so does its last connection: that leaves no gap. */
  ended(end: ConnectionEnd, at: Micros, isLast: boolean): void {
    this.#tooLarge = end.isTooLarge === true ? this.#tooLarge + 1 : 0
    if (end.kind === 'failed') this.failed(end)
    else if (!isLast) this.#lostAt = at
    const { framesReceived = 0, framesRecorded = 0, framesSent = 0 } = this.#current ?? {}
    this.#done.received += framesReceived
    this.#done.recorded += framesRecorded
    this.#done.sent += framesSent
    this.#current = undefined
  }

  failed({ isRefusal, status = 0 }: Failure): void {
    this.failures += 1
    const isFinal = status >= 300 && status < 500 && ![408, 425, 429].includes(status)
    if (isRefusal === true || isFinal) this.#refusals += 1
  }

  /** Why it is no use to go on, if so. */
  lastStraw(end: ConnectionEnd): Refusal | undefined {
    const times = this.#tooLarge >= TOO_LARGE ? TOO_LARGE : REFUSALS
    const reason = `${endText(end)}: ${times} times in a row`
    if (this.#tooLarge >= TOO_LARGE) {
      return { reason, next: 'ask for fewer symbols at once; what came before is on the tape' }
    }
    if (this.#refusals < REFUSALS) return undefined
    return { reason, next: 'check the address, the credentials, and the venue itself in a browser' }
  }

  get framesReceived(): number {
    return this.#done.received + (this.#current?.framesReceived ?? 0)
  }

  get framesRecorded(): number {
    return this.#done.recorded + (this.#current?.framesRecorded ?? 0)
  }

  get framesSent(): number {
    return this.#done.sent + (this.#current?.framesSent ?? 0)
  }

  settled(standing: Standing): void {
    this.#standing = standing
    this.#refusals = 0
  }

  figures(end: Micros): TallyFigures {
    const { connections, failures, framesReceived, framesRecorded, framesSent } = this
    const standing = this.#standing
    return {
      connections,
      failures,
      framesReceived,
      framesRecorded,
      framesSent,
      gaps: this.#gapsUntil(end),
      ...(standing === undefined ? {} : { standing }),
    }
  }

  /** With the one that was still open at the end. */
  #gapsUntil(end: Micros): readonly RecordGap[] {
    return this.#lostAt === undefined ? this.#gaps : [...this.#gaps, { from: this.#lostAt, to: end }]
  }
}

import { systemClock } from '../model/clock.ts'
import { systemRandom } from '../model/random.ts'
import type { Micros } from '../model/time.ts'
import { pause, systemTimers } from '../model/timers.ts'
import { checkCredentials, Recording, readCredentials, type SourceOptions } from '../record/index.ts'
import { type Io, tell } from './io.ts'
import { defaultPath } from './record-options.ts'
import type { RecordRequest } from './record-request.ts'
import { createStop } from './record-stop.ts'
import { packageVersion } from './version.ts'

/** Throws `bad-config` where they are not enough, before there is a tape. */
export async function withCredentials(
  io: Io,
  { credentialsFile, sources }: RecordRequest,
): Promise<readonly SourceOptions[]> {
  const feeds = sources.map(source => source.feed)
  const given = await readCredentials(feeds, io.env, credentialsFile)
  for (const warning of given.warnings) tell(io, `warning: ${warning}`)
  return sources.map(source => {
    const complete = { ...source, credentials: given.credentials.get(source.feed.name) ?? {} }
    checkCredentials(complete)
    return complete
  })
}

/** Throws `file-exists` and `file-unwritable`. */
export function openRecording(
  request: RecordRequest,
  sources: readonly SourceOptions[],
  overwrite: boolean,
): Promise<Recording> {
  const feeds = sources.map(source => source.feed)
  return Recording.create({
    path: request.output ?? defaultPath(feeds, systemClock),
    feeds,
    clock: systemClock,
    random: systemRandom,
    version: packageVersion(),
    overwrite,
    fsync: request.fsync,
    timers: systemTimers,
    ...(request.rotate === undefined ? {} : { rotate: request.rotate }),
  })
}

export interface Stopping {
  readonly signal: AbortSignal
  /** As the first signal does: end in order. */
  stop(): void
  done(): void
}

const LAST_CHANCE: Micros = 100_000

/** Once: end in order. Twice: now. */
export function listenForStop(recording: Recording, note: (text: string) => void): Stopping {
  const controller = new AbortController()
  const leave = (): never => process.exit(3)
  const stop = createStop({
    clock: systemClock,
    onFirst() {
      note('ending: closing the connections, sealing the tape (once more to leave at once, without a seal)')
      controller.abort()
    },
    onSecond() {
      // What was received is written if the disk takes it now; it stays, without a seal.
      void Promise.race([recording.flush(), pause(systemTimers, LAST_CHANCE)]).then(leave)
    },
  })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of signals) process.on(name, stop)
  return {
    signal: controller.signal,
    stop: () => controller.abort(),
    done() {
      for (const name of signals) process.off(name, stop)
    },
  }
}

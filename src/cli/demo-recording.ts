import { type SocketFeed, socketFeedNamed } from '../feeds/index.ts'
import type { Clock } from '../model/clock.ts'
import { FeedtapeError } from '../model/errors.ts'
import { type Random, seededRandom } from '../model/random.ts'
import type { Micros } from '../model/time.ts'
import type { Timers } from '../model/timers.ts'
import { Recording, type RecordSummary, recordSession } from '../record/index.ts'
import { type Host, startHost } from '../serve/index.ts'
import { createSyntheticMarket, type SyntheticMarket } from '../synth/index.ts'
import {
  type Counter,
  createCounter,
  type DemoFill,
  MARKET_STEPS,
  playScript,
  SYMBOLS,
} from './demo-script.ts'

/** Whatever goes wrong, the demo does not hang. */
const PATIENCE: Micros = 20_000_000

export interface DemoRecordingOptions {
  readonly seed: number
  readonly tape: string
  readonly version: string
  readonly clock: Clock
  readonly timers: Timers
  readonly random: Random
  /** What a person should see while it goes on. */
  readonly tell: (line: string) => void
}

export interface DemoRecording {
  readonly summary: RecordSummary
  readonly fills: readonly DemoFill[]
  readonly marketSteps: number
  /** What the venue sent, counted where it left. */
  readonly messagesSent: number
}

/** A venue, the real recorder on it, a connection that breaks in the middle, and the fills made meanwhile. */
export async function recordDemo(options: DemoRecordingOptions): Promise<DemoRecording> {
  const feed = socketFeedNamed('tradingview-socket')
  if (feed === undefined) throw new Error('the registry has no tradingview-socket')
  const { clock, seed, timers } = options
  // A whole second, so that the trades of a seed fall into the same seconds in each run.
  const start = Math.floor(clock.now() / 1_000_000) * 1_000_000
  const market = createSyntheticMarket({ seed, start })
  const subscriptions = createCounter()
  const host = await startHost({
    conversations: [feed.conversation],
    market,
    random: seededRandom(seed),
    clock,
    timers,
    sent: text => subscriptions.add(text.split('"quote_completed"').length - 1),
  })
  try {
    return await recordOn(host, feed, market, subscriptions, options)
  } finally {
    await host.close()
  }
}

async function recordOn(
  host: Host,
  feed: SocketFeed,
  market: SyntheticMarket,
  subscriptions: Counter,
  options: DemoRecordingOptions,
): Promise<DemoRecording> {
  const { clock, random, seed, tape, tell, timers, version } = options
  const url = host.urlOf(feed.conversation)
  tell(`  ${url}`)
  const recording = await Recording.create({
    path: tape,
    feeds: [feed],
    clock,
    random,
    version,
    overwrite: true,
    synthetic: true,
  })
  recording.append({
    kind: 'mark',
    note: `synthetic: a market made up from seed ${seed}, on a venue of our own`,
  })
  const stop = new AbortController()
  const recorded = recordSession({
    recording,
    sources: [{ feed, symbols: SYMBOLS, url }],
    clock,
    timers,
    random,
    limits: {},
    signal: stop.signal,
    onProgress: progress => {
      if (progress.kind === 'note') tell(`  ${progress.text}`)
    },
  })
  const script = playScript({ host, market, recording, subscriptions, tell })
  try {
    const fills = await inTime(timers, Promise.race([script, recorded.then(endedEarly)]))
    return { fills, marketSteps: MARKET_STEPS, messagesSent: host.messagesSent(), summary: await stopped() }
  } catch (thrown) {
    script.catch(() => {})
    await stopped()
    throw thrown
  }

  function stopped(): Promise<RecordSummary> {
    stop.abort()
    return recorded
  }
}

function endedEarly({ ending }: RecordSummary): never {
  if (ending.kind === 'broken') throw ending.error
  throw new FeedtapeError('no-session', 'the recording ended before the demo did', {
    found: ending.kind === 'refused' ? ending.reason : ending.kind,
    next: 'run it again; if it stays, report what was printed',
  })
}

async function inTime<T>(timers: Timers, work: Promise<T>): Promise<T> {
  let callOff = (): void => {}
  const late = new Promise<never>((_, reject) => {
    callOff = timers.after(PATIENCE, () => {
      reject(
        new FeedtapeError('no-session', 'the demo did not come to its end', {
          expected: `all of it within ${PATIENCE / 1_000_000} s`,
          next: 'run it again on a machine that is less busy',
        }),
      )
    })
  })
  try {
    return await Promise.race([work, late])
  } finally {
    callOff()
  }
}

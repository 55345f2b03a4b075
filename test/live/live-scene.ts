import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { ConversationPlan, HttpFeed } from '../../src/feeds/index.ts'
import {
  type LiveEvents,
  type LiveView,
  type Publisher,
  type WatchResult,
  watchLive,
} from '../../src/live/index.ts'
import { systemClock } from '../../src/model/clock.ts'
import { seededRandom } from '../../src/model/random.ts'
import { epochMicrosFromIso } from '../../src/model/time.ts'
import { systemTimers } from '../../src/model/timers.ts'
import { type BookPlan, type EngineOptions, replayToLines } from '../../src/pnl/index.ts'
import { Recording, type SourceOptions } from '../../src/record/index.ts'
import { type Host, startHost } from '../../src/serve/index.ts'
import { createSyntheticMarket } from '../../src/synth/index.ts'
import { chainParts, partPath, type RotationRule, TapeReader } from '../../src/tape/index.ts'
import { folder } from '../record/scene.ts'

export const NQ = 'CME_MINI:NQ1!'
export const MNQ = 'CME_MINI:MNQ1!'
export const RULES: EngineOptions = { chain: ['last'], staleAfter: 150_000 }

export interface LiveScene {
  readonly recording: Recording
  readonly path: string
  /** As they came. */
  readonly lines: string[]
  look(): LiveView
  /** Resolves once this holds of the lines that came. */
  until(holds: (lines: readonly string[]) => boolean): Promise<void>
  stop(): Promise<WatchResult>
}

export interface LiveSceneOptions {
  readonly sources: readonly SourceOptions[]
  /** Made when the start of the tape is known, in µs since 1970. */
  readonly plans: (start: number) => readonly BookPlan[]
  readonly rules?: EngineOptions
  readonly rotate?: RotationRule
  readonly changed?: LiveEvents['changed']
  readonly publisher?: Publisher
}

export async function hostOf(
  seed: number,
  ...conversations: readonly (ConversationPlan | HttpFeed['conversation'])[]
): Promise<Host> {
  const host = await startHost({
    conversations,
    market: createSyntheticMarket({ seed, start: 1_767_623_400_000_000 }),
    random: seededRandom(seed),
    clock: systemClock,
    timers: systemTimers,
  })
  onTestFinished(() => host.close())
  return host
}

/** Recording and counting, with lines that can be waited for. */
export async function startLive(options: LiveSceneOptions): Promise<LiveScene> {
  const { publisher, rotate, rules = RULES, sources } = options
  const changed = options.changed ?? publisher?.changed.bind(publisher)
  const path = join(await folder(), 'live.tape.jsonl')
  const recording = await Recording.create({
    path,
    feeds: sources.map(source => source.feed),
    clock: systemClock,
    random: seededRandom(1),
    version: '0.0.0-test',
    synthetic: true,
    ...(rotate === undefined ? {} : { rotate }),
  })
  const controller = new AbortController()
  const lines: string[] = []
  const listeners = new Set<() => void>()
  let look: (() => LiveView) | undefined
  const ended = watchLive({
    recording,
    sources,
    clock: systemClock,
    timers: systemTimers,
    random: { next: () => 0 },
    limits: {},
    signal: controller.signal,
    positions: options.plans(epochMicrosFromIso(recording.header.start) ?? 0),
    rules,
    events: {
      line(line) {
        lines.push(line)
        for (const listener of listeners) listener()
      },
      ...(changed === undefined ? {} : { changed }),
    },
    began: now => {
      look = now
      publisher?.begin(now)
    },
    ...(publisher === undefined ? {} : { beats: [publisher.beat] }),
    onProgress: progress => {
      if (progress.kind === 'status') publisher?.status(progress.sources)
    },
  })
  onTestFinished(async () => {
    controller.abort()
    await ended.catch(() => {})
  })
  return {
    recording,
    path,
    lines,
    look() {
      if (look === undefined) throw new Error('it has not begun')
      return look()
    },
    until: holds =>
      new Promise(resolve => {
        const check = (): void => {
          if (!holds(lines)) return
          listeners.delete(check)
          resolve()
        }
        listeners.add(check)
        check()
      }),
    stop() {
      controller.abort()
      return ended
    },
  }
}

/** So many of the lines are of this kind. */
export function count(lines: readonly string[], kind: string): number {
  return lines.filter(line => line.startsWith(`{"kind":"${kind}"`)).length
}

/** The whole answer of a replay of what was recorded. */
export async function replayed(
  scene: LiveScene,
  positions: readonly BookPlan[],
  rules: EngineOptions = RULES,
): Promise<{ readonly lines: readonly string[]; readonly digest: string }> {
  const parts = Array.from({ length: scene.recording.parts }, (_, index) => partPath(scene.path, index + 1))
  const tapes = chainParts(await Promise.all(parts.map(part => TapeReader.open(part))))
  onTestFinished(async () => {
    for (const tape of tapes) await tape.close()
  })
  const lines: string[] = []
  const { digest } = await replayToLines(tapes, positions, rules, line => lines.push(line))
  expect(tapes.every(tape => tape.isWhole)).toBe(true)
  return { lines, digest }
}

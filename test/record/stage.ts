import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type KillVenue, numberedFrame, startKillVenue } from '../../tools/soak/kill-venue.ts'
import { type Child, feedtape } from '../../tools/soak/processes.ts'
import { folder } from './scene.ts'

/** A venue, and the real program that records it to `tape`. */
export interface Stage {
  readonly venue: KillVenue
  readonly cwd: string
  readonly tape: string
  record(...args: readonly string[]): Child
}

export async function stage(name = 'a.tape.jsonl'): Promise<Stage> {
  const venue = await startKillVenue()
  onTestFinished(() => venue.close())
  const cwd = await folder()
  const tape = join(cwd, name)
  return {
    venue,
    cwd,
    tape,
    record(...args) {
      const target = args.includes('-o') ? [] : ['-o', tape]
      const fixed = ['record', 'tradingview-socket', '--symbol', 'A:B', '--url', venue.url]
      const child = feedtape([...fixed, ...target, ...args], cwd)
      onTestFinished(() => child.kill())
      return child
    },
  }
}

export async function sendSmall(venue: KillVenue, count: number): Promise<void> {
  for (let n = 0; n < count; n++) await venue.send(numberedFrame(venue.log.length, 300))
}

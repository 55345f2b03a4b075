import { onTestFinished } from 'vitest'
import type { ConversationPlan, HttpFeed } from '../../src/feeds/index.ts'
import { systemClock } from '../../src/model/clock.ts'
import { seededRandom } from '../../src/model/random.ts'
import { systemTimers } from '../../src/model/timers.ts'
import { type Host, startHost } from '../../src/serve/index.ts'
import { createSyntheticMarket } from '../../src/synth/index.ts'
import { type Scene, type SceneOptions, startScene } from './scene.ts'
import { smallFeed } from './small-feed.ts'

export async function hostForTest(
  ...conversations: readonly (ConversationPlan | HttpFeed['conversation'])[]
): Promise<Host> {
  const host = await startHost({
    conversations,
    market: createSyntheticMarket({ seed: 1, start: 1_767_623_400_000_000 }),
    random: seededRandom(1),
    clock: systemClock,
    timers: systemTimers,
  })
  onTestFinished(() => host.close())
  return host
}

export interface Polled {
  readonly host: Host
  readonly scene: Scene
}

/** The small feed on a host of its own. */
export async function polled(
  options: SceneOptions & { readonly feed?: HttpFeed; readonly path?: string } = {},
): Promise<Polled> {
  const { credentials = {}, exchangeUrl, feed = smallFeed(), path = '/price' } = options
  const host = await hostForTest(feed.conversation)
  const exchange = exchangeUrl === undefined ? {} : { exchangeUrl }
  const source = { feed, symbols: ['A'], url: host.origin, options: { path }, credentials, ...exchange }
  const scene = await startScene({ ...options, sources: [source] })
  return { host, scene }
}

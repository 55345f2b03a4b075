import { reasonOf } from '../../src/model/errors.ts'
import { type Random, seededRandom } from '../../src/model/random.ts'
import type { Corpus, FeedCorpus } from './fuzz-corpus.ts'
import { fuzzExchange } from './fuzz-exchange.ts'
import { fuzzHar } from './fuzz-har.ts'
import { pick } from './fuzz-hostile.ts'
import { fuzzTape } from './fuzz-tape.ts'
import { fuzzWire } from './fuzz-wire.ts'

export type FuzzKind = 'wire' | 'tape' | 'har'

export interface FuzzResult {
  readonly kind: FuzzKind
  readonly feed: string
  /** What was wrong; nothing where all properties held. */
  readonly wrong: string | undefined
}

/** Of CPU: a case has some ten messages of kilobytes, and a machine that others use too. */
const LONGEST_MS = 3_000

/** One case, whole from its seed. `folder` is for files of its own. */
export async function fuzzCase(seed: number, corpus: Corpus, folder: string): Promise<FuzzResult> {
  const random = seededRandom(seed)
  const draw = random.next()
  const kind: FuzzKind = draw < 0.82 ? 'wire' : draw < 0.97 ? 'tape' : 'har'
  const one = pick(random, corpus.feeds)
  const { name } = one.feed
  const began = process.cpuUsage()
  try {
    const wrong = await run(kind, random, one, folder)
    const { user } = process.cpuUsage(began)
    const slow = user / 1_000 > LONGEST_MS ? `it took ${Math.round(user / 1_000)} ms` : undefined
    return { kind, feed: name, wrong: wrong ?? slow }
  } catch (thrown) {
    const stack = thrown instanceof Error ? (thrown.stack ?? '').split('\n').slice(0, 8).join('\n') : ''
    const wrong = `it threw: ${reasonOf(thrown).slice(0, 200)}\n${stack.slice(0, 1_500)}`
    return { kind, feed: name, wrong }
  }
}

async function run(
  kind: FuzzKind,
  random: Random,
  corpus: FeedCorpus,
  folder: string,
): Promise<string | undefined> {
  switch (kind) {
    case 'wire':
      return corpus.feed.transport === 'websocket'
        ? await fuzzWire(random, corpus.feed, corpus)
        : await fuzzExchange(random, corpus.feed, corpus)
    case 'tape':
      return corpus.tapes.length === 0 ? undefined : await fuzzTape(random, corpus)
    case 'har':
      return await fuzzHar(random, corpus, folder)
    default:
      return kind satisfies never
  }
}

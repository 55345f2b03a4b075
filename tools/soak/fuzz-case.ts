import { reasonOf } from '../../src/model/errors.ts'
import { seededRandom } from '../../src/model/random.ts'
import type { Corpus } from './fuzz-corpus.ts'
import { fuzzHar } from './fuzz-har.ts'
import { fuzzTape } from './fuzz-tape.ts'
import { fuzzWire } from './fuzz-wire.ts'

export type FuzzKind = 'wire' | 'tape' | 'har'

export interface FuzzResult {
  readonly kind: FuzzKind
  /** What was wrong; nothing where all properties held. */
  readonly wrong: string | undefined
}

/** One case, whole from its seed. `folder` is for files of its own. */
export async function fuzzCase(seed: number, corpus: Corpus, folder: string): Promise<FuzzResult> {
  const random = seededRandom(seed)
  const draw = random.next()
  const kind: FuzzKind = draw < 0.82 ? 'wire' : draw < 0.97 ? 'tape' : 'har'
  try {
    return { kind, wrong: await run(kind) }
  } catch (thrown) {
    const stack = thrown instanceof Error ? (thrown.stack ?? '').split('\n').slice(0, 6).join('\n') : ''
    return { kind, wrong: `it threw: ${reasonOf(thrown).slice(0, 200)}\n${stack.slice(0, 1_500)}` }
  }

  function run(one: FuzzKind): Promise<string | undefined> {
    switch (one) {
      case 'wire':
        return fuzzWire(random, corpus)
      case 'tape':
        return fuzzTape(random, corpus)
      case 'har':
        return fuzzHar(random, corpus, folder)
      default:
        return one satisfies never
    }
  }
}

import { FeedtapeError } from '../../model/errors.ts'
import type { Observation } from '../../model/observation.ts'
import { epochMicrosFromIso } from '../../model/time.ts'
import { Normalizer } from '../../normalize/index.ts'
import { type EntrySource, TapeMerge } from '../../replay/index.ts'
import type { Header, Message } from '../../tape/entry.ts'
import { isOfAnAccount } from './tape-broker-words.ts'

/** What tapes say themselves of positions, best first: fills explain every cent, a broker states, a strategy claims. */
export const TAPE_SOURCES = ['fills', 'broker', 'signals'] as const
export type TapeSource = (typeof TAPE_SOURCES)[number]

/** How many words the tapes have of each source. */
export type WordCounts = Readonly<Record<TapeSource, number>>

/** A source that was taken because none was named. */
export interface ChosenSource {
  readonly source: TapeSource
  readonly words: WordCounts
}

/** Reads the tapes to their end. Words that stand in the lead of a cut tape count where their source takes them. */
export async function countWords(
  sources: readonly EntrySource[],
  settings?: ReadonlyMap<string, unknown>,
): Promise<WordCounts> {
  const counts: Record<TapeSource, number> = { fills: 0, broker: 0, signals: 0 }
  const normalizers = sources.map(({ header }) => {
    const start = epochMicrosFromIso(header.start)
    return new Normalizer(
      {
        observation(observation, entry) {
          const source = sourceOf(observation, isLead(header, entry))
          if (source !== undefined) counts[source] += 1
        },
      },
      { ...(settings === undefined ? {} : { settings }), ...(start === undefined ? {} : { start }) },
    )
  })
  await new TapeMerge(sources).run((entry, tape) => normalizers[tape]?.apply(entry))
  return counts
}

/** Throws `usage` where the tapes say nothing of positions. */
export function bestSource(words: WordCounts): ChosenSource {
  const source = TAPE_SOURCES.find(name => words[name] > 0)
  if (source !== undefined) return { source, words }
  throw new FeedtapeError('usage', 'the tapes say nothing of positions', {
    where: '--positions',
    expected: 'fills, positions of a broker or signals on the tapes, or --positions with a file',
    found: 'none of them: quotes, at most',
    next: 'name a file of fills: --positions fills.jsonl',
  })
}

/** `fills (best of fills, broker, signals on these tapes)`. */
export function chosenText({ source }: ChosenSource): string {
  return `${source} (best of ${TAPE_SOURCES.join(', ')} on these tapes)`
}

function isLead({ lead = 0 }: Header, { seq }: Message): boolean {
  return seq < lead
}

function sourceOf(observation: Observation, isInLead: boolean): TapeSource | undefined {
  if (observation.kind === 'position') return isOfAnAccount(observation) ? 'broker' : undefined
  if (isInLead) return undefined
  if (observation.kind === 'fill') return 'fills'
  return observation.kind === 'signal' ? 'signals' : undefined
}

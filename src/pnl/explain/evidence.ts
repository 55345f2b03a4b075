import type { WireFields } from '../../model/quote.ts'
import { type EpochMicros, epochMicrosFromIso } from '../../model/time.ts'
import { ConnectionFeeds, Normalizer } from '../../normalize/index.ts'
import { type EntrySource, TapeMerge } from '../../replay/index.ts'
import type { TapePlace } from '../matching.ts'

/** What stands on the tape at a place that a number rests on. */
export interface Evidence {
  readonly feed: string
  /** When the entry was received. */
  readonly at: EpochMicros
  /** The wire's own fields of what was read there. */
  readonly wire: readonly WireFields[]
}

/** Reads the tapes again for what stands at these places: the wire's own fields were not kept the first time. */
export async function readEvidence(
  sources: readonly EntrySource[],
  places: readonly TapePlace[],
  settings?: ReadonlyMap<string, unknown>,
): Promise<ReadonlyMap<string, Evidence>> {
  const wanted = new Set(places.map(placeKey))
  const found = new Map<string, { feed: string; at: EpochMicros; wire: WireFields[] }>()
  const feeds = sources.map(({ header }) => new ConnectionFeeds(header.id))
  let now: EpochMicros = 0
  const normalizers = sources.map(({ header }, index) => {
    const start = epochMicrosFromIso(header.start)
    return new Normalizer(
      {
        observation: (observation, entry, packet) => {
          const key = placeKey({ tape: header.id, seq: entry.seq, packet })
          if (!wanted.has(key)) return
          const feed = feeds[index]?.place(entry).feed ?? ''
          const evidence = found.get(key) ?? { feed, at: now, wire: [] }
          if ('wire' in observation && observation.wire !== undefined) evidence.wire.push(observation.wire)
          found.set(key, evidence)
        },
      },
      {
        keepWire: true,
        ...(settings === undefined ? {} : { settings }),
        ...(start === undefined ? {} : { start }),
      },
    )
  })
  await new TapeMerge(sources).run((entry, tape, at) => {
    now = at
    feeds[tape]?.apply(entry)
    normalizers[tape]?.apply(entry)
  })
  return found
}

export function placeKey({ tape, seq, packet }: TapePlace): string {
  return `${tape}:${seq}.${packet}`
}

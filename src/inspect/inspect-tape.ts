import type { Packet } from '../feeds/feed.ts'
import type { InstrumentConfig } from '../instruments/index.ts'
import { epochMicrosFromIso, type Micros } from '../model/time.ts'
import { Normalizer } from '../normalize/index.ts'
import type { Direction, Entry, Message } from '../tape/entry.ts'
import type { TapeReader } from '../tape/reader.ts'
import { Connections } from './connections.ts'
import { Gaps } from './gaps.ts'
import type { Inspection, PacketReport, PlaceCount } from './inspection.ts'
import { directionOf, Readings } from './readings.ts'
import { Symbols } from './symbols.ts'

export interface InspectOptions {
  /** Silence longer than this is a gap. */
  readonly gapAfter?: Micros
  /** What the user's config teaches a feed, by the feed's name. */
  readonly settings?: ReadonlyMap<string, unknown>
  /** What the user says about instruments. */
  readonly instruments?: ReadonlyMap<string, InstrumentConfig>
}

/** Three of TradingView's heartbeats: quotes of a liquid instrument do not pause for so long in market hours. */
export const GAP_AFTER: Micros = 30_000_000

/** Reads a tape to its end and says what is in it. Memory grows with connections and symbols, not with frames. */
export async function inspectTape(tape: TapeReader, options: InspectOptions = {}): Promise<Inspection> {
  const connections = new Connections()
  const gaps = new Gaps(options.gapAfter ?? GAP_AFTER)
  const start = epochMicrosFromIso(tape.header.start) ?? 0
  const symbols = new Symbols(tape.header, options.instruments)
  const readings = new Readings(tape.header)
  const entries: Partial<Record<Entry['kind'], number>> = {}
  const messages = { in: 0, out: 0 }
  const places = new Map<string, number>()
  let hasData = false
  let lastAt = 0
  const normalizer = new Normalizer(
    {
      observation(observation, frame, packet) {
        readings.observe(observation, frame)
        if (observation.kind === 'quote') symbols.update(observation, frame, packet)
        else if (observation.kind === 'instrument') symbols.learn(observation, frame)
      },
      packet(packet) {
        hasData ||= isData(packet)
      },
    },
    { start, ...(options.settings === undefined ? {} : { settings: options.settings }) },
  )
  for await (const entry of tape) {
    lastAt = entry.at
    entries[entry.kind] = (entries[entry.kind] ?? 0) + 1
    connections.apply(entry)
    gaps.apply(entry)
    symbols.apply(entry)
    readings.apply(entry)
    if ('redacted' in entry) {
      for (const [, , key] of entry.redacted ?? []) count(places, key.slice(key.indexOf('#') + 1))
    }
    const { unreadable, messages: before } = normalizer.tally
    hasData = false
    normalizer.apply(entry)
    // A frame, and the bodies of an exchange where exchanges are the wire.
    if (normalizer.tally.messages > before && isMessage(entry)) {
      const dir = directionOf(entry)
      messages[dir] += 1
      readings.message(entry)
      // What nobody can read may be data.
      const isUnread = normalizer.tally.unreadable > unreadable && dir === 'in'
      if (hasData || isUnread) gaps.data(entry)
    }
  }
  const duration = tape.seal?.at ?? lastAt
  return {
    name: tape.name,
    header: tape.header,
    ending: {
      isSealed: tape.isSealed,
      isWhole: tape.isWhole,
      problemCount: tape.problemCount,
      problems: tape.problems,
    },
    duration,
    entries,
    connections: connections.connections(),
    exchanges: connections.exchanges(),
    packets: packetReport(normalizer, messages),
    symbols: symbols.symbols(),
    gaps: gaps.gaps(duration),
    lateness: symbols.lateness.result(),
    afterRemoval: symbols.afterRemoval.result(),
    olderQuotes: symbols.olderQuotes.result(),
    otherChanges: symbols.otherChanges.result(),
    answers: readings.answers(),
    structure: readings.structure(),
    redactions: [...places].map(([place, count]): PlaceCount => ({ place, count })),
  }
}

function isMessage(entry: Entry): entry is Message {
  return entry.kind === 'frame' || entry.kind === 'request' || entry.kind === 'response'
}

/** Something about the market, or something that may be. Heartbeats, hellos and answers are not. */
function isData({ dir, disposition }: Packet): boolean {
  return dir === 'in' && (disposition === 'read' || disposition === 'ignored' || disposition === 'unknown')
}

function packetReport({ tally }: Normalizer, messages: Readonly<Record<Direction, number>>): PacketReport {
  const { packets, length, payload, framing, stray, noise, unreadable } = tally
  return {
    messages,
    packets,
    kinds: tally.kinds(),
    dispositions: tally.dispositions(),
    lengths: { messages: length, payload, framing, stray },
    addsUp: tally.addsUp(),
    noise,
    unreadable,
    troubles: tally.troubles(),
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

import { DISPOSITIONS } from '../feeds/feed.ts'
import { type JsonObject, type JsonValue, type Observation, observationToJson } from '../model/observation.ts'
import { type EpochMicros, isoFromEpochMicros } from '../model/time.ts'
import type { Message } from '../tape/entry.ts'
import type { Tally } from './tally.ts'

/** An observation with its place, as `quotes --updates --json` and golden files show it. */
export function observationLine(
  observation: Observation,
  entry: Message,
  packet: number,
  at: EpochMicros,
): JsonObject {
  const { kind, ...rest } = observationToJson(observation)
  return { kind: kind ?? null, seq: entry.seq, packet, at: isoFromEpochMicros(at), conn: entry.conn, ...rest }
}

/** The account of a tape's packets, as the last line behind its observations. */
export function tallyLine(tally: Tally): JsonObject {
  return {
    kind: 'tally',
    messages: tally.messages,
    packets: tally.packets,
    dispositions: nonZero(tally.dispositions()),
    kinds: Object.fromEntries(
      tally.kinds().map(({ dir, kind, counts }) => [`${dir}:${kind}`, nonZero(counts)]),
    ),
    payload: tally.payload,
    framing: tally.framing,
    stray: tally.stray,
    length: tally.length,
    noise: tally.noise,
    unreadable: tally.unreadable,
    troubles: tally.troubles().map(trouble => ({
      dir: trouble.dir,
      kind: trouble.kind,
      disposition: trouble.disposition,
      reason: trouble.reason,
      count: trouble.count,
      seq: trouble.seq,
      packet: trouble.packet,
    })),
  }
}

function nonZero(counts: Readonly<Record<(typeof DISPOSITIONS)[number], number>>): JsonObject {
  const json: Record<string, JsonValue> = {}
  for (const disposition of DISPOSITIONS) {
    if (counts[disposition] > 0) json[disposition] = counts[disposition]
  }
  return json
}

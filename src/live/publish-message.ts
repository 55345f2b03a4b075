import type { JsonObject } from '../model/observation.ts'
import { type EpochMicros, isoFromEpochMicros } from '../model/time.ts'
import {
  type Cause,
  type EngineOptions,
  feeRuleText,
  type PositionReport,
  positionLine,
} from '../pnl/index.ts'
import type { SourceStatus } from '../record/index.ts'

/** A client that knows another version must not read on. Keys may come to be added; none changes its meaning. */
export const PUBLISH_VERSION = 1

/** docs/PUBLISH.md. `seq` counts the messages behind a snapshot without a gap; a snapshot carries that of the last. */
export interface PublishMessage {
  readonly v: typeof PUBLISH_VERSION
  readonly kind: 'snapshot' | 'changes' | 'heartbeat' | 'end'
  readonly seq: number
  readonly at: string
}

export function messageText(
  kind: PublishMessage['kind'],
  seq: number,
  at: EpochMicros,
  body: JsonObject = {},
): string {
  const head: PublishMessage = { v: PUBLISH_VERSION, kind, seq, at: isoFromEpochMicros(at) }
  return JSON.stringify({ ...head, ...body })
}

/** As the summary line says them. */
export function rulesBody(rules: EngineOptions): JsonObject {
  const { chain, currency, fees, matching = 'average', staleAfter } = rules
  return {
    matching,
    mark: chain.join(','),
    staleAfterMicros: staleAfter,
    fees: fees === undefined ? 'fill' : feeRuleText(fees),
    ...(currency === undefined ? {} : { currency }),
  }
}

/** The keys of the position's line; the age is left to the client, who has `markAt` and the message's `at`. */
export function positionBody(position: PositionReport): JsonObject {
  const { kind: _, markAgeMicros: __, ...body } = positionLine(position)
  return body
}

/** As an event's line says it. */
export function causeBody({ kind, line, packet, seq, tape }: Cause): JsonObject {
  return {
    kind,
    ...(tape === undefined ? {} : { tape }),
    ...(seq === undefined ? {} : { seq }),
    ...(packet === undefined ? {} : { packet }),
    ...(line === undefined ? {} : { line }),
  }
}

/** How the wires stand, and how late each says that its prices are. */
export function feedsBody(sources: readonly SourceStatus[]): readonly JsonObject[] {
  return sources.map(({ connections, name, state, symbols }) => ({
    name,
    state,
    connections,
    symbols: symbols.map(({ delay, marketState, mode, name: symbol }) => ({
      name: symbol,
      mode: mode ?? null,
      delaySeconds: delay ?? null,
      marketState: marketState ?? null,
    })),
  }))
}

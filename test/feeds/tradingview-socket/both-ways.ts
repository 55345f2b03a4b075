import { expect } from 'vitest'
import { readPacket, readPlain } from '../../../src/feeds/tradingview-socket/read-packet.ts'
import type { Observation } from '../../../src/model/observation.ts'

/** Holds the short ways against the plain one: the same observations in the same order, and the same finding. */
export function expectSame(payload: string): void {
  for (const keepWire of [false, true])
    expect(found(payload, keepWire, false)).toEqual(found(payload, keepWire, true))
}

function found(payload: string, keepWire: boolean, isPlain: boolean) {
  const observations: Observation[] = []
  const sink = { observe: (o: Observation) => observations.push(o), packet: () => {} }
  const context = { dir: 'in' as const, index: 0, keepWire, sink, asked: new Map<string, string>() }
  const message = `~m~1~m~${payload}~m~4~m~~h~1`
  const finding = isPlain ? readPlain(payload, context) : readPacket(message, 7, 7 + payload.length, context)
  return { observations, finding }
}

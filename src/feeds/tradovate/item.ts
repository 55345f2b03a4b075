import type { Observation } from '../../model/observation.ts'
import type { Disposition } from '../feed.ts'
import { NumberReader, parseKeepingNumbers, parseKeepingText } from '../numbers.ts'
import { dataOf, isRecord, type Reply, type WireEvent } from './reply.ts'
import type { ClientRequest } from './request.ts'

/** What a packet turned out to be, before its lengths are added. */
export interface Finding {
  readonly kind: string
  readonly disposition: Disposition
  readonly reason?: string
  readonly noise?: number
}

/** What an item's `d` says. */
export interface ItemReading {
  readonly kind: string
  readonly disposition: Disposition
  readonly reason?: string
  readonly observations: readonly Observation[]
  /** What is there in another type than it should be: the packet is malformed, and the rest of it still counts. */
  readonly problems: readonly string[]
}

/**
 * Reads `d`, whole and decoded (also where it came as a string of JSON). Maybe twice: with plain doubles, and again
 * where one of them was not enough. `wire` is the same with every number as it was written, where that is kept.
 */
export type DataReader = (data: unknown, numbers: NumberReader, wire: unknown) => ItemReading

/** Reads an item from its text and its JSON.parse. */
export type ItemTaker = (payload: string, value: unknown, keepWire: boolean) => Taken

/** What one family of items means: market data, look-ups, entities. One per connection. */
export interface ItemReader {
  /** `undefined`: none of its business. */
  event?(event: WireEvent): ItemTaker | undefined
  /** `request` is what the answer answers, where this connection has it. Refusals and penalties do not come here. */
  reply?(reply: Reply, request: ClientRequest | undefined): ItemTaker | undefined
}

export interface Taken {
  readonly finding: Finding
  readonly observations: readonly Observation[]
}

export function taking(read: DataReader): ItemTaker {
  return (payload, value, keepWire) => takeItem(payload, value, read, keepWire)
}

function takeItem(payload: string, value: unknown, read: DataReader, keepWire: boolean): Taken {
  const wire = keepWire ? textually(() => partOf(payload, parseKeepingText)) : undefined
  if (keepWire && wire === undefined) return TOO_DEEP
  let numbers = new NumberReader()
  let reading = read(dataOf(isRecord(value) ? value['d'] : undefined), numbers, wire?.data)
  if (numbers.needsText) {
    const exact = textually(() => partOf(payload, parseKeepingNumbers))
    if (exact === undefined) return TOO_DEEP
    numbers = new NumberReader()
    reading = read(exact.data, numbers, wire?.data)
  }
  return { finding: judged(reading, numbers.noise), observations: reading.observations }
}

function partOf(payload: string, parse: (text: string) => unknown): { readonly data: unknown } {
  const value = parse(payload)
  const data: unknown = isRecord(value) ? value['d'] : undefined
  return { data: typeof data === 'string' ? reparsed(data, parse) : data }
}

function reparsed(data: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(data)
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return data
    throw thrown
  }
}

function judged({ kind, disposition, reason, problems }: ItemReading, noise: number): Finding {
  const counted = noise === 0 ? {} : { noise }
  if (problems.length > 0) {
    return { kind, disposition: 'malformed', reason: shownProblems(problems), ...counted }
  }
  return { kind, disposition, ...(reason === undefined ? {} : { reason }), ...counted }
}

const MOST_PROBLEMS = 5

function shownProblems(problems: readonly string[]): string {
  const shown = problems.slice(0, MOST_PROBLEMS).join('; ')
  return problems.length > MOST_PROBLEMS ? `${shown}; and ${problems.length - MOST_PROBLEMS} more` : shown
}

const TOO_DEEP: Taken = {
  finding: { kind: '(json)', disposition: 'malformed', reason: 'nested too deep to be read' },
  observations: [],
}

/** JSON.parse with a reviver recurses: a hostile item, 20,000 arrays deep, would overflow the stack. */
function textually<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (thrown) {
    if (thrown instanceof RangeError) return undefined
    throw thrown
  }
}

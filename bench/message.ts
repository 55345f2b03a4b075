import type { Direction } from '../src/tape/entry.ts'

/** A synthetic message of the wire, with what it takes to cut its packets out without reading its framing. */
export interface Message {
  readonly dir: Direction
  readonly text: string
  /** [start, end, start, end, …] of the packets that are JSON. */
  readonly cuts: readonly number[]
}

/** Packets framed as one message. Heartbeats are no JSON and have no cut. */
export function messageOf(dir: Direction, payloads: readonly string[]): Message {
  let text = ''
  const cuts: number[] = []
  for (const payload of payloads) {
    text += `~m~${payload.length}~m~`
    if (!payload.startsWith('~h~')) cuts.push(text.length, text.length + payload.length)
    text += payload
  }
  return { dir, text, cuts }
}

/** `values` as its JSON text, `{…}` included. */
export function quotePacket(session: string, name: string, values: string): string {
  return `{"m":"qsd","p":["${session}",{"n":${JSON.stringify(name)},"s":"ok","v":${values}}]}`
}

import { PacketReading, type ReadPacket } from '../../../src/inspect/schema/packet-reading.ts'
import type { Entry, Frame } from '../../../src/tape/entry.ts'
import type { Session } from './session.ts'

/** A packet's payload as it is to be; `undefined`: it never came. */
export type PacketChange = (payload: string, read: ReadPacket, message: Entry) => string | undefined

/** The session with the venue's packets changed, each message framed again as its wire does. */
export function changePackets(session: Session, change: PacketChange): Session {
  const reading = new PacketReading(session.header, session.settings)
  const held = new Map<number, Frame[]>()
  const entries = session.entries.flatMap((entry): readonly Entry[] => {
    if (entry.kind === 'frame' && entry.op === 'chunk' && 'text' in entry) {
      const chunks = [...(held.get(entry.conn) ?? []), entry]
      held.set(entry.conn, chunks)
      if (!entry.text.endsWith('\n')) return []
      held.delete(entry.conn)
      return changeChunks(chunks, reading, change)
    }
    const read = reading.apply(entry)
    if (read === undefined || !('text' in entry)) return [entry]
    if (entry.kind === 'frame' && entry.dir === 'in') {
      const payloads = changedPayloads(read.packets, entry, change)
      if (payloads.every((payload, index) => payload === read.packets[index]?.body.text)) return [entry]
      const kept = payloads.filter(payload => payload !== undefined)
      const { feed } = session
      if (kept.length === 0 || feed.transport !== 'websocket') return []
      return [{ ...entry, text: feed.encode.frame(kept) }]
    }
    if (entry.kind !== 'response') return [entry]
    const [text] = changedPayloads(read.packets.slice(0, 1), entry, change)
    return text === undefined ? [] : [{ ...entry, text }]
  })
  return { ...session, entries: entries.toSorted((a, b) => a.seq - b.seq) }
}

function changedPayloads(packets: readonly ReadPacket[], message: Entry, change: PacketChange) {
  return packets.map(read => change(read.body.text, read, message))
}

/** Lines whole, and cut again as they were: a chunk's borders mean nothing. */
function changeChunks(
  chunks: readonly Frame[],
  reading: PacketReading,
  change: PacketChange,
): readonly Frame[] {
  const [first] = chunks
  if (first === undefined) return []
  const texts = chunks.map(chunk => ('text' in chunk ? chunk.text : ''))
  const read = reading.apply({ kind: 'frame', ...placeOf(first), text: texts.join('') })
  const kept = changedPayloads(read?.packets ?? [], first, change).filter(line => line !== undefined)
  let rest = kept.map(line => `${line}\n`).join('')
  if (rest === '') return []
  return chunks.map((chunk, index) => {
    const isLast = index === chunks.length - 1
    const length = isLast ? rest.length : Math.min(texts[index]?.length ?? 0, Math.max(rest.length - 2, 0))
    const text = rest.slice(0, length)
    rest = rest.slice(length)
    return { kind: 'frame', ...placeOf(chunk), text }
  })
}

function placeOf({ at, conn, dir, op, seq }: Frame) {
  return { at, conn, dir, op, seq }
}

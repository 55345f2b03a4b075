import { DISPOSITIONS, type Disposition, type Packet } from '../feeds/feed.ts'
import type { Direction } from '../tape/entry.ts'

/** How many packets of one kind and direction came, and what became of them. */
export interface KindCount {
  readonly dir: Direction
  readonly kind: string
  readonly counts: Readonly<Record<Disposition, number>>
}

/** Something that was not understood, or that the venue refused: why, how often, and the first of it. */
export interface Trouble {
  readonly dir: Direction
  readonly kind: string
  readonly disposition: Disposition
  readonly reason: string
  readonly sample: string | undefined
  /** Where the first one stands. */
  readonly seq: number
  readonly packet: number
  count: number
}

/** Distinct troubles that are kept; beyond that they are only counted. */
const MAX_TROUBLES = 200

/** The account of every packet: nothing that came is missing here, whether it was understood or not. */
export class Tally {
  messages = 0
  packets = 0
  payload = 0
  framing = 0
  stray = 0
  /** The messages' own lengths; equal to payload + framing + stray, or something was lost. */
  length = 0
  noise = 0
  /** Frames of a connection whose feed is not known, or that was never opened. */
  unreadable = 0
  #kinds = { in: new Map<string, MutableKindCount>(), out: new Map<string, MutableKindCount>() }
  #troubles = new Map<string, Trouble>()

  add(packet: Packet, seq: number): void {
    this.packets += 1
    this.payload += packet.payload
    this.framing += packet.framing
    this.stray += packet.stray
    const kinds = this.#kinds[packet.dir]
    let row = kinds.get(packet.kind)
    if (row === undefined) {
      row = { dir: packet.dir, kind: packet.kind, counts: noCounts() }
      kinds.set(packet.kind, row)
    }
    row.counts[packet.disposition] += 1
    if (packet.noise !== undefined) this.noise += packet.noise
    if (isTrouble(packet.disposition)) this.#addTrouble(packet, seq)
  }

  #addTrouble({ dir, kind, disposition, reason = '', sample, index }: Packet, seq: number): void {
    const key = `${dir} ${kind} ${disposition} ${reason}`
    const known = this.#troubles.get(key)
    if (known !== undefined) known.count += 1
    else if (this.#troubles.size < MAX_TROUBLES) {
      this.#troubles.set(key, { dir, kind, disposition, reason, sample, seq, packet: index, count: 1 })
    }
  }

  /** By direction, then in the order of first sight. */
  kinds(): readonly KindCount[] {
    return [...this.#kinds.in.values(), ...this.#kinds.out.values()]
  }

  /** In the order of first sight. */
  troubles(): readonly Trouble[] {
    return [...this.#troubles.values()]
  }

  dispositions(): Readonly<Record<Disposition, number>> {
    const total = noCounts()
    for (const { counts } of this.kinds()) {
      for (const disposition of DISPOSITIONS) total[disposition] += counts[disposition]
    }
    return total
  }

  /** Each packet has one disposition, and the lengths add up. */
  addsUp(): boolean {
    const dispositions = Object.values(this.dispositions()).reduce((sum, count) => sum + count, 0)
    return dispositions === this.packets && this.payload + this.framing + this.stray === this.length
  }
}

interface MutableKindCount {
  readonly dir: Direction
  readonly kind: string
  readonly counts: Record<Disposition, number>
}

function noCounts(): Record<Disposition, number> {
  return { read: 0, status: 0, request: 0, error: 0, ignored: 0, unknown: 0, malformed: 0 }
}

function isTrouble(disposition: Disposition): boolean {
  return disposition === 'unknown' || disposition === 'malformed' || disposition === 'error'
}

import { Buffer } from 'node:buffer'
import type { Disposition, Packet } from '../../feeds/feed.ts'
import type { Direction, Message } from '../../tape/entry.ts'
import { reasonKind } from '../reason-kind.ts'
import { AnswerHeads } from './answer-heads.ts'
import { FieldNode, type NamedFacts } from './field-node.ts'
import { Gaps, type Moment } from './gaps.ts'
import type { PacketText } from './packet-json.ts'
import { Reservoir } from './reservoir.ts'
import type { KindFacts } from './schema-facts.ts'
import { Stretches, StretchSum } from './stretches.ts'

/** Values of one packet that are looked at, and places of one kind that are kept. */
const MOST_VALUES = 5_000
const MOST_NODES = 2_000
const MOST_REASONS = 50

/** One kind of packet in one direction. Memory grows with the places that its payloads have, not with packets. */
export class KindStats {
  readonly dir: Direction
  readonly kind: string
  #packets = 0
  #plain = 0
  readonly #dispositions: Partial<Record<Disposition, number>> = {}
  readonly #reasons = new Map<string, number>()
  readonly #sizes = new Reservoir()
  readonly #spread = new StretchSum()
  readonly #stretches = new Stretches()
  readonly #root = new FieldNode()
  #nodes = MOST_NODES
  readonly #gaps = new Gaps()
  readonly #heads = new AnswerHeads()

  constructor(dir: Direction, kind: string) {
    this.dir = dir
    this.kind = kind
  }

  /** `messages` counts the feed's incoming messages. */
  add(
    packet: Packet,
    { text, value }: PacketText,
    message: Message,
    messages: Stretches,
    moment: Moment,
  ): void {
    const { disposition, reason } = packet
    this.#packets += 1
    this.#stretches.next()
    this.#dispositions[disposition] = (this.#dispositions[disposition] ?? 0) + 1
    if (disposition === 'malformed') this.#addReason(reasonKind(reason ?? ''))
    this.#sizes.add(Buffer.byteLength(text))
    if (messages.count > 0) this.#spread.add(messages)
    this.#gaps.add(message, moment)
    this.#heads.add(message, this.#stretches)
    if (value === undefined) this.#plain += 1
    else {
      const budget = { values: MOST_VALUES, nodes: this.#nodes }
      this.#root.add(value, this.#stretches, budget)
      this.#nodes = budget.nodes
    }
  }

  /** Connections are numbered anew. */
  beginTape(): void {
    this.#gaps.beginTape()
  }

  result(messages: Stretches, context: NamedFacts): KindFacts {
    const { dir, kind } = this
    const heads = this.#heads.result(this.#stretches)
    const fields = [...this.#root.facts(this.#stretches, context)].filter(({ seen }) => seen > 0)
    return {
      dir,
      kind,
      packets: this.#packets,
      dispositions: this.#dispositions,
      reasons: [...this.#reasons].map(([value, count]) => ({ value, count })),
      plain: this.#plain,
      sizes: this.#sizes.result(),
      ...this.#gaps.result(),
      ...(heads === undefined ? {} : { heads }),
      spread: this.#spread.result(messages),
      fields: new Map(fields.map(field => [field.path, field])),
    }
  }

  #addReason(reason: string): void {
    const known = this.#reasons.get(reason)
    if (known !== undefined || this.#reasons.size < MOST_REASONS) this.#reasons.set(reason, (known ?? 0) + 1)
  }
}

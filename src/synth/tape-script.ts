import { exchangeDrafts, type HttpExchange, type HttpStep } from '../feeds/index.ts'
import type { EpochMicros } from '../model/time.ts'
import type { Direction, EntryDraft, HeaderList, Opcode, Standing } from '../tape/index.ts'

/** The entries of one tape, in whatever order they are thought of. Times are the truth’s clock. */
export class TapeScript {
  readonly feed: string
  readonly start: EpochMicros
  readonly #drafts: EntryDraft[] = []
  #conns = 0
  #exchanges = 0

  constructor(feed: string, start: EpochMicros) {
    this.feed = feed
    this.start = start
  }

  /** By time; what happens at one time in the order in which it was said. */
  get drafts(): readonly EntryDraft[] {
    return this.#drafts.toSorted((a, b) => a.at - b.at)
  }

  nextConnection(): number {
    this.#conns += 1
    return this.#conns
  }

  mark(
    at: EpochMicros,
    note: string,
    about: { readonly conn?: number; readonly standing?: Standing } = {},
  ): void {
    this.#drafts.push({ kind: 'mark', at: at - this.start, ...about, note })
  }

  /** The upgrade, and what it led to. */
  open(at: EpochMicros, conn: number, url: string, headers: HeaderList): void {
    const sent: HeaderList = [['Upgrade', 'websocket'], ['Connection', 'Upgrade'], ...headers]
    this.exchange([at, at + 30_000], conn, {
      request: { method: 'GET', url, headers: sent },
      answer: { status: 101, headers: [['Upgrade', 'websocket']] },
    })
    this.#drafts.push({ kind: 'open', at: at + 30_100 - this.start, conn, feed: this.feed, url })
  }

  frame(at: EpochMicros, conn: number, dir: Direction, text: string, op: Opcode = 'text'): void {
    this.#drafts.push({ kind: 'frame', at: at - this.start, conn, dir, op, text })
  }

  exchange([asked, answered]: readonly [EpochMicros, EpochMicros], conn: number, made: HttpExchange): void {
    this.#exchanges += 1
    const place = { feed: this.feed, conn, exchange: this.#exchanges, at: asked - this.start }
    for (const draft of exchangeDrafts(made, place)) {
      this.#drafts.push(draft.kind === 'request' ? draft : { ...draft, at: answered - this.start })
    }
  }

  /** What a client has to say about an answer. Our own venue refuses nobody. */
  steps(at: EpochMicros, conn: number, steps: readonly HttpStep[], standing: Standing): void {
    for (const step of steps) {
      if (step.kind === 'refused') throw new Error(`synth is not answered by ${this.feed}: ${step.reason}`)
      if (step.kind === 'note') this.mark(at, step.text, { conn })
      else this.accepted(at, conn, standing)
    }
  }

  accepted(at: EpochMicros, conn: number, standing: Standing): void {
    this.mark(at, `the venue takes us in (${standing})`, { conn, standing })
  }

  /** Without a code the connection broke. */
  close(at: EpochMicros, conn: number, code?: number): void {
    const of = { kind: 'close', at: at - this.start, conn } as const
    this.#drafts.push(code === undefined ? { ...of, by: 'unknown' } : { ...of, by: 'us', code })
  }
}

import type { Observation } from '../model/observation.ts'
import { epochMicrosFromIso } from '../model/time.ts'
import type { Direction, Entry, Header, Message } from '../tape/entry.ts'
import { Answers } from './answers.ts'
import type { FeedAnswers } from './answers-report.ts'
import { framingOf, jsonIn } from './json-texts.ts'
import { Structure } from './structure.ts'
import type { StructureReport } from './structure-report.ts'

/** Messages of each feed whose JSON is looked into: the rest of a long tape is built alike. */
const MOST_MESSAGES = 2_000
const MOST_LENGTH = 4 * 1024 * 1024

/** Looks into what came without regard to what the tape calls it. */
export class Readings {
  readonly #answers = new Map<string, { readonly answers: Answers; messages: number }>()
  readonly #feeds = new Map<number, string>()
  readonly #structure = new Structure()
  readonly #start: number | undefined

  constructor({ start, clock }: Header) {
    this.#start = clock === 'none' ? undefined : epochMicrosFromIso(start)
  }

  apply(entry: Entry): void {
    if (entry.kind !== 'open' && entry.kind !== 'request') return
    this.#feeds.set(entry.conn, entry.feed)
    this.#of(entry.conn)
  }

  observe(observation: Observation, message: Message): void {
    this.#of(message.conn).answers.observe(observation, message)
  }

  message(message: Message): void {
    const known = this.#of(message.conn)
    if (known.messages >= MOST_MESSAGES || !('text' in message) || message.text.length > MOST_LENGTH) return
    known.messages += 1
    const { seq, at, text } = message
    const isIncoming = directionOf(message) === 'in'
    const values = isIncoming ? jsonIn(text) : []
    known.answers.message(text, values, framingOf(text), isIncoming, seq)
    const time = this.#start === undefined ? undefined : this.#start + at
    for (const value of values) this.#structure.look(value, seq, time)
  }

  answers(): readonly FeedAnswers[] {
    return [...this.#answers.values()].map(({ answers }) => answers.result())
  }

  structure(): StructureReport {
    return this.#structure.report()
  }

  #of(conn: number) {
    const feed = this.#feeds.get(conn) ?? 'unknown'
    const known = this.#answers.get(feed)
    if (known !== undefined) return known
    const made = { answers: new Answers(feed), messages: 0 }
    this.#answers.set(feed, made)
    return made
  }
}

export function directionOf(message: Message): Direction {
  if (message.kind === 'frame') return message.dir
  return message.kind === 'request' ? 'out' : 'in'
}

import type {
  ChosenOptions,
  ClientSession,
  Conversation,
  Credentials,
  SessionStep,
  SocketFeed,
} from '../feeds/index.ts'
import type { QuoteFields } from '../model/quote.ts'
import { randomInteger } from '../model/random.ts'
import type { EpochMicros, Micros } from '../model/time.ts'
import { Agenda, timesOf } from './agenda.ts'
import type { Delivery } from './view.ts'
import type { Scene } from './wire.ts'

export interface TalkPlan {
  readonly feed: SocketFeed
  readonly symbols: readonly string[]
  readonly credentials: Credentials
  readonly url?: string
  readonly options?: ChosenOptions
  /** What the venue says of a move, instead of what its conversation would; `before` is the quote until then. */
  says?(delivery: Delivery, before: QuoteFields, conversation: Conversation): readonly string[]
  /** What the venue answers, where that is not its conversation’s to say; `at` is the truth’s time. */
  answers?(text: string, at: EpochMicros): readonly string[] | undefined
  /** What the venue says besides, by the truth’s time, to who is taken in and has its own answer. */
  readonly pushes?: readonly Push[]
  /** The venue’s clock, where that is not the truth’s to the microsecond. */
  now?(): EpochMicros
}

export interface Push {
  readonly at: EpochMicros
  readonly text: string
}

/** A message’s way to the other side, and the time that is thought about it. */
const WAY = { least: 8_000, most: 35_000 }
const START_AFTER: Micros = 150_000
const UPGRADE: Micros = 31_000
/** How long nobody is connected: short enough that all is told again before the next settled moment. */
const DOWN = { least: 150_000, most: 700_000 }

/** Puts onto the tape what our client and the venue’s conversation say to each other, over one socket after another. */
export function talk(scene: Scene, plan: TalkPlan): void {
  const { breaks, end, lag, random, view } = scene
  const agenda = new Agenda()
  let line: Line | undefined

  const connect = (at: EpochMicros): void => {
    line = new Line(scene, plan, agenda, at)
  }
  connect(scene.truth.start + START_AFTER)
  for (const at of breaks) {
    agenda.add(at, () => line?.breakOff(at))
    const again = at + randomInteger(random, DOWN.least, DOWN.most)
    agenda.add(again, () => connect(again))
  }
  for (const delivery of view.deliveries) {
    agenda.add(delivery.due, () => {
      const before = view.take(delivery)
      line?.moved(delivery, before)
    })
  }
  for (const { at, text } of plan.pushes ?? []) agenda.add(at + lag, () => line?.pushed(at + lag, text))
  agenda.add(end, () => line?.close(end))
  agenda.run()
}

/** One socket. */
class Line {
  readonly #scene: Scene
  readonly #plan: TalkPlan
  readonly #agenda: Agenda
  readonly #conversation: Conversation
  readonly #client: ClientSession
  readonly #conn: number
  #isOpen = false
  #isOver = false
  #isListening = false
  #answered: EpochMicros = 0

  constructor(scene: Scene, plan: TalkPlan, agenda: Agenda, at: EpochMicros) {
    const { random, script, view } = scene
    const { credentials, feed, now = view.now, options, symbols, url } = plan
    this.#scene = scene
    this.#plan = plan
    this.#agenda = agenda
    this.#conn = script.nextConnection()
    this.#conversation = feed.conversation.start({ market: view, random, now })
    this.#client = feed.session.start({
      symbols,
      credentials,
      random,
      ...(url === undefined ? {} : { url }),
      ...(options === undefined ? {} : { options }),
    })
    script.open(at, this.#conn, this.#client.url, Object.entries(this.#client.headers))
    agenda.add(at + UPGRADE, () => this.#opened(at + UPGRADE))
  }

  moved(delivery: Delivery, before: QuoteFields): void {
    if (!this.#isOpen) return
    const { due, fields, name } = delivery
    const own = this.#plan.says?.(delivery, before, this.#conversation)
    this.hears(due, own ?? this.#conversation.moved(name, fields))
  }

  /** Before that the client is told all of it at once. */
  pushed(at: EpochMicros, text: string): void {
    if (this.#isListening) this.hears(at, [text])
  }

  /** The client gets them, and does what it does about them. */
  hears(at: EpochMicros, texts: readonly string[]): void {
    if (!this.#isOpen) return
    for (const text of texts) {
      this.#scene.script.frame(at, this.#conn, 'in', text)
      this.#does(at, this.#client.received(text))
    }
  }

  /** No close frame comes. */
  breakOff(at: EpochMicros): void {
    this.#end()
    this.#scene.script.close(at, this.#conn)
  }

  close(at: EpochMicros): void {
    this.#end()
    this.#scene.script.close(at, this.#conn, 1000)
  }

  #end(): void {
    this.#isOpen = false
    this.#isOver = true
  }

  #opened(at: EpochMicros): void {
    if (this.#isOver) return
    this.#isOpen = true
    this.hears(at, this.#conversation.opened())
    this.#does(at, this.#client.opened())
    const { end } = this.#scene
    const { beat } = this.#client
    for (const due of timesOf(at, end, this.#plan.feed.conversation.beatEvery)) {
      this.#agenda.add(due, () => this.#isOpen && this.hears(due, this.#conversation.beat()))
    }
    if (beat === undefined) return
    for (const due of timesOf(at, end, beat.every)) {
      this.#agenda.add(due, () => this.#isOpen && this.#does(due, beat.send()))
    }
  }

  #does(at: EpochMicros, steps: readonly SessionStep[]): void {
    const { script } = this.#scene
    for (const step of steps) {
      switch (step.kind) {
        case 'send':
          this.#sends(at, step.text)
          break
        case 'accepted':
          this.#isListening ||= this.#plan.answers === undefined
          script.accepted(at, this.#conn, this.#client.standing)
          break
        case 'note':
          script.mark(at, step.text, { conn: this.#conn })
          break
        case 'refused':
        case 'wait':
          throw new Error(`synth is not taken in by ${script.feed}: ${JSON.stringify(step)}`)
        default:
          step satisfies never
      }
    }
  }

  #sends(at: EpochMicros, text: string): void {
    const { lag, random, script } = this.#scene
    script.frame(at, this.#conn, 'out', text)
    // What was sent first is answered first.
    const answered = Math.max(at + randomInteger(random, WAY.least, WAY.most), this.#answered)
    this.#answered = answered
    this.#agenda.add(answered, () => {
      if (!this.#isOpen) return
      const own = this.#plan.answers?.(text, answered - lag)
      this.#isListening ||= own !== undefined
      this.hears(answered, own ?? this.#conversation.received(text))
    })
  }
}

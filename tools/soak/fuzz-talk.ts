import type { ClientSession, Conversation, SessionStep, SocketFeed } from '../../src/feeds/index.ts'
import { type Random, randomInteger } from '../../src/model/random.ts'
import type { Frame } from '../../src/tape/index.ts'
import { LAST, sessionOptions, venueOptions } from './fuzz-actors.ts'
import { pick, retoldJson, woundedText } from './fuzz-hostile.ts'
import { hostileRequest } from './fuzz-hostile-http.ts'
import { wrongWithListeners } from './fuzz-listeners.ts'
import { wrongWithSignIn } from './fuzz-sign-in.ts'

/** Our client and our venue, each told what no venue and no client says; behind some turns between the two. */
export function wrongWithTalk(
  random: Random,
  feed: SocketFeed,
  frames: readonly Frame[],
): string | undefined {
  const options = sessionOptions(random, feed)
  const client = feed.session.start(options)
  const venue = feed.conversation.start(venueOptions())
  const talk = new Talk(client, venue)
  talk.begin(randomInteger(random, 0, 4))
  for (const frame of frames) {
    const text = 'text' in frame ? frame.text : Buffer.from(frame.base64, 'base64').toString('utf8')
    const wrong =
      wrongWithListeners(random, feed, frame) ??
      wrongWithWords(feed, text) ??
      talk.hear(text) ??
      talk.hear(hostile(random, pick(random, ['', ...talk.heard]), text)) ??
      talk.say(text) ??
      talk.say(hostile(random, pick(random, ['', ...talk.sent]), text))
    if (wrong !== undefined) return wrong
  }
  const leaked = Object.values(options.credentials).find(value =>
    talk.told.some(told => told.includes(value)),
  )
  if (leaked !== undefined) return 'a note holds a credential'
  return wrongWithSignIn(random, feed, options) ?? wrongWithHttp(random, feed)
}

function hostile(random: Random, text: string, other: string): string {
  return random.next() < 0.6 ? retoldJson(random, text) : woundedText(random, text, other)
}

class Talk {
  readonly sent: string[] = []
  readonly heard: string[] = []
  readonly told: string[] = []
  readonly #client: ClientSession
  readonly #venue: Conversation

  constructor(client: ClientSession, venue: Conversation) {
    this.#client = client
    this.#venue = venue
  }

  begin(turns: number): void {
    this.#take(this.#client.opened())
    let waiting = [...this.#venue.opened(), ...this.sent.flatMap(text => this.#venue.received(text))]
    for (let turn = 0; turn < turns; turn++) {
      this.heard.push(...waiting)
      const before = this.sent.length
      for (const text of waiting) this.#take(this.#client.received(text))
      waiting = this.sent.slice(before).flatMap(text => this.#venue.received(text))
    }
  }

  hear(text: string): string | undefined {
    const wrong = this.#take(this.#client.received(text))
    return wrong ?? this.#take(this.#client.beat?.send() ?? [])
  }

  say(text: string): string | undefined {
    const said = [
      ...this.#venue.received(text),
      ...this.#venue.beat(),
      ...this.#venue.moved('X:Y', { last: null, bid: LAST }),
    ]
    if (!said.every(one => typeof one === 'string')) return 'the venue said something else than text'
    return typeof this.#venue.isOver() === 'boolean' ? undefined : 'whether it is over is no boolean'
  }

  #take(steps: readonly SessionStep[]): string | undefined {
    for (const step of steps) {
      const wrong = this.#takeOne(step)
      if (wrong !== undefined) return wrong
    }
    return undefined
  }

  #takeOne(step: SessionStep): string | undefined {
    switch (step.kind) {
      case 'send':
        this.sent.push(step.text)
        return undefined
      case 'accepted':
        return undefined
      case 'note':
        this.told.push(step.text)
        return undefined
      case 'refused':
        this.told.push(step.reason, step.next)
        return step.reason === '' || step.next === ''
          ? 'a refusal without its reason or what to do'
          : undefined
      case 'wait':
        if (!(Number.isSafeInteger(step.wait) && step.wait >= 0)) return `a wait of ${step.wait}`
        return this.#take(step.afterwards)
      default:
        return step satisfies never
    }
  }
}

function wrongWithWords({ conversation, subscriptions }: SocketFeed, text: string): string | undefined {
  const meanings = conversation.meanings(text)
  if (!meanings.every(meaning => typeof meaning === 'string')) return 'a meaning that is no text'
  const ids = conversation.idsOf(text)
  const others = new Map(['qs_a', ...ids].map(id => [id, `${id}+`]))
  if (typeof conversation.rewrite(text, others) !== 'string') return 'rewritten to no text'
  const changes = subscriptions?.(text) ?? []
  return changes.every(({ kind }) => kind === 'add' || kind === 'remove')
    ? undefined
    : 'no change of a subscription'
}

function wrongWithHttp(random: Random, { conversation, url }: SocketFeed): string | undefined {
  const { http } = conversation
  if (http === undefined) return undefined
  const request = hostileRequest(random, {
    method: 'GET',
    url: url.replace(/^ws/, 'http'),
    headers: [],
    body: '{}',
  })
  http.answers(request.url)
  http.meanings(request)
  const venue = http.start(venueOptions())
  const { status } = venue.answer(request)
  return Number.isInteger(status) && status >= 100 && status <= 599 ? undefined : `an answer of ${status}`
}

import type { HttpFeed, HttpRequest, HttpStep } from '../../src/feeds/index.ts'
import { type Random, randomInteger } from '../../src/model/random.ts'
import type { Message } from '../../src/tape/index.ts'
import { sessionOptions, venueOptions } from './fuzz-actors.ts'
import { hostileAnswer, hostileRequest } from './fuzz-hostile-http.ts'
import { wrongWithListeners } from './fuzz-listeners.ts'
import { wrongWithSignIn } from './fuzz-sign-in.ts'

/** Our client and our venue over HTTP, told what nobody says; both go on behind it. */
export function wrongWithTurns(
  random: Random,
  feed: HttpFeed,
  messages: readonly Message[],
): string | undefined {
  const options = sessionOptions(random, feed)
  const client = feed.session.start(options)
  const venue = feed.conversation.start(venueOptions())
  const told: string[] = []
  for (let turns = randomInteger(random, 1, 5); turns > 0; turns--) {
    const turn = client.next()
    if (turn === undefined) break
    const answer = venue.answer(turn.request)
    const steps = client.answered(random.next() < 0.5 ? answer : hostileAnswer(random, answer), turn)
    const wrong = wrongWithSteps(steps) ?? wrongWithVenue(random, feed, turn.request)
    if (wrong !== undefined) return wrong
    told.push(
      ...steps.flatMap(step =>
        step.kind === 'note' ? [step.text] : step.kind === 'refused' ? [step.reason, step.next] : [],
      ),
    )
  }
  if (Object.values(options.credentials).some(value => told.some(one => one.includes(value))))
    return 'a note holds a credential'
  for (const message of messages) {
    const wrong = wrongWithListeners(random, feed, message)
    if (wrong !== undefined) return wrong
  }
  return wrongWithSignIn(random, feed, options)
}

function wrongWithSteps(steps: readonly HttpStep[]): string | undefined {
  for (const step of steps) {
    switch (step.kind) {
      case 'accepted':
        break
      case 'note':
        if (typeof step.text !== 'string') return 'a note without text'
        break
      case 'refused':
        if (step.reason === '' || step.next === '') return 'a refusal without its reason or what to do'
        break
      default:
        return step satisfies never
    }
  }
  return undefined
}

function wrongWithVenue(random: Random, { conversation }: HttpFeed, asked: HttpRequest): string | undefined {
  const request = hostileRequest(random, asked)
  const venue = conversation.start(venueOptions())
  conversation.answers(request.url)
  const { status } = venue.answer(request)
  const said = [...venue.moved('X:Y', { last: null }), ...venue.beat()]
  if (!said.every(one => typeof one === 'string')) return 'the venue said something else than text'
  if (!conversation.meanings(request).every(one => typeof one === 'string'))
    return 'a meaning that is no text'
  return Number.isInteger(status) && status >= 100 && status <= 599 ? undefined : `an answer of ${status}`
}

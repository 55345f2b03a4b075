import type { Conversation, ConversationOptions, ConversationPlan } from '../feed.ts'
import { createDesk } from './desk.ts'
import { frameMessage, framePacket } from './framing.ts'
import { idsOf, meanings, rewrite } from './meaning.ts'
import { requestsOf } from './request.ts'
import { helloPayload } from './venue-packets.ts'

export const conversation: ConversationPlan = {
  path: '/socket.io/websocket',
  // Exactly 10.0 s in S01 (2025) and S04 (2019).
  beatEvery: 10_000_000,
  start,
  meanings,
  idsOf,
  rewrite,
}

/** Every sixth beat brings the facts again, in the same message: clients that stop at a heartbeat lose them. */
const REBROADCAST_EVERY = 6

function start({ market, random, now }: ConversationOptions): Conversation {
  const desk = createDesk({ market, now })
  let beats = 0
  return {
    opened: () => [framePacket(helloPayload(random, now()))],
    received(text) {
      const payloads: string[] = []
      for (const request of requestsOf(text)) {
        if (desk.isOver()) break
        payloads.push(...desk.answer(request))
      }
      return payloads.length === 0 ? [] : [frameMessage(payloads)]
    },
    beat() {
      beats += 1
      const facts = beats % REBROADCAST_EVERY === 0 ? desk.rebroadcast() : []
      return [frameMessage([`~h~${beats}`, ...facts])]
    },
    moved(name, fields) {
      const payloads = desk.moved(name, fields)
      // The real venue does both: S06 has volume and price in one message, and each alone.
      return random.next() < 0.5 ? joined(payloads) : payloads.map(framePacket)
    },
    isOver: desk.isOver,
  }
}

function joined(payloads: readonly string[]): string[] {
  return payloads.length === 0 ? [] : [frameMessage(payloads)]
}

import { parseKeepingText } from '../../../src/feeds/numbers.ts'
import { isRawNumber } from '../../../src/inspect/schema/packet-json.ts'
import { type Random, seededRandom } from '../../../src/model/random.ts'
import { changePackets } from './change-packets.ts'
import type { Session } from './session.ts'

/** A market is busy or slow for so long: packets of one stretch are not independent of each other. */
export const MOOD = 5_000_000

/** What venues say beside: with chance of its own, with states that last, and more in some moods than in others. */
export class Asides {
  mood = 1
  #phase = 'open'
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  turn(): void {
    this.mood = 0.25 + 0.75 * this.#random.next()
    const draw = this.#random.next()
    this.#phase = draw < 0.8 ? 'open' : draw < 0.95 ? 'auction' : 'halted'
  }

  members(): Readonly<Record<string, unknown>> {
    const random = this.#random
    const more: Record<string, unknown> = {
      phase: this.#phase,
      grade: random.next() < 0.9 ? 'firm' : 'soft',
    }
    if (random.next() < 0.3) more['weight'] = Math.round(random.next() * 1e4) / 1e2
    if (random.next() < this.mood * this.mood) more['busy'] = true
    return more
  }
}

/** The session with what nobody reads in each packet that is read and is an object. */
export function withAsides(session: Session, seed: number): Session {
  const asides = new Asides(seededRandom(seed))
  let turns = 0
  return changePackets(session, (payload, { packet }, { at }) => {
    for (; (turns + 1) * MOOD <= at; turns += 1) asides.turn()
    if (packet.dir !== 'in' || packet.disposition !== 'read') return payload
    const value = parseKeepingText(payload)
    if (typeof value !== 'object' || value === null || Array.isArray(value) || isRawNumber(value))
      return payload
    return JSON.stringify({ ...value, ...asides.members() })
  })
}

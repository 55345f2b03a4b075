import { type Random, randomInteger } from '../src/model/random.ts'
import { staticFields } from './filler.ts'
import { type Message, messageOf, quotePacket } from './message.ts'
import { Walk } from './walk.ts'

const SESSION = 'qs_synthetic0001'
/** Of a line beside its payload as JSON: number, time, CRC. */
const LINE_BYTES = 100

export function symbolName(index: number): string {
  return `SYNTHETIC:NAME${index}`
}

/**
 * About so many bytes of tape: each symbol with its static fields, its book and a trade, as a page load brings them,
 * and then trades and books of all of them at random. `lastOf` gets the price of every symbol's latest trade.
 */
export function* manySymbols(
  random: Random,
  symbols: number,
  sizeBytes: number,
  lastOf: Map<string, string>,
): Generator<Message, void, undefined> {
  const facts = staticFields(random, 75)
  const walks = Array.from({ length: symbols }, (_, index) => new Walk(symbolName(index), true, random))
  let bytes = 0
  const quoted = (name: string, ...values: readonly string[]): Message => {
    const message = messageOf(
      'in',
      values.map(value => quotePacket(SESSION, name, value)),
    )
    bytes += Buffer.byteLength(JSON.stringify(message.text)) + LINE_BYTES
    return message
  }
  for (const walk of walks) {
    lastOf.set(walk.name, walk.last)
    yield quoted(walk.name, facts.replace('SYNTHETIC:NAME', walk.name), walk.book(), walk.trade())
  }
  while (bytes < sizeBytes) {
    const walk = walks[randomInteger(random, 0, walks.length - 1)]
    if (walk === undefined) throw new Error('an index outside the list')
    walk.step()
    const isBook = random.next() < 0.4
    if (!isBook) lastOf.set(walk.name, walk.last)
    yield quoted(walk.name, isBook ? walk.book() : walk.trade())
  }
}

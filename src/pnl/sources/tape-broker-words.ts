import type { PositionObservation } from '../../model/account.ts'
import { type Decimal, decimalEquals, decimalSign, ZERO } from '../../model/decimal.ts'
import type { ObservedAt } from './position-source.ts'

/** What the broker says last of one contract, as the wire names it. */
export interface BrokerWord extends Pick<PositionObservation, 'name' | 'id' | 'quantity'> {
  readonly averagePrice?: Decimal
  readonly day?: PositionObservation['day']
  readonly time?: number
}

export type WordNews = 'new' | 'repeated' | 'outdated'

/**
 * One account's positions by its broker's words. A contract has one position, which its newest entity says: by the
 * time that it names, and at one time by receipt.
 */
export class BrokerWords {
  readonly #words = new Map<string, BrokerWord>()
  /** The message that a list of positions is being told by, and what it has told. */
  #list = ''
  readonly #listed = new Set<string>()

  /** In the order in which contracts were first spoken of. */
  get all(): IterableIterator<BrokerWord> {
    return this.#words.values()
  }

  of(name: string): BrokerWord | undefined {
    return this.#words.get(name)
  }

  take(word: PositionObservation, place: ObservedAt): WordNews {
    const { name, change } = word
    if (change === 'snapshot') this.#listOf(place).add(name)
    const known = this.#words.get(name)
    if (isOutdated(word, known)) return 'outdated'
    const told = change === 'deleted' ? flat(word) : word
    this.#words.set(name, told)
    return known !== undefined && saysTheSame(known, told) ? 'repeated' : 'new'
  }

  /** A position is gone of which only the id is told. */
  takeBack(id: string): BrokerWord | undefined {
    const known = [...this.#words.values()].find(word => word.id === id)
    if (known === undefined) return undefined
    const gone = flat(known)
    this.#words.set(known.name, gone)
    return gone
  }

  /**
   * Behind a list that is whole: `isStanding` where the word stands as it is, and else the contract was not on the list
   * and is flat from here.
   */
  endList(place: ObservedAt): readonly { readonly word: BrokerWord; readonly isStanding: boolean }[] {
    const listed = this.#listOf(place)
    return [...this.#words.values()].map(word => {
      if (listed.has(word.name) || decimalSign(word.quantity) === 0) return { word, isStanding: true }
      const gone = flat(word)
      this.#words.set(word.name, gone)
      return { word: gone, isStanding: false }
    })
  }

  /** What the list of this message has told by now. */
  #listOf({ index, seq, packet }: ObservedAt): Set<string> {
    const list = `${index} ${seq} ${packet}`
    if (this.#list !== list) this.#listed.clear()
    this.#list = list
    return this.#listed
  }
}

/** At what price it was closed nobody has said. */
function flat({ name, id, time }: BrokerWord): BrokerWord {
  return { name, id, quantity: ZERO, ...(time === undefined ? {} : { time }) }
}

/** So is the end of an entity that another has followed. */
function isOutdated({ id, time, change }: PositionObservation, known: BrokerWord | undefined): boolean {
  if (known === undefined) return false
  if (change === 'deleted') return id !== known.id
  return time !== undefined && known.time !== undefined && time < known.time
}

function saysTheSame(one: BrokerWord, other: BrokerWord): boolean {
  return (
    decimalEquals(one.quantity, other.quantity) &&
    isSame(one.averagePrice, other.averagePrice) &&
    (one.day === undefined) === (other.day === undefined) &&
    DAY.every(key => isSame(one.day?.[key], other.day?.[key]))
  )
}

const DAY = ['bought', 'boughtValue', 'sold', 'soldValue', 'previous', 'previousPrice'] as const

function isSame(one: Decimal | undefined, other: Decimal | undefined): boolean {
  return one === undefined || other === undefined ? one === other : decimalEquals(one, other)
}

/** Trade Manager's positions are its strategies'. */
export function isOfAnAccount({ strategy, timeframe }: PositionObservation): boolean {
  return strategy === undefined && timeframe === undefined
}

import type { Equation, EquationSource } from './identity.ts'
import { isBetterName, type Spelling } from './spelling.ts'

/** What a continuous word means at the time. */
export interface FrontPointer {
  readonly word: string
  readonly source: EquationSource
}

/** Words that mean one thing whatever the time: one contract, one stock, or one continuous symbol. */
export class WordGroup {
  /** The fullest of its words. */
  name: string
  readonly words = new Set<string>()
  readonly equations: Equation[] = []
  /** The month that it is, `NQZ2026`; two groups with different ones are never the same. */
  contract: string | undefined = undefined
  /** The product of that month. */
  root: string | undefined = undefined
  exchange: string | undefined = undefined
  isContinuous = false
  /** One contract, by its month or by an id. */
  isContract = false
  /** Of a continuous one, as long as somebody says so. */
  front: FrontPointer | undefined = undefined

  constructor(word: string) {
    this.name = word
    this.words.add(word)
  }

  know({ kind, ticker, exchange, root }: Spelling): void {
    if (kind === 'dated') {
      this.contract = ticker
      this.root = root
    }
    if (kind === 'continuous') this.isContinuous = true
    if (kind === 'dated' || kind === 'id') this.isContract = true
    this.exchange ??= exchange
  }

  /** A continuous one means a contract for a time; all else that is one is so for good. */
  canPointAt(other: WordGroup): boolean {
    return this.isContinuous && other.isContract && !other.isContinuous
  }

  /** Whether both are of one exchange, as far as is known. */
  isAtExchangeOf(other: WordGroup): boolean {
    return isSame(this.exchange, other.exchange)
  }

  /** Whether both are of one month and one exchange, as far as is known. */
  agreesWith(other: WordGroup): boolean {
    return isSame(this.contract, other.contract) && this.isAtExchangeOf(other)
  }

  absorb(other: WordGroup, equation: Equation): void {
    for (const word of other.words) this.words.add(word)
    this.equations.push(...other.equations, equation)
    if (isBetterName(other.name, this.name)) this.name = other.name
    this.contract ??= other.contract
    this.root ??= other.root
    this.exchange ??= other.exchange
    this.isContinuous ||= other.isContinuous
    this.isContract ||= other.isContract
    this.front ??= other.front
  }
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other
}

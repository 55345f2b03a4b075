import type { InstrumentFacts } from '../model/observation.ts'
import { ownText } from '../model/own-text.ts'
import type { EpochMicros } from '../model/time.ts'
import type { InstrumentConfig } from './config.ts'
import { CONTRACTS_BY_ROOT } from './contracts.ts'
import type { Contradiction } from './contradictions.ts'
import { type EquationSource, type Identity, isSameVoice, type Roll, wordsFrom } from './identity.ts'
import { identityOf } from './name.ts'
import { type Spelling, spellingOf } from './spelling.ts'
import { readSymbol } from './symbol.ts'
import { WireNews } from './wire-news.ts'
import type { WirePlace } from './wire-place.ts'
import type { FrontPointer, WordGroup } from './word-group.ts'
import { type GroupEvents, WordGroups } from './word-groups.ts'
import { WordIndex } from './word-index.ts'

export interface IdentitiesOptions extends Partial<GroupEvents> {
  /** Of the recording: without it a one-digit year stays open, and `NQZ6` no other spelling's contract. */
  readonly date?: EpochMicros
  /** The user's `is`. */
  readonly config?: ReadonlyMap<string, InstrumentConfig>
  /** Names that will be asked for: full ones come first, so that a bare one beside them means them from the beginning. */
  readonly names?: readonly string[]
}

/**
 * Which words mean one instrument, as far as is known. Spellings of one contract are one by themselves; a contract
 * id and a continuous symbol mean what the config or a wire says, and until then themselves. A word without an
 * exchange is the one instrument that has this ticker; with a second one it is ambiguous and goes on to mean the
 * first.
 */
export class Identities {
  readonly #date: EpochMicros | undefined
  readonly #groups = new WordGroups(word => this.#place(word))
  readonly #index = new WordIndex()
  readonly #roots = new Set<string>()
  readonly #news = new WireNews()
  /** By root, what a wire calls the front contract of it. */
  readonly #fronts = new Map<string, FrontPointer>()
  /** Words without an exchange of which somebody has said what they are. */
  readonly #decided = new Set<string>()

  constructor({ date, config = new Map(), names = [], ...events }: IdentitiesOptions = {}) {
    this.#date = date
    for (const [word, { is }] of config) {
      if (is !== undefined) this.#equate(word, identityOf(is), { kind: 'config' })
    }
    const asked = [...names, ...config.keys()]
    for (const name of asked) if (name.includes(':')) this.canonical(name)
    for (const name of asked) this.canonical(name)
    // Nothing can be kept yet.
    this.#groups.events = { ...this.#groups.events, ...events }
  }

  /** The instrument that a name means now. The name counts as met. */
  canonical(name: string): string {
    return this.#meaning(name).name
  }

  /** The instruments that a bare name could mean, where they are several. */
  candidates(name: string): readonly string[] {
    const word = identityOf(name)
    const spelling = this.#spell(word)
    if (spelling.exchange !== undefined || this.#decided.has(word)) return []
    const names = this.#index.fulls(spelling.ticker).map(full => this.canonical(full))
    const distinct = [...new Set(names)]
    return distinct.length > 1 ? distinct : []
  }

  /** Takes in what a wire says about who is who; true when it is news, also where it changes no meaning yet. */
  learn(facts: InstrumentFacts, place?: WirePlace): boolean {
    const news = this.#news.of(facts, place)
    if (news === undefined) return false
    const { symbol, front, isFront, root } = news
    const word = ownText(identityOf(facts.name))
    const wire = { kind: 'wire', place } as const
    if (root !== undefined) this.#learnRoot(root)
    if (symbol !== undefined && this.#names(word, symbol))
      this.#equate(word, symbol, { ...wire, says: 'symbol' })
    if (front !== undefined && this.#isFrontOf(word, front))
      this.#groups.point(word, front, { ...wire, says: 'front' })
    if (isFront !== undefined) this.#learnIsFront(word, isFront, { ...wire, says: 'isFront' })
    return true
  }

  /** The name that `name` means now, and all words for it. */
  identity(name: string): Identity {
    const group = this.#meaning(name)
    return { name: group.name, words: wordsFrom(group.name, this.#groups.equations(group)) }
  }

  /** In the order in which they came about. */
  rolls(): readonly Roll[] {
    return this.#groups.rolls
  }

  contradictions(): readonly Contradiction[] {
    return this.#groups.contradictions.all()
  }

  #meaning(name: string): WordGroup {
    return this.#groups.meaning(this.#groups.of(identityOf(name)))
  }

  #spell(word: string): Spelling {
    return spellingOf(word, { date: this.#date, roots: this.#roots })
  }

  /** Where a word belongs by its letters. */
  #place(word: string): void {
    const spelling = this.#spell(word)
    this.#groups.of(word).know(spelling)
    if (spelling.kind === 'decorated') return
    const match = this.#index.add(word, spelling)
    // A contract id is no share that is called by the same digits, also before a venue has named it.
    const isId = match?.kind === 'ticker' && this.#spell(match.word).kind === 'id'
    if (match !== undefined && !isId) this.#groups.unite(match.word, match.is, { kind: match.kind })
    const { root = '', position } = spelling
    const front = position === 1 ? this.#fronts.get(root) : undefined
    if (front !== undefined) this.#pointContinuous(root, front)
  }

  /** A root that is no table's, by a wire's own word: its contracts are such in every spelling. */
  #learnRoot(root: string): void {
    if (CONTRACTS_BY_ROOT.has(root) || this.#roots.has(root)) return
    this.#roots.add(root)
    for (const word of this.#groups.words()) {
      const read = readSymbol(word)
      if (read.kind === 'dated' && read.root === root) this.#place(word)
    }
  }

  /** A wire's full name for what it calls so: a contract id's, or the exchange of a bare word. */
  #names(word: string, symbol: string): boolean {
    const { kind, ticker, exchange } = this.#spell(word)
    if (kind === 'id') return true
    if (kind === 'decorated' || exchange !== undefined) return false
    // A bare word that has found another instrument already is ambiguous, and no bridge between the two.
    const full = this.#spell(symbol)
    return full.exchange !== undefined && full.ticker === ticker
  }

  /** What the venue calls the front one is what the first continuous symbol means, and no second one. */
  #isFrontOf(word: string, front: string): boolean {
    const { kind, position } = this.#spell(word)
    return kind === 'continuous' && position === 1 && readSymbol(front).kind === 'dated'
  }

  #equate(one: string, other: string, source: EquationSource): void {
    const [first, second] = [this.#groups.of(one), this.#groups.of(other)]
    if (first.canPointAt(second)) this.#groups.point(one, other, source)
    else if (second.canPointAt(first)) this.#groups.point(other, one, source)
    else this.#groups.unite(one, other, source)
    if (!one.includes(':') && this.canonical(one) === this.canonical(other)) this.#decided.add(one)
  }

  #learnIsFront(word: string, isFront: boolean, source: EquationSource): void {
    const { root, exchange } = this.#groups.of(word)
    const contract = root === undefined ? undefined : CONTRACTS_BY_ROOT.get(root)
    // Only a root of the table is known to be the same product at every venue.
    if (root === undefined || contract === undefined) return
    if ((exchange ?? contract.exchange) !== contract.exchange) return
    if (!isFront) this.#withdraw(root, word, source)
    else {
      this.#fronts.set(root, { word, source })
      this.#pointContinuous(root, { word, source })
    }
  }

  #pointContinuous(root: string, { word, source }: FrontPointer): void {
    for (const continuous of this.#continuous(root)) {
      // The product's own exchange is meant, and no other's symbol of that name.
      this.#groups.of(continuous).exchange ??= CONTRACTS_BY_ROOT.get(root)?.exchange
      this.#groups.point(continuous, word, source)
    }
  }

  #withdraw(root: string, word: string, source: EquationSource): void {
    const said = this.#fronts.get(root)
    if (said === undefined || !isSameVoice(said.source, source)) return
    if (this.#groups.of(said.word) !== this.#groups.of(word)) return
    this.#fronts.delete(root)
    for (const continuous of this.#continuous(root)) this.#groups.withdraw(continuous, said.source, source)
  }

  /** The words for the root's first continuous symbol at its own exchange. */
  #continuous(root: string): readonly string[] {
    const exchange = CONTRACTS_BY_ROOT.get(root)?.exchange ?? ''
    const ticker = `${root}1!`
    const bare = this.#index.bare(ticker)
    const isOther = bare !== undefined && (this.#groups.of(bare).exchange ?? exchange) !== exchange
    return [this.#index.full(ticker, exchange), isOther ? undefined : bare].filter(word => word !== undefined)
  }
}

import { ownText } from '../model/own-text.ts'
import { Contradictions } from './contradictions.ts'
import type { Equation, EquationSource, Roll } from './identity.ts'
import { WordGroup } from './word-group.ts'

export interface GroupEvents {
  /** What was kept under the one name is the other's, under which something may be kept already. */
  moved(from: string, to: string): void
  /** A word means another contract from now on: what was kept stays with the old one. */
  rolled(from: string, to: string): void
}

const NO_EVENTS: GroupEvents = { moved() {}, rolled() {} }

/** Words in groups that mean one thing, and continuous ones that mean another group's contract for a time. */
export class WordGroups {
  readonly contradictions = new Contradictions()
  readonly rolls: Roll[] = []
  events: GroupEvents = NO_EVENTS
  readonly #groups = new Map<string, WordGroup>()
  /** Continuous ones that mean a contract now. */
  readonly #pointing = new Set<WordGroup>()
  readonly #met: (word: string) => void

  /** `met` is told of each word that is new, as soon as it has its group. */
  constructor(met: (word: string) => void) {
    this.#met = met
  }

  /** The group that a word is in; of a new one, once `met` has found where it belongs. */
  of(word: string): WordGroup {
    const known = this.#groups.get(word)
    if (known !== undefined) return known
    const own = ownText(word)
    const group = new WordGroup(own)
    this.#groups.set(own, group)
    this.#met(own)
    return this.#groups.get(own) ?? group
  }

  /** What a word's group means now. */
  meaning(group: WordGroup): WordGroup {
    return group.front === undefined ? group : this.of(group.front.word)
  }

  words(): readonly string[] {
    return [...this.#groups.keys()]
  }

  /** What says that words mean this group, those that mean it for a time included. */
  equations(group: WordGroup): readonly Equation[] {
    const equations = [...group.equations]
    for (const { equations: own, front, name } of this.#pointing) {
      if (front === undefined || this.of(front.word) !== group) continue
      equations.push({ word: name, is: front.word, source: front.source }, ...own)
    }
    return equations
  }

  /** Two words are one for good, unless something that is known of them speaks against it. */
  unite(word: string, is: string, source: EquationSource): void {
    const [one, other] = [this.of(word), this.of(is)]
    if (one === other || !this.#mayUnite(word, is, source)) return
    const { front } = one
    const was = this.meaning(one).name
    if (front !== undefined && other.front !== undefined) this.point(is, front.word, front.source)
    const own = [one, other].filter(group => group.front === undefined).map(group => group.name)
    other.absorb(one, { word, is, source })
    for (const each of one.words) this.#groups.set(each, other)
    this.#pointing.delete(one)
    if (other.front !== undefined) this.#pointing.add(other)
    const { name } = this.meaning(other)
    for (const from of own) if (from !== name) this.events.moved(from, name)
    if (front !== undefined && was !== name) this.events.rolled(was, name)
  }

  #mayUnite(word: string, is: string, source: EquationSource): boolean {
    const [one, other] = [this.of(word), this.of(is)]
    // A bare word that means a contract is at that contract's exchange.
    if (source.kind === 'ticker') return other.isAtExchangeOf(one) && other.isAtExchangeOf(this.meaning(one))
    if (source.kind !== 'wire' || one.agreesWith(other)) return true
    const said = one.equations.find(equation => equation.word === word || equation.is === word)
    const kept = { name: this.meaning(one).name, source: said?.source ?? { kind: 'spelling' as const } }
    this.contradictions.contract(word, kept, { name: is, source })
    return false
  }

  /** A continuous word means this contract from now on, unless a stronger source says otherwise. */
  point(word: string, contract: string, source: EquationSource): void {
    const [group, target] = [this.of(word), this.of(contract)]
    if (!group.canPointAt(target)) return
    const before = group.front
    const was = this.meaning(group).name
    if (before !== undefined) {
      if (this.of(before.word) === target) return
      const after = { name: target.name, source }
      if (!this.contradictions.isRolled(word, { name: was, source: before.source }, after)) return
    }
    group.front = { word: contract, source }
    this.#pointing.add(group)
    if (before === undefined) this.events.moved(was, target.name)
    else this.#roll(group, was, target.name, source)
  }

  /** A continuous word means itself again, where what it means rests on `said`. */
  withdraw(word: string, said: EquationSource, source: EquationSource): void {
    const group = this.of(word)
    if (group.front?.source !== said) return
    const was = this.meaning(group).name
    group.front = undefined
    this.#pointing.delete(group)
    this.#roll(group, was, group.name, source)
  }

  #roll(group: WordGroup, from: string, to: string, source: EquationSource): void {
    this.rolls.push({ word: group.name, from, to, source })
    this.events.rolled(from, to)
  }
}

import { stepOf } from '../../feeds/json-socket/index.ts'
import { hasDataKeys, isList } from './map-keys.ts'
import { isRawNumber } from './packet-json.ts'
import type { FieldFacts, JsonType } from './schema-facts.ts'
import { type Stretches, StretchSum } from './stretches.ts'
import { NumberStats, TextStats } from './value-stats.ts'

const MOST_DEPTH = 16
/** Members of one list or map that are looked into: a chart page's bars are all built alike. */
const MOST_ELEMENTS = 50
/** Different keys of one object, over all packets; more than that are data. */
const MOST_KEYS = 1_000

/** What is left to one packet and to all of its kind, so that no packet and no wire fills the memory. */
export interface NodeBudget {
  /** Values of the packet. */
  values: number
  /** Nodes of the kind. */
  nodes: number
}

/** A place in the payloads of a kind, and all below it. It grows with the places that a wire has, not with packets. */
export class FieldNode {
  #seen = 0
  readonly #hits = new StretchSum()
  /** How often it was an object or array whose members have names or places of their own. */
  #records = 0
  readonly #recordStretches = new StretchSum()
  readonly #types: Partial<Record<JsonType, number>> = {}
  readonly #numbers = new NumberStats()
  readonly #texts = new TextStats()
  #lengths: { min: number; max: number } | undefined
  #isMap = false
  readonly #members = new Map<string, FieldNode>()

  /** `names`: the instruments that are known so far; an id that is one is no enum. */
  add(value: unknown, stretches: Stretches, budget: NodeBudget, depth = 0): void {
    this.#seen += 1
    this.#hits.add(stretches)
    budget.values -= 1
    const type = jsonType(value)
    this.#types[type] = (this.#types[type] ?? 0) + 1
    if (typeof value === 'string') this.#texts.add(value, stretches)
    else if (typeof value === 'number') this.#numbers.add(value)
    else if (isRawNumber(value)) this.#numbers.add(Number(value.rawJSON), value.rawJSON)
    else if (typeof value === 'object' && value !== null) this.#addMembers(value, stretches, budget, depth)
  }

  /** Itself and all below it, parents first. */
  *facts(stretches: Stretches, context: NamedFacts, path = '', parent?: FieldNode): Generator<FieldFacts> {
    const above = path === '' ? undefined : parentOf(path)
    const hasRate = parent !== undefined && !path.endsWith('*')
    yield {
      path,
      parent: above,
      seen: this.#seen,
      of: hasRate ? parent.#records : undefined,
      hits: this.#hits.result(stretches),
      trials: hasRate ? parent.#recordStretches.result(stretches) : [],
      records: this.#records,
      recordTrials: this.#recordStretches.result(stretches),
      types: this.#types,
      numbers: this.#numbers.result(),
      texts: this.#texts.result(stretches),
      lengths: this.#lengths,
      isMap: this.#isMap,
      isName: context.isName(path),
      meaning: context.meaning(path),
    }
    for (const [step, member] of this.#members) {
      yield* member.facts(stretches, context, joined(path, step), this)
    }
  }

  #addMembers(value: object, stretches: Stretches, budget: NodeBudget, depth: number): void {
    if (depth >= MOST_DEPTH) return
    const members = Object.entries(value)
    if (Array.isArray(value)) this.#addLength(value.length)
    else if (hasDataKeys(members)) this.#isMap = true
    const isData = Array.isArray(value) ? isList(value) : this.#isMap
    if (!isData) {
      this.#records += 1
      this.#recordStretches.add(stretches)
    }
    for (const [key, member] of isData ? members.slice(0, MOST_ELEMENTS) : members) {
      if (budget.values <= 0) return
      this.#member(isData ? '*' : stepOf(key), budget)?.add(member, stretches, budget, depth + 1)
    }
  }

  #member(step: string, budget: NodeBudget): FieldNode | undefined {
    const known = this.#members.get(step)
    if (known !== undefined) return known
    if (budget.nodes <= 0) return undefined
    if (this.#members.size >= MOST_KEYS && step !== '*') {
      this.#isMap = true
      return this.#member('*', budget)
    }
    budget.nodes -= 1
    const made = new FieldNode()
    this.#members.set(step, made)
    return made
  }

  #addLength(length: number): void {
    this.#lengths ??= { min: length, max: length }
    this.#lengths.min = Math.min(this.#lengths.min, length)
    this.#lengths.max = Math.max(this.#lengths.max, length)
  }
}

/** What others have found out about a path. */
export interface NamedFacts {
  isName(path: string): boolean
  meaning(path: string): readonly string[] | undefined
}

function jsonType(value: unknown): JsonType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (isRawNumber(value)) return 'number'
  const type = typeof value
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object'
}

function joined(path: string, step: string): string {
  return path === '' ? step : `${path}.${step}`
}

function parentOf(path: string): string {
  return path.replace(/(?:^|(?<!\\)\.)(?:\\.|[^.\\])*$/, '')
}

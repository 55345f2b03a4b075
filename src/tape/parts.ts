import type { Entry, Header, Seal } from './entry.ts'
import { everyEntry } from './every-entry.ts'
import type { TapeProblem } from './problems.ts'
import type { TapeReader } from './reader.ts'

/** A tape, or the parts of a rotated one, read as one. */
export type Tape = TapeReader | PartChain

/**
 * Parts of one recording that are named side by side become one source, in the order of their numbers: a shell's
 * `night*` has the first part last. Whatever else stands there stays as it is. A part that is missing between two
 * others is a problem of the chain.
 */
export function chainParts(readers: readonly TapeReader[]): readonly Tape[] {
  const chains: TapeReader[][] = []
  for (const reader of readers) {
    const chain = chains.at(-1)
    if (chain !== undefined && belongsTo(chain, reader.header)) chain.push(reader)
    else chains.push([reader])
  }
  return chains.flatMap((chain): readonly Tape[] => {
    if (chain.length === 1) return chain
    return [new PartChain(chain.toSorted((a, b) => partOf(a.header) - partOf(b.header)))]
  })
}

/** The same part twice, or one that was made from another, is a tape of its own. */
function belongsTo(chain: readonly TapeReader[], header: Header): boolean {
  return chain.every(
    ({ header: { derived, id, part } }) =>
      id === header.id && derived === undefined && header.derived === undefined && part !== header.part,
  )
}

function partOf({ part = 1 }: Header): number {
  return part
}

/** Several parts as the one tape that they are: the entries without those that only say that it goes on. */
export class PartChain {
  readonly parts: readonly TapeReader[]
  readonly header: Header
  readonly name: string
  readonly #joints: TapeProblem[] = []
  /** Connections that are open where we are. */
  readonly #open = new Set<number>()
  #index = 0
  #lastSeq = 0
  /** Where a part begins, the `open`s that resume stand. */
  #isAtJoint = false

  constructor(parts: readonly TapeReader[]) {
    const [first] = parts
    const last = parts.at(-1)
    if (first === undefined || last === undefined) throw new Error('a chain without parts')
    this.parts = parts
    this.header = first.header
    this.name = `${first.name} to ${last.name}`
  }

  /** What is wrong between the parts; what is wrong in one, it says itself. */
  get joints(): readonly TapeProblem[] {
    return this.#joints
  }

  get problems(): readonly TapeProblem[] {
    return [...this.parts.flatMap(part => part.problems), ...this.#joints]
  }

  get problemCount(): number {
    return this.parts.reduce((count, part) => count + part.problemCount, this.#joints.length)
  }

  get seal(): Seal | undefined {
    return this.parts.at(-1)?.seal
  }

  get isSealed(): boolean {
    return this.seal !== undefined
  }

  get isWhole(): boolean {
    return this.#joints.length === 0 && this.parts.every(part => part.isWhole)
  }

  next(): Entry | undefined {
    const part = this.parts[this.#index]
    for (let entry = part?.next(); entry !== undefined; entry = part?.next()) {
      if (!this.#isOldNews(entry)) return entry
    }
    return undefined
  }

  async fill(): Promise<boolean> {
    const part = this.parts[this.#index]
    if (part === undefined) return false
    if (await part.fill()) return true
    this.#lastSeq = Math.max(this.#lastSeq, part.seal?.count ?? 0)
    this.#index += 1
    this.#isAtJoint = true
    // The header's read brought entries along.
    return this.#index < this.parts.length
  }

  async close(): Promise<void> {
    for (const part of this.parts) await part.close()
  }

  [Symbol.asyncIterator](): AsyncGenerator<Entry, void, undefined> {
    return everyEntry(this)
  }

  #isOldNews(entry: Entry): boolean {
    if (this.#isAtJoint && this.#index > 0) this.#holdJoint(entry)
    this.#isAtJoint = false
    this.#lastSeq = entry.seq
    if (entry.kind === 'close') this.#open.delete(entry.conn)
    // Its chunks may follow, and a part that resumes them tells nothing new.
    if (entry.kind === 'response') this.#open.add(entry.conn)
    if (entry.kind !== 'open') return false
    const isKnown = this.#open.has(entry.conn)
    this.#open.add(entry.conn)
    return entry.resumed === true && isKnown
  }

  #holdJoint(entry: Entry): void {
    if (entry.seq === this.#lastSeq + 1) return
    const name = this.parts[this.#index]?.name ?? ''
    this.#joints.push({
      line: 2,
      byteOffset: 0,
      entry: this.#lastSeq + 1,
      what: 'parts do not follow',
      expected: `seq ${this.#lastSeq + 1} at the beginning of ${name}`,
      found: `seq ${entry.seq}`,
    })
  }
}

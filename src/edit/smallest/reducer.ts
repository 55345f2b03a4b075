/** Whether a tape of these units, by ascending number, still fails. Throws where no more may be asked. */
export type Trial = (units: readonly number[]) => Promise<boolean>

/** Units that go together, as a list of lists. */
export type Grouping = (units: readonly number[]) => readonly (readonly number[])[]

export interface ReducerOptions {
  /** The units without which this one says nothing. */
  readonly needs: (unit: number) => readonly number[]
  /** So many trials at a time; what comes out is the same. */
  readonly jobs: number
}

/**
 * Delta debugging (Zeller and Hildebrandt's ddmin) over the units of a tape. It takes away ever smaller pieces, and
 * a piece stays away when the rest still fails. What is needed by a unit that stays, stays.
 */
export class Reducer {
  /** The smallest that is known to fail. */
  left: readonly number[]
  readonly #trial: Trial
  readonly #options: ReducerOptions

  constructor(units: readonly number[], trial: Trial, options: ReducerOptions) {
    this.left = units
    this.#trial = trial
    this.#options = options
  }

  /** Tries to do without anything at all. */
  async empty(): Promise<boolean> {
    if (await this.#trial([])) this.left = []
    return this.left.length === 0
  }

  /** Halves of the groups, quarters and so on, down to each group. */
  async coarse(grouping: Grouping): Promise<void> {
    const count = grouping(this.left).length
    for (let size = Math.ceil(count / 2); size > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      await this.#pass(grouping(this.left), size)
    }
  }

  /** Each group, until none of them can go any more. */
  async fine(grouping: Grouping): Promise<void> {
    while (await this.#pass(grouping(this.left), 1));
  }

  /** The last ones first: what needs goes before what is needed. */
  async #pass(groups: readonly (readonly number[])[], size: number): Promise<boolean> {
    const pieces: Set<number>[] = []
    for (let to = groups.length; to > 0; to -= size) {
      pieces.push(new Set(groups.slice(Math.max(0, to - size), to).flat()))
    }
    let hasShrunk = false
    for (let next = 0; next < pieces.length; ) {
      const rests = pieces.slice(next, next + this.#options.jobs).map(piece => this.#without(piece))
      const first = await this.#firstFailing(rests)
      next += first === undefined ? rests.length : first + 1
      if (first === undefined) continue
      this.left = rests[first] ?? this.left
      hasShrunk = true
    }
    return hasShrunk
  }

  /** Of several at a time the first one counts, as if they had been tried one by one. */
  async #firstFailing(rests: readonly (readonly number[])[]): Promise<number | undefined> {
    const isLess = (rest: readonly number[]): boolean => rest.length < this.left.length
    const tried = await Promise.allSettled(rests.map(async rest => isLess(rest) && (await this.#trial(rest))))
    for (const [index, one] of tried.entries()) {
      if (one.status === 'rejected') throw one.reason
      if (one.value) return index
    }
    return undefined
  }

  #without(piece: ReadonlySet<number>): readonly number[] {
    const kept = new Set(this.left.filter(unit => !piece.has(unit)))
    // A set's iteration goes on into what is added meanwhile.
    for (const unit of kept) for (const needed of this.#options.needs(unit)) kept.add(needed)
    return kept.size === this.left.length ? this.left : [...kept].sort((one, other) => one - other)
  }
}
